//! `claim_reward`: what the final root holds, once, split by the commission of that moment. What is no
//! proof is in `proof`.

use crate::program::support::{
    Copy, MISSING, NOT_THE_PROGRAM, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira,
};
use libtest_mimic::Trial;
use mira::{event, state};
use mira_chain::event::Event;
use mira_chain::{ix, pda};
use mira_core::Error;
use mira_core::amount::Payment;
use mira_core::epoch::Epoch;
use mira_testkit::scene::reward::{ALMOST_NOTHING, DELEGATED, FEES, OWN, REWARD, SECOND_REWARD, SETTLED, TOTAL};
use mira_testkit::world::params;
use mira_testkit::{Actor, RewardScene, Step, World};
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![
        splits_by_the_commission,
        goes_to_the_owner_where_there_is_almost_no_stake,
        is_shared_from_the_millionth_share_on,
        shares_in_tickets_do_not_count,
        goes_to_the_owner_where_there_is_no_stake,
        the_second_claim_pays_the_difference,
        a_missed_epoch_rolls_on,
        a_rise_of_the_commission_waits,
        a_fall_of_the_commission_holds_at_once,
        pays_the_account_that_the_owner_named_last,
        a_payout_that_cannot_receive_holds_nothing_up,
        a_payout_that_cannot_receive_waits_where_there_is_almost_no_stake,
        works_while_paused,
        pays_the_whole_total,
        refuses_a_leaf_twice,
        refuses_more_than_the_total,
        refuses_another_payout,
        refuses_a_provider_that_is_not_there,
        refuses_without_a_signature,
        refuses_other_accounts,
    ]
}

/// Runs a claim and gives its event.
fn claimed(world: &mut World, step: &Step) -> event::RewardClaimed {
    let receipt = world.run(step);
    let [Event::RewardClaimed(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    event.clone()
}

fn provider(world: &World, key: &Pubkey) -> state::Provider {
    world.state(key).unwrap()
}

/// The owner names another commission.
fn commission(scene: &mut RewardScene, bps: u16) {
    let RewardScene { world, owner, provider, .. } = scene;
    let args = ix::UpdateProviderArgs { commission_bps: Some(bps), ..ix::UpdateProviderArgs::default() };
    world.run(&world.update_provider(owner, provider, None, args));
}

fn splits_by_the_commission() {
    let mut scene = RewardScene::settled();
    let (before, purse) = (provider(&scene.world, &scene.provider), scene.purse(&scene.owner));
    let step = scene.claim(&scene.provider, &scene.leaves);
    let event = claimed(&mut scene.world, &step);
    // A twentieth of 700,000, and the rest.
    assert_eq!((event.amount, event.owner_amount, event.shared_amount), (REWARD, 35_000, 665_000));
    assert_eq!(scene.purse(&scene.owner), purse + 35_000);
    assert_eq!(scene.world.balance(&pda::reward_vault()), Some(TOTAL - 35_000));
    let index = (665_000_u128 << 64) / u128::from(OWN + DELEGATED);
    assert_eq!((event.reward_index_before, event.reward_index_after), (0, index));
    assert_eq!(
        (event.provider, event.provider_seq, event.actor),
        (scene.provider, before.seq + 1, scene.stranger.pubkey())
    );
    assert_eq!((event.payout, event.epoch), (scene.world.payment_purse(&scene.owner.pubkey()), 1));
    assert_eq!((event.provider_claimed_before, event.provider_claimed_after), (0, REWARD));
    assert_eq!((event.rewards_claimed_before, event.rewards_claimed_after), (0, REWARD));
    assert_eq!((event.rewards, event.rewards_paid_out_after), (pda::rewards(), 35_000));
    let after = provider(&scene.world, &scene.provider);
    assert_eq!((after.claimed, after.reward_index), (REWARD, index));
}

fn goes_to_the_owner_where_there_is_almost_no_stake() {
    let mut scene = RewardScene::settled();
    assert_eq!(provider(&scene.world, &scene.second).total_shares, u128::from(ALMOST_NOTHING));
    let purse = scene.purse(&scene.second_owner);
    let step = scene.claim(&scene.second, &scene.leaves);
    let event = claimed(&mut scene.world, &step);
    assert_eq!((event.owner_amount, event.shared_amount, event.reward_index_after), (SECOND_REWARD, 0, 0));
    assert_eq!(scene.purse(&scene.second_owner), purse + SECOND_REWARD);
}

/// Ways in which an owner, or the mint's authority, can make a payout account useless.
fn spoil(world: &mut World, payout: &Pubkey, owner: &Pubkey, way: u8) {
    let (payment, stake) = (world.payment_mint, world.stake_mint);
    match way {
        0 => world.put(*payout, solana_sdk_ids::system_program::ID, Vec::new()),
        1 => world.put_tokens(*payout, owner, stake, 0),
        // The very bytes, but of a program that is not the token program.
        2 => {
            let bytes = world.svm.get_account(payout).unwrap().data;
            world.put(*payout, Pubkey::new_from_array([7; 32]), bytes);
        }
        _ => world.put_frozen_tokens(*payout, owner, payment),
    }
}

fn a_payout_that_cannot_receive_holds_nothing_up() {
    for way in 0..4 {
        let mut scene = RewardScene::settled();
        let payout = scene.world.payment_purse(&scene.owner.pubkey());
        spoil(&mut scene.world, &payout, &scene.owner.pubkey(), way);
        let step = scene.claim(&scene.provider, &scene.leaves);
        let event = claimed(&mut scene.world, &step);
        assert_eq!((event.amount, event.owner_amount, event.shared_amount), (REWARD, 0, REWARD));
        assert_eq!(event.reward_index_after, (u128::from(REWARD) << 64) / u128::from(OWN + DELEGATED));
    }
}

fn a_payout_that_cannot_receive_waits_where_there_is_almost_no_stake() {
    let mut scene = RewardScene::settled();
    let payout = scene.world.payment_purse(&scene.second_owner.pubkey());
    spoil(&mut scene.world, &payout, &scene.second_owner.pubkey(), 0);
    let step = scene.claim(&scene.second, &scene.leaves);
    assert_eq!(scene.world.refused(&step), mira(Error::PayoutUnusable));
}

fn is_shared_from_the_millionth_share_on() {
    let mut scene = RewardScene::settled();
    let step = scene.world.stake(&scene.delegator, &scene.second, 1);
    scene.world.run(&step);
    let step = scene.claim(&scene.second, &scene.leaves);
    let event = claimed(&mut scene.world, &step);
    let owner = SECOND_REWARD / 20;
    assert_eq!((event.owner_amount, event.shared_amount), (owner, SECOND_REWARD - owner));
    assert_eq!(event.reward_index_after, (u128::from(SECOND_REWARD - owner) << 64) / 1_000_000);
}

fn shares_in_tickets_do_not_count() {
    let mut scene = RewardScene::settled();
    let RewardScene { world, delegator, second, .. } = &mut scene;
    world.run(&world.stake(delegator, second, 10_000));
    world.run(&world.request_unstake(delegator, second, 10_000));
    let step = scene.claim(&scene.second, &scene.leaves);
    let event = claimed(&mut scene.world, &step);
    assert_eq!((event.owner_amount, event.shared_amount), (SECOND_REWARD, 0));
}

fn goes_to_the_owner_where_there_is_no_stake() {
    let mut scene = RewardScene::settled();
    let RewardScene { world, second_owner, second, .. } = &mut scene;
    world.run(&world.request_unstake(second_owner, second, u128::from(ALMOST_NOTHING)));
    world.advance(params().unbonding_secs);
    world.run(&world.withdraw_stake(second_owner, second_owner, second, 0));
    let step = scene.claim(&scene.second, &scene.leaves);
    assert_eq!(claimed(&mut scene.world, &step).owner_amount, SECOND_REWARD);
}

fn the_second_claim_pays_the_difference() {
    let mut scene = RewardScene::settled();
    let first = scene.claim(&scene.provider, &scene.leaves);
    scene.world.run(&first);
    scene.earn(SETTLED + 1_000_000);
    let leaves = scene.leaves.more(&scene.provider, 8_000);
    scene.next_epoch(&leaves.epoch(2, FEES + 10_000));
    let step = scene.claim(&scene.provider, &leaves);
    let event = claimed(&mut scene.world, &step);
    assert_eq!((event.epoch, event.amount, event.owner_amount, event.shared_amount), (2, 8_000, 400, 7_600));
    assert_eq!((event.provider_claimed_before, event.provider_claimed_after), (REWARD, REWARD + 8_000));
    let rise = (7_600_u128 << 64) / u128::from(OWN + DELEGATED);
    assert_eq!(event.reward_index_after, event.reward_index_before + rise);
}

fn a_missed_epoch_rolls_on() {
    let mut scene = RewardScene::settled();
    scene.earn(SETTLED + 1_000_000);
    let leaves = scene.leaves.more(&scene.provider, 8_000);
    scene.next_epoch(&leaves.epoch(2, FEES + 10_000));
    // The first epoch's proof leads nowhere any more, and is not needed.
    let missed = scene.claim(&scene.provider, &scene.leaves);
    assert_eq!(scene.world.refused(&missed), mira(Error::InvalidProof));
    let step = scene.claim(&scene.provider, &leaves);
    assert_eq!(claimed(&mut scene.world, &step).amount, REWARD + 8_000);
}

fn a_rise_of_the_commission_waits() {
    for (waited, owner) in [(params().unbonding_secs - 1, 35_000), (params().unbonding_secs, REWARD)] {
        let mut scene = RewardScene::settled();
        commission(&mut scene, 10_000);
        scene.world.advance(waited);
        let step = scene.claim(&scene.provider, &scene.leaves);
        let event = claimed(&mut scene.world, &step);
        assert_eq!((event.owner_amount, event.shared_amount), (owner, REWARD - owner), "after {waited} seconds");
    }
}

fn a_fall_of_the_commission_holds_at_once() {
    let mut scene = RewardScene::settled();
    commission(&mut scene, 0);
    let purse = scene.purse(&scene.owner);
    let step = scene.claim(&scene.provider, &scene.leaves);
    let event = claimed(&mut scene.world, &step);
    assert_eq!((event.owner_amount, event.shared_amount), (0, REWARD));
    assert_eq!(scene.purse(&scene.owner), purse);
}

fn pays_the_account_that_the_owner_named_last() {
    let mut scene = RewardScene::settled();
    let gift = scene.world.payment_purse(&scene.stranger.pubkey());
    let RewardScene { world, owner, provider, .. } = &mut scene;
    world.run(&world.update_provider(owner, provider, Some(&gift), ix::UpdateProviderArgs::default()));
    let (purse, before) = (scene.purse(&scene.owner), scene.purse(&scene.stranger));
    let step = scene.claim(&scene.provider, &scene.leaves);
    assert_eq!(claimed(&mut scene.world, &step).payout, gift);
    assert_eq!((scene.purse(&scene.owner), scene.purse(&scene.stranger)), (purse, before + 35_000));
}

fn works_while_paused() {
    let mut scene = RewardScene::settled();
    let admin = scene.world.admin.clone();
    let pause = scene.world.set_pause(&admin, true);
    scene.world.run(&pause);
    let step = scene.claim(&scene.provider, &scene.leaves);
    scene.world.run(&step);
    let step = scene.world.claim_delegation_reward(&scene.stranger, &scene.delegator, &scene.provider);
    scene.world.run(&step);
}

fn pays_the_whole_total() {
    let mut scene = RewardScene::due();
    // The three that nobody has heard of are none of this epoch.
    scene.leaves.0.truncate(2);
    let leaves = scene.leaves.more(&scene.second, TOTAL - REWARD - SECOND_REWARD);
    scene.approve(&leaves.epoch(1, FEES));
    scene.finalize();
    for key in [scene.provider, scene.second] {
        let step = scene.claim(&key, &leaves);
        scene.world.run(&step);
    }
    assert_eq!(scene.world.state::<state::RewardState>(&pda::rewards()).unwrap().claimed, TOTAL);
}

fn refuses_a_leaf_twice() {
    let mut scene = RewardScene::settled();
    let step = scene.claim(&scene.provider, &scene.leaves);
    scene.world.run(&step);
    assert_eq!(scene.world.refused(&step), mira(Error::NothingToClaim));
    let owner = scene.world.claim_reward(&scene.owner, &scene.provider, REWARD, &scene.leaves.proof(&scene.provider));
    assert_eq!(scene.world.refused(&owner), mira(Error::NothingToClaim));
    // A majority that takes something back: less is nothing, and nothing is owed back.
    scene.leaves.0[0].1 -= 1;
    let leaves = scene.leaves.more(&scene.second, 1);
    scene.next_epoch(&leaves.epoch(2, FEES));
    let less = scene.claim(&scene.provider, &leaves);
    assert_eq!(scene.world.refused(&less), mira(Error::NothingToClaim));
}

fn refuses_more_than_the_total() {
    let mut scene = RewardScene::due();
    // A majority that lies: its leaves sum to one more than the total that it had to bound.
    let leaves = scene.leaves.more(&scene.second, 3_001);
    assert_eq!(leaves.amount(&scene.provider) + leaves.amount(&scene.second), TOTAL + 1);
    let total = Payment::new(TOTAL);
    scene.approve(&Epoch { cumulative_total: total, ..leaves.epoch(1, FEES) });
    scene.finalize();
    let step = scene.claim(&scene.provider, &leaves);
    scene.world.run(&step);
    let step = scene.claim(&scene.second, &leaves);
    assert_eq!(scene.world.refused(&step), mira(Error::ClaimExceedsTotal));
    // Others have what is theirs all the same, and the next epoch puts it right.
    let step = scene.world.claim_delegation_reward(&scene.stranger, &scene.delegator, &scene.provider);
    scene.world.run(&step);
    let mut honest = scene.leaves.clone();
    honest.0.truncate(2);
    let honest = honest.more(&scene.second, 3_000);
    scene.next_epoch(&honest.epoch(2, FEES));
    let step = scene.claim(&scene.second, &honest);
    scene.world.run(&step);
}

fn refuses_another_payout() {
    let mut scene = RewardScene::settled();
    let step = scene.claim(&scene.provider, &scene.leaves);
    let own = scene.world.payment_purse(&scene.owner.pubkey());
    for other in [&scene.stranger, &scene.second_owner].map(|actor| scene.world.payment_purse(&actor.pubkey())) {
        assert_eq!(scene.world.tampered(&step.clone().swap(&own, &other)), mira(Error::WrongAccount));
    }
    // Another provider with its own payout account: the leaf is not its own.
    let second = scene.world.payment_purse(&scene.second_owner.pubkey());
    let both = step.swap(&own, &second).swap(&scene.provider, &scene.second);
    assert_eq!(scene.world.tampered(&both), mira(Error::InvalidProof));
}

fn refuses_a_provider_that_is_not_there() {
    let mut scene = RewardScene::settled();
    let gone = pda::provider(&Actor::new("gone one").pubkey());
    let step = scene.claim(&gone, &scene.leaves);
    assert_eq!(scene.world.refused(&step), anchor(MISSING));
}

fn refuses_without_a_signature() {
    let mut scene = RewardScene::settled();
    let step = scene.claim(&scene.provider, &scene.leaves).unsigned(&scene.stranger.pubkey());
    assert_eq!(scene.world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_other_accounts() {
    let mut scene = RewardScene::settled();
    let step = scene.claim(&scene.provider, &scene.leaves);
    copies_are_refused(
        &mut scene.world,
        &step,
        [
            ("actor", Copy::Elsewhere("anyone who signs")),
            ("provider", WRONG_ADDRESS.into()),
            ("payout", Error::WrongAccount.into()),
            ("rewards", WRONG_ADDRESS.into()),
            ("reward_vault", WRONG_ADDRESS.into()),
            ("token_program", NOT_THE_PROGRAM.into()),
        ],
    );
}
