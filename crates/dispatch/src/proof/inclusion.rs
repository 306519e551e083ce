//! That a record is one of an epoch's: the way from its leaf to the signed root.

use mira_core::hash::Sha2;
use mira_core::{Hash, merkle};

use crate::proof::epoch::{EpochClosed, Tree};
use crate::proof::routes::RouteBlock;
use crate::proof::tree::{Kind, leaf};

/// The way from a record's leaf to its epoch's root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inclusion {
    /// Of a placement record.
    Placement {
        /// The siblings from its leaf upwards.
        siblings: Vec<Hash>,
    },
    /// Of a route record.
    Route {
        /// The siblings within its block, from its leaf upwards.
        within: Vec<Hash>,
        /// How many records the block has.
        count: u32,
        /// The number of the block's first record.
        first: u64,
        /// The siblings of the block.
        siblings: Vec<Hash>,
    },
}

impl Inclusion {
    /// The proof of the placement record at `index` among the leaves of all, by input and then by name.
    pub fn placement(leaves: &[Hash], index: usize) -> Option<Self> {
        Some(Inclusion::Placement { siblings: merkle::proof::<Sha2>(leaves, index)? })
    }

    /// The proof of the route record at `index` of the block with these leaves. The block, whose first record has the
    /// number `first`, is at `block` among the leaves of all blocks.
    pub fn route(leaves: &[Hash], index: usize, first: u64, blocks: &[Hash], block: usize) -> Option<Self> {
        let within = merkle::proof::<Sha2>(leaves, index)?;
        let siblings = merkle::proof::<Sha2>(blocks, block)?;
        Some(Inclusion::Route { within, count: u32::try_from(leaves.len()).ok()?, first, siblings })
    }

    /// The kind of its record.
    pub fn kind(&self) -> Kind {
        match self {
            Inclusion::Placement { .. } => Kind::Placement,
            Inclusion::Route { .. } => Kind::Route,
        }
    }

    /// Whether the record is one of the epoch's. That the epoch is the dispatcher's, its signature says.
    pub fn holds(&self, record: &[u8], epoch: &EpochClosed) -> bool {
        let leaf = leaf(self.kind(), record);
        match self {
            Inclusion::Placement { siblings } => leads(leaf, siblings, &epoch.placements),
            Inclusion::Route { within, count, first, siblings } => {
                let root = merkle::climb::<Sha2>(leaf, within);
                let short = fits(within, u64::from(*count));
                short && leads(RouteBlock { root, count: *count }.leaf(*first), siblings, &epoch.routes)
            }
        }
    }
}

fn leads(leaf: Hash, siblings: &[Hash], tree: &Tree) -> bool {
    fits(siblings, tree.count) && merkle::climb::<Sha2>(leaf, siblings) == tree.root
}

/// A tree of so many leaves is no higher than that, so no longer way is one.
fn fits(siblings: &[Hash], count: u64) -> bool {
    let height = count.max(1).next_power_of_two().trailing_zeros();
    count > 0 && u32::try_from(siblings.len()).is_ok_and(|length| length <= height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::routes;

    fn epoch(placements: &[Hash], blocks: &[Hash], routed: u64) -> EpochClosed {
        let tree = |leaves: &[Hash]| Tree {
            root: merkle::root::<Sha2>(leaves),
            count: u64::try_from(leaves.len()).expect("few"),
        };
        let (number, hash) = (1, [0; 32]);
        let (placements, routes) = (tree(placements), tree(blocks));
        EpochClosed { number, hash, first: 1, last: 9, placements, routes, first_route: 0, routed, closed_ms: 0 }
    }

    #[test]
    fn every_placement_of_an_epoch_is_proven_and_no_other() {
        let records: Vec<Vec<u8>> = (0u8..21).map(|byte| vec![byte; 5]).collect();
        let leaves: Vec<Hash> = records.iter().map(|record| leaf(Kind::Placement, record)).collect();
        let epoch = epoch(&leaves, &[], 0);
        for (index, record) in records.iter().enumerate() {
            let proof = Inclusion::placement(&leaves, index).expect("is there");
            assert!(proof.holds(record, &epoch));
            assert!(!proof.holds(&[99; 5], &epoch));
            let Inclusion::Placement { mut siblings } = proof else { panic!("of a placement") };
            siblings.extend([[0; 32]; 5]);
            assert!(!Inclusion::Placement { siblings }.holds(record, &epoch));
        }
        assert_eq!(Inclusion::placement(&leaves, 21), None);
    }

    #[test]
    fn every_route_of_an_epoch_is_proven_and_no_other() {
        let sizes = [3usize, 1, 8, 5];
        let records: Vec<Vec<u8>> = (0u8..17).map(|byte| vec![byte; 9]).collect();
        let (mut rest, mut first, mut blocks) = (records.as_slice(), 0u64, Vec::new());
        for size in sizes {
            let (block, others) = rest.split_at(size);
            let leaves = routes::leaves(block.iter().map(Vec::as_slice));
            blocks.push((first, leaves, RouteBlock::of(block.iter().map(Vec::as_slice)).leaf(first)));
            (rest, first) = (others, first + u64::try_from(size).expect("few"));
        }
        let all: Vec<Hash> = blocks.iter().map(|(_, _, leaf)| *leaf).collect();
        let epoch = epoch(&[], &all, 17);
        for (at, (first, leaves, _)) in blocks.iter().enumerate() {
            for index in 0..leaves.len() {
                let number = usize::try_from(*first).expect("few") + index;
                let proof = Inclusion::route(leaves, index, *first, &all, at).expect("is there");
                assert!(proof.holds(&records[number], &epoch));
                assert!(!proof.holds(&records[(number + 1) % 17], &epoch), "another record in its place");
                let Inclusion::Route { within, count, first, siblings } = proof else { panic!("of a route") };
                for (count, first) in [(count + 1, first), (count, first + 1), (0, first)] {
                    let (within, siblings) = (within.clone(), siblings.clone());
                    assert!(!Inclusion::Route { within, count, first, siblings }.holds(&records[number], &epoch));
                }
                assert!(!Inclusion::Placement { siblings }.holds(&records[number], &epoch));
            }
        }
    }
}
