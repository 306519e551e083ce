//! Leaves, and a tree that grows by one leaf at a time.
//!
//! The tree is `mira_core::merkle`'s. Only the leaves are of this crate: tagged, and with the kind of their
//! record, so that no leaf of another tree, no inner node and no record of another kind can be one.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::hash::{Sha2, Sha256};
use mira_core::{Hash, merkle};

/// Starts what a leaf hashes.
pub const LEAF_TAG: &[u8] = b"mira:dispatch-leaf:v1:";

/// What a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// Which provider gets a lease of a job.
    Placement = 1,
    /// Which lease runs a request.
    Route = 2,
}

impl Kind {
    /// Its stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Placement => "placement",
            Kind::Route => "route",
        }
    }

    /// Reads `as_str` back.
    pub fn parse(text: &str) -> Option<Self> {
        [Kind::Placement, Kind::Route].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// The leaf of a record, in its recorded form.
pub fn leaf(kind: Kind, record: &[u8]) -> Hash {
    Sha2::hashv(&[LEAF_TAG, &[kind as u8], record])
}

/// A tree that is only appended to: its root and nothing below it that is not needed for that. A hash for
/// each bit of the number of leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Frontier {
    count: u64,
    /// Roots of full trees, the largest first.
    peaks: Vec<Hash>,
}

impl Frontier {
    /// Appends a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut node = leaf;
        for _ in 0..self.count.trailing_ones() {
            let Some(left) = self.peaks.pop() else { break };
            node = merkle::node::<Sha2>(&left, &node);
        }
        self.peaks.push(node);
        self.count = self.count.saturating_add(1);
    }

    /// How many leaves there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The root over all leaves so far, as `merkle::root` has it; zeros over none.
    pub fn root(&self) -> Hash {
        let mut smallest_first = self.peaks.iter().rev();
        let Some(last) = smallest_first.next() else { return Hash::default() };
        smallest_first.fold(*last, |right, left| merkle::node::<Sha2>(left, &right))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_into_the_tree_over_all_leaves() {
        let (mut frontier, mut leaves) = (Frontier::default(), Vec::new());
        for number in 0u32..=130 {
            assert_eq!((frontier.root(), frontier.count()), (merkle::root::<Sha2>(&leaves), u64::from(number)));
            let next = leaf(Kind::Placement, &number.to_le_bytes());
            frontier.push(next);
            leaves.push(next);
        }
        assert!(frontier.peaks.len() <= 8);
    }

    #[test]
    fn a_leaf_is_of_its_kind_and_no_reward() {
        let record = [7u8; 40];
        assert_ne!(leaf(Kind::Placement, &record), leaf(Kind::Route, &record));
        let (provider, amount) = ([7; 32], mira_core::amount::Payment::new(u64::from_le_bytes([7; 8])));
        assert_ne!(leaf(Kind::Placement, &record), merkle::leaf::<Sha2>(&provider, amount));
        assert_eq!(Kind::parse(Kind::Route.as_str()), Some(Kind::Route));
        assert_eq!(Kind::parse("input"), None);
    }
}
