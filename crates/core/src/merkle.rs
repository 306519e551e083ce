//! The tree of reward leaves.
//!
//! A leaf is a provider and its lifetime amount. Leaves and inner nodes are hashed under different tags,
//! so that no inner node can be passed off as a leaf. Two children are hashed smaller first, so that a
//! proof is its siblings alone; a node without a sibling moves up as it is.

use crate::amount::Payment;
use crate::hash::Sha256;
use crate::{Hash, Key};
use alloc::vec::Vec;

/// Starts what a leaf hashes.
pub const LEAF_TAG: &[u8] = b"mira:reward-leaf:v1:";
/// Starts what an inner node hashes.
pub const NODE_TAG: &[u8] = b"mira:reward-node:v1:";

/// The hash of one leaf: tag, provider, lifetime amount as u64 little-endian.
pub fn leaf<H: Sha256>(provider: &Key, amount: Payment) -> Hash {
    H::hashv(&[LEAF_TAG, provider, &amount.get().to_le_bytes()])
}

/// The hash of an inner node: tag, the smaller child, the larger one.
pub fn node<H: Sha256>(a: &Hash, b: &Hash) -> Hash {
    if a <= b { H::hashv(&[NODE_TAG, a, b]) } else { H::hashv(&[NODE_TAG, b, a]) }
}

/// Where a proof leads from a leaf.
pub fn climb<H: Sha256>(leaf: Hash, proof: &[Hash]) -> Hash {
    proof.iter().fold(leaf, |child, sibling| node::<H>(&child, sibling))
}

/// The root over leaves in their order; 32 zero bytes over none.
pub fn root<H: Sha256>(leaves: &[Hash]) -> Hash {
    let mut level = leaves.to_vec();
    while level.len() > 1 {
        level = parents::<H>(&level);
    }
    level.first().copied().unwrap_or_default()
}

/// The siblings from the leaf at `index` up to the root, or `None` beyond the last leaf.
pub fn proof<H: Sha256>(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    leaves.get(index)?;
    let (mut level, mut at, mut proof) = (leaves.to_vec(), index, Vec::new());
    while level.len() > 1 {
        proof.extend(level.get(at ^ 1).copied());
        level = parents::<H>(&level);
        at /= 2;
    }
    Some(proof)
}

fn parents<H: Sha256>(level: &[Hash]) -> Vec<Hash> {
    let pair = |pair: &[Hash]| match pair {
        [a, b] => node::<H>(a, b),
        [alone, ..] => *alone,
        [] => Hash::default(),
    };
    level.chunks(2).map(pair).collect()
}

#[cfg(all(test, feature = "sha2"))]
mod tests {
    use super::*;
    use crate::hash::Sha2;

    fn leaves(count: u8) -> Vec<Hash> {
        (0..count).map(|byte| leaf::<Sha2>(&[byte; 32], Payment::new(u64::from(byte) * 10))).collect()
    }

    #[test]
    fn every_leaf_of_every_small_tree_has_a_proof_and_nothing_else_has() {
        for count in 1..=33 {
            let leaves = leaves(count);
            let root = root::<Sha2>(&leaves);
            for (index, leaf) in leaves.iter().enumerate() {
                let proof = proof::<Sha2>(&leaves, index).unwrap();
                assert_eq!(climb::<Sha2>(*leaf, &proof), root);
                assert!(proof.len() <= 6);
                let other = super::leaf::<Sha2>(&[200; 32], Payment::new(1));
                assert_ne!(climb::<Sha2>(other, &proof), root);
                for at in 0..proof.len() {
                    let mut bent = proof.clone();
                    bent[at][0] ^= 1;
                    assert_ne!(climb::<Sha2>(*leaf, &bent), root);
                }
            }
            assert_eq!(proof::<Sha2>(&leaves, leaves.len()), None);
        }
        assert_eq!(root::<Sha2>(&[]), [0; 32]);
    }

    #[test]
    fn an_inner_node_is_no_leaf() {
        let leaves = leaves(4);
        let inner = node::<Sha2>(&leaves[0], &leaves[1]);
        let root = root::<Sha2>(&leaves);
        assert_eq!(node::<Sha2>(&inner, &node::<Sha2>(&leaves[2], &leaves[3])), root);
        // The same bytes under the leaf's tag give another hash.
        let (provider, rest) = (leaves[0], leaves[1]);
        let amount = Payment::new(u64::from_le_bytes(rest[..8].try_into().unwrap()));
        assert_ne!(leaf::<Sha2>(&provider, amount), inner);
    }
}
