//! `claim_reward`'s proof: from this provider and this amount to the final root, or nothing; and how
//! large a tree still fits.

use crate::program::support::mira;
use anchor_lang::AccountSerialize;
use libtest_mimic::Trial;
use mira::state;
use mira_chain::{ix, pda};
use mira_core::amount::Payment;
use mira_core::epoch::Epoch;
use mira_core::hash::{Sha2, Sha256};
use mira_core::{Error, Hash, merkle};
use mira_testkit::RewardScene;
use mira_testkit::scene::reward::{REWARD, SECOND_REWARD};
use mira_testkit::world::params;
use solana_sdk::message::Message;

pub fn trials() -> Vec<Trial> {
    trials![
        refuses_another_amount,
        refuses_another_provider,
        refuses_a_bent_proof,
        refuses_an_inner_node_as_leaf,
        refuses_before_the_first_epoch,
        refuses_an_epoch_that_is_not_final,
        a_lone_leaf_is_its_own_root,
        a_million_leaves_fit_one_signature,
    ]
}

/// Claims for the provider with whatever proof; it must be refused.
fn refused(scene: &mut RewardScene, lifetime: u64, proof: &[Hash]) {
    let step = scene.world.claim_reward(&scene.stranger, &scene.provider, lifetime, proof);
    assert_eq!(scene.world.refused(&step), mira(Error::InvalidProof), "{lifetime} by {proof:?}");
}

/// Makes an epoch of this root final.
fn finalized(scene: &mut RewardScene, root: Hash) {
    scene.approve(&Epoch { root, ..scene.first() });
    scene.finalize();
}

fn leaf(scene: &RewardScene) -> Hash {
    merkle::leaf::<Sha2>(&scene.provider.to_bytes(), Payment::new(REWARD))
}

fn refuses_another_amount() {
    let mut scene = RewardScene::settled();
    let proof = scene.leaves.proof(&scene.provider);
    for lifetime in [0, 1, REWARD - 1, REWARD + 1, SECOND_REWARD, u64::MAX] {
        refused(&mut scene, lifetime, &proof);
    }
}

fn refuses_another_provider() {
    let mut scene = RewardScene::settled();
    // The second provider's leaf, claimed for the first.
    let proof = scene.leaves.proof(&scene.second);
    refused(&mut scene, SECOND_REWARD, &proof);
    // The first one's leaf by its own proof, claimed for the second.
    let proof = scene.leaves.proof(&scene.provider);
    let step = scene.world.claim_reward(&scene.stranger, &scene.second, REWARD, &proof);
    assert_eq!(scene.world.refused(&step), mira(Error::InvalidProof));
}

fn refuses_a_bent_proof() {
    let mut scene = RewardScene::settled();
    let proof = scene.leaves.proof(&scene.provider);
    assert_eq!(proof.len(), 3);
    for at in 0..proof.len() {
        let mut bent = proof.clone();
        bent[at][31] ^= 0x80;
        refused(&mut scene, REWARD, &bent);
        let mut left_out = proof.clone();
        left_out.remove(at);
        refused(&mut scene, REWARD, &left_out);
    }
    let other_way: Vec<Hash> = proof.iter().rev().copied().collect();
    refused(&mut scene, REWARD, &other_way);
    let root = scene.first().root;
    for longer in [[proof.as_slice(), &[root]].concat(), [&[root], proof.as_slice()].concat(), vec![], vec![root]] {
        refused(&mut scene, REWARD, &longer);
    }
}

fn refuses_an_inner_node_as_leaf() {
    // The very bytes of a leaf, hashed as an inner node: were the tags one, it would be the leaf.
    let mut scene = RewardScene::due();
    let (key, amount) = (scene.provider.to_bytes(), REWARD.to_le_bytes());
    let node = Sha2::hashv(&[merkle::NODE_TAG, &key, &amount]);
    finalized(&mut scene, node);
    refused(&mut scene, REWARD, &[]);
    // One level higher, with a proof.
    let mut scene = RewardScene::due();
    let sibling = [0xff; 32];
    finalized(&mut scene, merkle::node::<Sha2>(&node, &sibling));
    refused(&mut scene, REWARD, &[sibling]);
}

fn refuses_before_the_first_epoch() {
    let mut scene = RewardScene::due();
    refused(&mut scene, REWARD, &[]);
    let proof = scene.leaves.proof(&scene.provider);
    refused(&mut scene, REWARD, &proof);
    // Even if the root of no epoch were one that a proof leads to, which only a broken hash could do.
    let root = leaf(&scene);
    let world = &mut scene.world;
    let mut books: state::RewardState = world.state(&pda::rewards()).unwrap();
    books.last.root = root;
    let mut data = Vec::new();
    books.try_serialize(&mut data).unwrap();
    data.resize(state::RewardState::SPACE, 0);
    world.put(pda::rewards(), mira::ID, data);
    world.model.rewards.books = books.to_core().unwrap();
    refused(&mut scene, REWARD, &[]);
}

fn refuses_an_epoch_that_is_not_final() {
    let mut scene = RewardScene::pending();
    let proof = scene.leaves.proof(&scene.provider);
    scene.world.advance(params().reward.challenge_secs);
    refused(&mut scene, REWARD, &proof);
    let step = scene.world.finalize_epoch(&scene.stranger);
    scene.world.run(&step);
    let step = scene.claim(&scene.provider, &scene.leaves);
    scene.world.run(&step);
}

fn a_lone_leaf_is_its_own_root() {
    let mut scene = RewardScene::due();
    let root = leaf(&scene);
    finalized(&mut scene, root);
    let step = scene.world.claim_reward(&scene.stranger, &scene.provider, REWARD, &[]);
    scene.world.run(&step);
}

/// Bytes of a claim's transaction that `actor` alone signs and pays for, by the wire format.
fn wire_bytes(scene: &RewardScene, proof: &[Hash]) -> usize {
    let (actor, lifetime) = (scene.stranger.pubkey(), Payment::new(REWARD));
    let payout = scene.world.payment_purse(&scene.owner.pubkey());
    let claim = ix::claim_reward(&actor, &scene.provider, &payout, lifetime, proof);
    let message = Message::new(&[claim], Some(&actor));
    assert_eq!(message.header.num_required_signatures, 1);
    // The number of signatures, one signature, the message.
    1 + 64 + message.serialize().len()
}

/// The design's most for a claim at 2^20 leaves, in compute units.
const BUDGET: u64 = 40_000;

fn a_million_leaves_fit_one_signature() {
    let mut scene = RewardScene::due();
    let siblings: Vec<Hash> = (0..20_u8).map(|level| Sha2::hashv(&[b"sibling", &[level]])).collect();
    let root = merkle::climb::<Sha2>(leaf(&scene), &siblings);
    finalized(&mut scene, root);
    // Of a packet's 1,232: what is left has room for a priority fee.
    assert_eq!(wire_bytes(&scene, &siblings), 1_030);
    let step = scene.world.claim_reward(&scene.stranger, &scene.provider, REWARD, &siblings);
    let receipt = scene.world.run(&step);
    let used = receipt.compute_units;
    println!("claim_reward at 2^20 leaves: {used} compute units");
    assert!(used <= BUDGET, "{used} compute units, budget {BUDGET}");
}
