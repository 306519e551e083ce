//! Second preimages: an inner node of the tree passed off as a leaf, or a leaf as a node. Both are hashed
//! under tags of their own.

use crate::program::support::mira;
use libtest_mimic::Trial;
use mira_core::amount::Payment;
use mira_core::epoch::Epoch;
use mira_core::hash::{Sha2, Sha256};
use mira_core::{Error, Hash, merkle};
use mira_testkit::RewardScene;
use mira_testkit::scene::reward::REWARD;

pub fn trials() -> Vec<Trial> {
    trials![refuses_a_node_as_leaf, refuses_an_untagged_leaf, refuses_a_node_of_the_real_tree, refuses_a_leaf_as_root]
}

/// An epoch of that root is final; a claim of the whole reward by that proof.
fn claimed(root: Hash, proof: &[Hash]) -> Result<(), mira_testkit::Refusal> {
    let mut scene = RewardScene::due();
    scene.approve(&Epoch { root, ..scene.first() });
    scene.finalize();
    let step = scene.world.claim_reward(&scene.stranger, &scene.provider, REWARD, proof);
    scene.world.agree(&step)
}

/// What a leaf of the provider hashes, behind a tag.
fn hashed(tag: &[u8]) -> Hash {
    let scene = RewardScene::due();
    Sha2::hashv(&[tag, &scene.provider.to_bytes(), &REWARD.to_le_bytes()])
}

/// The very bytes of the provider's leaf, hashed as a node of a tree that somebody had approved.
fn refuses_a_node_as_leaf() {
    let (node, leaf, sibling) = (hashed(merkle::NODE_TAG), hashed(merkle::LEAF_TAG), [0xff; 32]);
    let refused = Err(mira(Error::InvalidProof));
    assert_eq!(claimed(node, &[]), refused);
    assert_eq!(claimed(merkle::node::<Sha2>(&node, &sibling), &[sibling]), refused);
    assert_eq!(claimed(leaf, &[]), Ok(()));
    assert_eq!(claimed(merkle::node::<Sha2>(&leaf, &sibling), &[sibling]), Ok(()));
}

fn refuses_an_untagged_leaf() {
    assert_eq!(claimed(hashed(&[]), &[]), Err(mira(Error::InvalidProof)));
    let twice = Sha2::hashv(&[&hashed(merkle::LEAF_TAG)]);
    assert_eq!(claimed(twice, &[]), Err(mira(Error::InvalidProof)));
    assert_eq!(claimed(hashed(merkle::LEAF_TAG), &[]), Ok(()));
}

/// The honest tree's inner nodes, each read as the provider and amount that its first bytes would be, with
/// the proof that leads from that node on.
fn refuses_a_node_of_the_real_tree() {
    let mut scene = RewardScene::settled();
    let proof = scene.leaves.proof(&scene.provider);
    let mut node = merkle::leaf::<Sha2>(&scene.provider.to_bytes(), Payment::new(REWARD));
    for level in 0..proof.len() {
        let (smaller, larger) = if node <= proof[level] { (node, proof[level]) } else { (proof[level], node) };
        let amounts = [larger, smaller].map(|child| u64::from_le_bytes(child[..8].try_into().unwrap()));
        for amount in amounts {
            let step = scene.world.claim_reward(&scene.stranger, &scene.provider, amount, &proof[level + 1..]);
            assert_eq!(scene.world.refused(&step), mira(Error::InvalidProof), "level {level}");
        }
        node = merkle::node::<Sha2>(&smaller, &larger);
    }
    assert_eq!(node, scene.first().root);
    let step = scene.claim(&scene.provider, &scene.leaves);
    scene.world.run(&step);
}

/// With no proof at all, or with nothing but the root.
fn refuses_a_leaf_as_root() {
    let mut scene = RewardScene::settled();
    let root = scene.first().root;
    for proof in [vec![], vec![root], vec![root, root]] {
        let step = scene.world.claim_reward(&scene.stranger, &scene.provider, REWARD, &proof);
        assert_eq!(scene.world.refused(&step), mira(Error::InvalidProof));
    }
    let step = scene.claim(&scene.provider, &scene.leaves);
    scene.world.run(&step);
}
