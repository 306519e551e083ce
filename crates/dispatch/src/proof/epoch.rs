//! A closed dispatch epoch: what is signed of it, and what the next one's draws derive from.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::hash::{Sha2, Sha256};
use mira_core::{Hash, Key};

/// Starts what an epoch's hash hashes.
const HASH_TAG: &[u8] = b"mira:dispatch-epoch:v1:";
/// Starts what an epoch's root hashes.
const ROOT_TAG: &[u8] = b"mira:dispatch-root:v1:";
/// Starts every message that a dispatcher signs over a root, so that no other signed message of Mira can be one.
pub const PREFIX: &[u8; 17] = b"mira:dispatch:v1:";
/// Length of the signed message.
pub const MESSAGE_LEN: usize = 49;

/// The tree over an epoch's records of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Tree {
    /// `merkle::root` over their leaves; zeros over none.
    pub root: Hash,
    /// How many there are.
    pub count: u64,
}

/// Where an engine's epochs go on from, so that the chain of them outlives an engine that begins anew. Zeros
/// for the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Anchor {
    /// The number of the epoch before.
    pub number: u64,
    /// Its root.
    pub root: Hash,
    /// The number in the log of the newest input before this engine's first.
    pub inputs: u64,
    /// Route records so far.
    pub routes: u64,
}

/// A dispatch epoch that was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct EpochClosed {
    /// Its number, from 1.
    pub number: u64,
    /// The epoch hash that was in force: its draws were seeded with it.
    pub hash: Hash,
    /// The number in the log, from 1, of the first input that belongs to it.
    pub first: u64,
    /// The number of the last one.
    pub last: u64,
    /// Placement records, by input and then by name.
    pub placements: Tree,
    /// Route records, by number.
    pub routes: Tree,
    /// The number of the first route record, from 0.
    pub first_route: u64,
    /// When it was closed, by the dispatcher's clock. Unix milliseconds.
    pub closed_ms: u64,
}

impl EpochClosed {
    /// What the dispatcher signs: all of the above but the time.
    pub fn root(&self) -> Hash {
        Sha2::hashv(&[
            ROOT_TAG,
            &self.number.to_le_bytes(),
            &self.hash,
            &self.first.to_le_bytes(),
            &self.last.to_le_bytes(),
            &self.placements.root,
            &self.placements.count.to_le_bytes(),
            &self.routes.root,
            &self.routes.count.to_le_bytes(),
            &self.first_route.to_le_bytes(),
        ])
    }

    /// How many decisions it has.
    pub fn records(&self) -> u64 {
        self.placements.count.saturating_add(self.routes.count)
    }

    /// The epoch hash that is in force after it.
    pub fn next_hash(&self) -> Hash {
        epoch_hash(&self.root(), self.number.saturating_add(1))
    }
}

/// The hash of an epoch: of the root before it, zeros for the first, and its number.
pub fn epoch_hash(previous_root: &Hash, number: u64) -> Hash {
    Sha2::hashv(&[HASH_TAG, previous_root, &number.to_le_bytes()])
}

/// The 49 bytes that a dispatcher signs over an epoch's root: the prefix, then the hash of the program, the
/// cluster's genesis hash, the dispatcher's key, the epoch's number (u64 little-endian) and the root.
pub fn message(program: &Key, cluster: &Hash, dispatcher: &Key, number: u64, root: &Hash) -> [u8; MESSAGE_LEN] {
    let digest = Sha2::hashv(&[program, cluster, dispatcher, &number.to_le_bytes(), root]);
    let mut message = [0; MESSAGE_LEN];
    let (prefix, rest) = message.split_at_mut(PREFIX.len());
    prefix.copy_from_slice(PREFIX);
    rest.copy_from_slice(&digest);
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed() -> EpochClosed {
        EpochClosed {
            number: 3,
            hash: [1; 32],
            first: 10,
            last: 20,
            placements: Tree { root: [2; 32], count: 4 },
            routes: Tree { root: [3; 32], count: 5 },
            first_route: 6,
            closed_ms: 7,
        }
    }

    #[test]
    fn the_root_is_over_everything_but_the_time() {
        let base = closed();
        assert_eq!(EpochClosed { closed_ms: 8, ..base }.root(), base.root());
        let tree = Tree { root: [9; 32], count: 4 };
        for other in [
            EpochClosed { number: 4, ..base },
            EpochClosed { hash: [9; 32], ..base },
            EpochClosed { first: 9, ..base },
            EpochClosed { last: 21, ..base },
            EpochClosed { placements: tree, ..base },
            EpochClosed { placements: Tree { count: 5, ..base.placements }, ..base },
            EpochClosed { routes: tree, ..base },
            EpochClosed { routes: Tree { count: 4, ..base.routes }, ..base },
            EpochClosed { placements: base.routes, routes: base.placements, ..base },
            EpochClosed { first_route: 7, ..base },
        ] {
            assert_ne!(other.root(), base.root(), "{other:?}");
            assert_ne!(other.next_hash(), base.next_hash(), "{other:?}");
        }
    }

    #[test]
    fn a_signature_means_one_root_of_one_dispatcher_on_one_network() {
        let base = message(&[1; 32], &[2; 32], &[3; 32], 4, &[5; 32]);
        assert!(base.starts_with(PREFIX));
        for other in [
            message(&[9; 32], &[2; 32], &[3; 32], 4, &[5; 32]),
            message(&[1; 32], &[9; 32], &[3; 32], 4, &[5; 32]),
            message(&[1; 32], &[2; 32], &[9; 32], 4, &[5; 32]),
            message(&[1; 32], &[2; 32], &[3; 32], 9, &[5; 32]),
            message(&[1; 32], &[2; 32], &[3; 32], 4, &[9; 32]),
        ] {
            assert_ne!(other, base);
        }
    }
}
