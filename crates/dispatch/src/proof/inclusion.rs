//! That a record is one of an epoch's: the way from its leaf to the signed root.

use mira_core::hash::Sha2;
use mira_core::{Hash, merkle};

use crate::proof::epoch::EpochClosed;
use crate::proof::tree::{Kind, leaf};

/// The way from a record's leaf to the root over its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    /// The kind of its record.
    pub kind: Kind,
    /// The siblings from its leaf upwards.
    pub siblings: Vec<Hash>,
}

impl Inclusion {
    /// The proof of the record at `index` among the leaves of all of its kind: placements by input and then by name,
    /// routes by number.
    pub fn prove(kind: Kind, leaves: &[Hash], index: usize) -> Option<Self> {
        Some(Inclusion { kind, siblings: merkle::proof::<Sha2>(leaves, index)? })
    }

    /// Whether the record is one of the epoch's. That the epoch is the dispatcher's, its signature says.
    pub fn holds(&self, record: &[u8], epoch: &EpochClosed) -> bool {
        let tree = match self.kind {
            Kind::Placement => epoch.placements,
            Kind::Route => epoch.routes,
        };
        // A tree of so many leaves is no higher than that, so no longer way is one.
        let height = tree.count.max(1).next_power_of_two().trailing_zeros();
        let fits = tree.count > 0 && u32::try_from(self.siblings.len()).is_ok_and(|length| length <= height);
        fits && merkle::climb::<Sha2>(leaf(self.kind, record), &self.siblings) == tree.root
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::epoch::Tree;

    fn epoch(kind: Kind, leaves: &[Hash]) -> EpochClosed {
        let tree = Tree { root: merkle::root::<Sha2>(leaves), count: u64::try_from(leaves.len()).expect("few") };
        let (placements, routes) = match kind {
            Kind::Placement => (tree, Tree::default()),
            Kind::Route => (Tree::default(), tree),
        };
        let (number, hash) = (1, [0; 32]);
        EpochClosed { number, hash, first: 1, last: 9, placements, routes, first_route: 0, closed_ms: 0 }
    }

    #[test]
    fn every_record_of_an_epoch_is_proven_and_no_other() {
        for (kind, other) in [(Kind::Placement, Kind::Route), (Kind::Route, Kind::Placement)] {
            let records: Vec<Vec<u8>> = (0u8..21).map(|byte| vec![byte; 5]).collect();
            let leaves: Vec<Hash> = records.iter().map(|record| leaf(kind, record)).collect();
            let epoch = epoch(kind, &leaves);
            for (index, record) in records.iter().enumerate() {
                let proof = Inclusion::prove(kind, &leaves, index).expect("is there");
                assert!(proof.holds(record, &epoch));
                assert!(!proof.holds(&[99; 5], &epoch));
                assert!(!Inclusion { kind: other, ..proof.clone() }.holds(record, &epoch), "of the other kind");
                let mut longer = proof;
                longer.siblings.extend([[0; 32]; 5]);
                assert!(!longer.holds(record, &epoch));
            }
            assert_eq!(Inclusion::prove(kind, &leaves, 21), None);
        }
    }
}
