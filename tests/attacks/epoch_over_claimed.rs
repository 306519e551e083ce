//! A majority that gives away more than there is: more than the share of the fees, fees that nobody swept,
//! totals that fall, leaves whose sum is more than the total.

use crate::program::support::mira;
use libtest_mimic::Trial;
use mira_chain::pda;
use mira_core::Error;
use mira_core::amount::Payment;
use mira_core::epoch::Epoch;
use mira_testkit::RewardScene;
use mira_testkit::scene::reward::{FEES, SETTLED, TOTAL};
use mira_testkit::world::params;

pub fn trials() -> Vec<Trial> {
    trials![
        refuses_more_than_the_share,
        refuses_fees_that_are_not_there,
        refuses_to_take_back,
        refuses_leaves_beyond_the_total,
        the_treasurys_part_is_out_of_reach,
    ]
}

/// Not even by one base unit.
fn refuses_more_than_the_share() {
    let mut scene = RewardScene::due();
    let more = Epoch { cumulative_total: Payment::new(TOTAL + 1), ..scene.first() };
    for authority in scene.authorities.clone() {
        let step = scene.world.approve_epoch(&authority, &more);
        assert_eq!(scene.world.refused(&step), mira(Error::EpochOutOfBounds));
    }
    scene.approve(&scene.first());
}

fn refuses_fees_that_are_not_there() {
    let mut scene = RewardScene::due();
    scene.approve(&scene.leaves.epoch(1, FEES + 1));
    scene.world.advance(params().reward.challenge_secs);
    let step = scene.world.finalize_epoch(&scene.stranger);
    assert_eq!(scene.world.refused(&step), mira(Error::EpochFeesNotSwept));
    // One more that somebody paid: now it is there.
    scene.earn(SETTLED + 100);
    scene.world.run(&step);
}

/// Lower totals would let a later epoch give the same fees away again.
fn refuses_to_take_back() {
    let mut scene = RewardScene::settled();
    let second = Epoch { index: 2, ..scene.first() };
    scene.world.advance(params().reward.epoch_secs);
    let less = [
        Epoch { cumulative_fees: Payment::new(FEES - 1), ..second },
        Epoch { cumulative_total: Payment::new(TOTAL - 1), ..second },
        Epoch { cumulative_fees: Payment::ZERO, cumulative_total: Payment::ZERO, ..second },
    ];
    for epoch in less {
        let step = scene.world.approve_epoch(&scene.authorities[0], &epoch);
        assert_eq!(scene.world.refused(&step), mira(Error::EpochOutOfBounds));
    }
    scene.approve(&second);
}

/// The last to claim finds nothing; what others have claimed and what is the treasury's stays.
fn refuses_leaves_beyond_the_total() {
    let mut scene = RewardScene::due();
    let leaves = scene.leaves.more(&scene.second, TOTAL);
    scene.approve(&Epoch { cumulative_total: Payment::new(TOTAL), ..leaves.epoch(1, FEES) });
    scene.finalize();
    let greedy = scene.claim(&scene.second, &leaves);
    assert_eq!(scene.world.refused(&greedy), mira(Error::ClaimExceedsTotal));
    let honest = scene.claim(&scene.provider, &leaves);
    scene.world.run(&honest);
    assert_eq!(scene.world.refused(&greedy), mira(Error::ClaimExceedsTotal));
    // The next epoch puts the leaf right.
    scene.next_epoch(&Epoch { index: 2, ..scene.first() });
    let right = scene.claim(&scene.second, &scene.leaves);
    scene.world.run(&right);
}

/// All rewards are claimed; what is left in the vaults is the treasury's, and nobody's claim.
fn the_treasurys_part_is_out_of_reach() {
    let mut scene = RewardScene::due();
    scene.leaves.0.truncate(1);
    scene.leaves.0[0].1 = TOTAL;
    let leaves = scene.leaves.clone();
    scene.approve(&leaves.epoch(1, FEES));
    scene.finalize();
    let claim = scene.claim(&scene.provider, &leaves);
    scene.world.run(&claim);
    let RewardScene { world, owner, delegator, stranger, provider, .. } = &mut scene;
    for staker in [&*owner, delegator] {
        world.run(&world.claim_delegation_reward(stranger, staker, provider));
    }
    assert_eq!(world.balance(&pda::treasury()), Some(FEES - TOTAL));
    // What the index rounded away stays in the reward vault.
    assert!(world.balance(&pda::reward_vault()).unwrap() <= 2);
    assert_eq!(world.refused(&claim), mira(Error::NothingToClaim));
    let more = leaves.more(provider, 1);
    let beyond = scene.claim(&scene.provider, &more);
    assert_eq!(scene.world.refused(&beyond), mira(Error::InvalidProof));
}
