//! `finalize_epoch`: by anyone after the window, never beyond what was swept; the rest to the treasury.

use crate::program::support::{Copy, NOT_THE_PROGRAM, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_core::amount::{Bps, Payment};
use mira_core::epoch::Epoch;
use mira_core::ledger::Vault;
use mira_testkit::scene::reward::{FEES, SETTLED, TOTAL};
use mira_testkit::world::params;
use mira_testkit::{RewardScene, World};

pub fn trials() -> Vec<Trial> {
    trials![
        moves_what_the_rewards_leave_to_the_treasury,
        the_second_epoch_moves_only_its_own,
        an_epoch_without_rewards_goes_to_the_treasury,
        an_epoch_without_fees_moves_nothing,
        counts_no_more_than_was_swept,
        counts_less_than_was_swept,
        gifts_are_not_fees,
        the_share_is_fixed_at_the_majority,
        a_lower_share_stops_what_has_no_majority,
        works_when_it_is_stale,
        refuses_inside_the_window,
        refuses_when_nothing_is_pending,
        refuses_a_cancelled_epoch,
        refuses_without_a_signature,
        refuses_other_accounts,
    ]
}

fn rewards(world: &World) -> state::RewardState {
    world.state(&pda::rewards()).unwrap()
}

fn treasury(world: &World) -> u64 {
    world.balance(&pda::treasury()).unwrap()
}

/// The admin changes the reward share.
fn share(world: &mut World, bps: u16) {
    let admin = world.admin.clone();
    let mut changed = params();
    changed.reward.share_bps = Bps::new(bps).unwrap();
    world.run(&world.update_params(&admin, &changed));
}

fn moves_what_the_rewards_leave_to_the_treasury() {
    let mut scene = RewardScene::pending();
    let first = scene.first();
    let RewardScene { world, stranger, .. } = &mut scene;
    world.advance(params().reward.challenge_secs);
    let before = rewards(world);
    let receipt = world.run(&world.finalize_epoch(stranger));
    assert_eq!((treasury(world), world.balance(&pda::reward_vault())), (FEES - TOTAL, Some(TOTAL)));
    let [Event::EpochFinalized(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.rewards, event.rewards_seq, event.actor), (pda::rewards(), before.seq + 1, stranger.pubkey()));
    assert_eq!((event.epoch.to_core(), event.last_at), (first, world.now()));
    assert_eq!((event.fees_before, event.total_before), (0, 0));
    assert_eq!((event.to_treasury, event.to_treasury_before), (FEES - TOTAL, 0));
    assert_eq!(event.to_treasury_after, FEES - TOTAL);
    let after = rewards(world);
    assert_eq!((after.last.to_core(), after.last_at), (first, world.now()));
    assert_eq!((after.pending, after.approvals, after.to_treasury), (None, vec![], FEES - TOTAL));
}

fn the_second_epoch_moves_only_its_own() {
    let mut scene = RewardScene::settled();
    // One in a hundred of a million more, to the unit: the first fee was rounded up.
    scene.earn(SETTLED + 1_000_000);
    let second = scene.leaves.more(&scene.provider, 5_000).epoch(2, FEES + 10_000);
    scene.next_epoch(&second);
    let [.., Event::EpochFinalized(event)] = scene.world.events.as_slice() else { panic!("not final") };
    assert_eq!((event.fees_before, event.total_before, event.to_treasury), (FEES, TOTAL, 5_000));
    assert_eq!((event.to_treasury_before, event.to_treasury_after), (FEES - TOTAL, FEES - TOTAL + 5_000));
    assert_eq!(treasury(&scene.world), FEES - TOTAL + 5_000);
    assert_eq!(scene.world.balance(&pda::reward_vault()), Some(TOTAL + 5_000));
}

fn an_epoch_without_rewards_goes_to_the_treasury() {
    let mut scene = RewardScene::due();
    scene.approve(&Epoch { index: 1, cumulative_fees: Payment::new(FEES), ..Epoch::default() });
    scene.finalize();
    assert_eq!((treasury(&scene.world), scene.world.balance(&pda::reward_vault())), (FEES, Some(0)));
}

fn an_epoch_without_fees_moves_nothing() {
    let mut scene = RewardScene::settled();
    let second = scene.leaves.epoch(2, FEES);
    scene.next_epoch(&second);
    assert_eq!((treasury(&scene.world), rewards(&scene.world).last.index), (FEES - TOTAL, 2));
}

fn counts_no_more_than_was_swept() {
    let mut scene = RewardScene::due();
    scene.approve(&scene.leaves.epoch(1, FEES + 1));
    scene.world.advance(params().reward.challenge_secs);
    let step = scene.world.finalize_epoch(&scene.stranger);
    assert_eq!(scene.world.refused(&step), mira(Error::EpochFeesNotSwept));
    // A hundred more, a fee of one more, swept: now it may.
    scene.earn(SETTLED + 100);
    scene.world.run(&step);
    assert_eq!(treasury(&scene.world), FEES + 1 - TOTAL);
}

fn counts_less_than_was_swept() {
    let mut scene = RewardScene::due();
    let half = Epoch { cumulative_fees: Payment::new(1_000), cumulative_total: Payment::new(800), ..scene.first() };
    scene.approve(&half);
    scene.finalize();
    assert_eq!((treasury(&scene.world), scene.world.balance(&pda::reward_vault())), (200, Some(FEES - 200)));
    scene.next_epoch(&scene.leaves.epoch(2, FEES));
    assert_eq!(treasury(&scene.world), FEES - TOTAL);
}

fn gifts_are_not_fees() {
    let mut scene = RewardScene::due();
    scene.approve(&scene.leaves.epoch(1, FEES + 1));
    scene.world.advance(params().reward.challenge_secs);
    scene.world.donate(Vault::Rewards, 1_000);
    scene.world.donate(Vault::Treasury, 1_000);
    let step = scene.world.finalize_epoch(&scene.stranger);
    assert_eq!(scene.world.refused(&step), mira(Error::EpochFeesNotSwept));
}

fn the_share_is_fixed_at_the_majority() {
    let mut scene = RewardScene::pending();
    share(&mut scene.world, 1);
    scene.finalize();
    assert_eq!(treasury(&scene.world), FEES - TOTAL);
    // The next epoch has the new share: of 10,000 one.
    scene.earn(SETTLED + 1_000_000);
    scene.world.advance(params().reward.epoch_secs);
    let [one, least] = [2, 1].map(|more| scene.leaves.more(&scene.provider, more).epoch(2, FEES + 10_000));
    let step = scene.world.approve_epoch(&scene.authorities[0], &one);
    assert_eq!(scene.world.refused(&step), mira(Error::EpochOutOfBounds));
    scene.approve(&least);
}

fn a_lower_share_stops_what_has_no_majority() {
    let mut scene = RewardScene::due();
    let first = scene.first();
    let RewardScene { world, authorities: [one, two, _], .. } = &mut scene;
    world.run(&world.approve_epoch(one, &first));
    share(world, params().reward.share_bps.get() - 1);
    assert_eq!(world.refused(&world.approve_epoch(two, &first)), mira(Error::EpochOutOfBounds));
    share(world, params().reward.share_bps.get());
    world.run(&world.approve_epoch(two, &first));
}

fn works_when_it_is_stale() {
    let mut scene = RewardScene::pending();
    scene.world.advance(params().reward.stale_secs + 1);
    scene.finalize();
}

fn refuses_inside_the_window() {
    let mut scene = RewardScene::pending();
    scene.world.advance(params().reward.challenge_secs - 1);
    let step = scene.world.finalize_epoch(&scene.stranger);
    assert_eq!(scene.world.refused(&step), mira(Error::EpochWindowOpen));
    scene.world.advance(1);
    scene.world.run(&step);
}

fn refuses_when_nothing_is_pending() {
    let mut scene = RewardScene::due();
    let first = scene.first();
    let RewardScene { world, authorities: [one, ..], stranger, .. } = &mut scene;
    let step = world.finalize_epoch(stranger);
    assert_eq!(world.refused(&step), mira(Error::EpochNotPending));
    world.run(&world.approve_epoch(one, &first));
    world.advance(params().reward.challenge_secs);
    assert_eq!(world.refused(&step), mira(Error::EpochNotPending));
    let mut scene = RewardScene::settled();
    assert_eq!(scene.world.refused(&step), mira(Error::EpochNotPending));
}

fn refuses_a_cancelled_epoch() {
    let mut scene = RewardScene::pending();
    let RewardScene { world, stranger, .. } = &mut scene;
    let guardian = world.admin.clone();
    world.run(&world.cancel_epoch(&guardian));
    world.advance(params().reward.challenge_secs);
    assert_eq!(world.refused(&world.finalize_epoch(stranger)), mira(Error::EpochNotPending));
}

fn refuses_without_a_signature() {
    let mut scene = RewardScene::pending();
    scene.world.advance(params().reward.challenge_secs);
    let step = scene.world.finalize_epoch(&scene.stranger).unsigned(&scene.stranger.pubkey());
    assert_eq!(scene.world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_other_accounts() {
    let mut scene = RewardScene::pending();
    scene.world.advance(params().reward.challenge_secs);
    let step = scene.world.finalize_epoch(&scene.stranger);
    copies_are_refused(
        &mut scene.world,
        &step,
        [
            ("actor", Copy::Elsewhere("anyone who signs")),
            ("config", WRONG_ADDRESS.into()),
            ("rewards", WRONG_ADDRESS.into()),
            ("reward_vault", WRONG_ADDRESS.into()),
            ("treasury", WRONG_ADDRESS.into()),
            ("token_program", NOT_THE_PROGRAM.into()),
        ],
    );
}
