//! `approve_epoch`: reward authorities alone, the last word of each, one hash, a strict majority.

use crate::program::support::{Copy, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_core::amount::{Bps, Payment};
use mira_core::epoch::Epoch;
use mira_core::hash::Sha2;
use mira_testkit::scene::reward::{FEES, TOTAL};
use mira_testkit::world::params;
use mira_testkit::{Actor, RewardScene, World};

pub fn trials() -> Vec<Trial> {
    trials![
        records_an_approval,
        a_strict_majority_makes_it_pending,
        half_is_no_majority,
        one_of_one_is_a_majority,
        the_last_word_counts,
        a_majority_is_for_one_hash,
        a_new_set_begins_anew,
        may_count_fees_that_are_not_swept_yet,
        refuses_everybody_else,
        refuses_while_one_is_pending,
        refuses_another_index,
        refuses_before_the_epoch_is_over,
        refuses_before_the_second_epoch_is_over,
        refuses_totals_beyond_their_bounds,
        refuses_totals_that_fall,
        refuses_the_same_approval_twice,
        refuses_without_a_signature,
        refuses_other_accounts,
    ]
}

fn rewards(world: &World) -> state::RewardState {
    world.state(&pda::rewards()).unwrap()
}

fn records_an_approval() {
    let mut scene = RewardScene::due();
    let first = scene.first();
    let RewardScene { world, authorities: [one, ..], .. } = &mut scene;
    let before = rewards(world).seq;
    let receipt = world.run(&world.approve_epoch(one, &first));
    let [Event::EpochApproved(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.actor, event.rewards, event.rewards_seq), (one.pubkey(), pda::rewards(), before + 1));
    assert_eq!((event.epoch.to_core(), event.digest), (first, first.digest::<Sha2>()));
    assert_eq!((event.approvals, event.pending, event.share_bps), (1, false, 0));
    assert_eq!((event.final_from, event.stale_from), (0, 0));
    let books = rewards(world);
    assert_eq!((books.approvals.len(), books.approvals[0].authority), (1, one.pubkey()));
    assert_eq!((books.pending, books.last.index), (None, 0));
}

fn a_strict_majority_makes_it_pending() {
    let mut scene = RewardScene::due();
    let first = scene.first();
    let RewardScene { world, authorities: [one, two, _], .. } = &mut scene;
    world.run(&world.approve_epoch(one, &first));
    world.advance(7);
    let receipt = world.run(&world.approve_epoch(two, &first));
    // The window begins with the majority.
    let final_from = world.now() + i64::from(params().reward.challenge_secs);
    let stale_from = final_from + i64::from(params().reward.stale_secs);
    let [Event::EpochApproved(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    let share = params().reward.share_bps.get();
    assert_eq!((event.approvals, event.pending, event.share_bps), (2, true, share));
    assert_eq!((event.final_from, event.stale_from), (final_from, stale_from));
    let pending = rewards(world).pending.unwrap();
    assert_eq!((pending.epoch.to_core(), pending.share_bps), (first, share));
    assert_eq!((pending.final_from, pending.stale_from), (final_from, stale_from));
}

fn half_is_no_majority() {
    let mut scene = RewardScene::due();
    let first = scene.first();
    let RewardScene { world, authorities: [one, two, three], .. } = &mut scene;
    let admin = world.admin.clone();
    let four = world.actor("authority four");
    let keys = [&*one, two, three, &four].map(Actor::pubkey);
    world.run(&world.set_reward_authorities(&admin, &keys));
    world.run(&world.approve_epoch(one, &first));
    world.run(&world.approve_epoch(two, &first));
    assert_eq!(rewards(world).pending, None);
    world.run(&world.approve_epoch(&four, &first));
    assert!(rewards(world).pending.is_some());
}

fn one_of_one_is_a_majority() {
    let mut scene = RewardScene::due();
    let first = scene.first();
    let RewardScene { world, authorities: [one, ..], .. } = &mut scene;
    let admin = world.admin.clone();
    world.run(&world.set_reward_authorities(&admin, &[one.pubkey()]));
    world.run(&world.approve_epoch(one, &first));
    assert!(rewards(world).pending.is_some());
}

fn the_last_word_counts() {
    let mut scene = RewardScene::due();
    let first = scene.first();
    let other = Epoch { report_hash: [1; 32], ..first };
    let RewardScene { world, authorities: [one, two, three], .. } = &mut scene;
    world.run(&world.approve_epoch(one, &first));
    world.run(&world.approve_epoch(one, &other));
    let approvals = rewards(world).approvals;
    assert_eq!((approvals.len(), approvals[0].digest), (1, other.digest::<Sha2>()));
    // The first word of authority one would make two.
    world.run(&world.approve_epoch(two, &first));
    assert_eq!(rewards(world).pending, None);
    world.run(&world.approve_epoch(three, &other));
    assert_eq!(rewards(world).pending.unwrap().epoch.to_core(), other);
}

fn a_majority_is_for_one_hash() {
    let mut scene = RewardScene::due();
    let first = scene.first();
    let others = [
        Epoch { root: [1; 32], ..first },
        Epoch { cumulative_fees: Payment::new(FEES + 1), ..first },
        Epoch { cumulative_total: Payment::new(TOTAL - 1), ..first },
        Epoch { report_hash: [1; 32], ..first },
    ];
    let RewardScene { world, authorities: [one, two, three], .. } = &mut scene;
    world.run(&world.approve_epoch(one, &first));
    for other in others {
        world.run(&world.approve_epoch(two, &other));
        assert_eq!((rewards(world).approvals.len(), rewards(world).pending), (2, None));
    }
    world.run(&world.approve_epoch(three, &first));
    assert_eq!(rewards(world).pending.unwrap().epoch.to_core(), first);
}

fn a_new_set_begins_anew() {
    let mut scene = RewardScene::due();
    let first = scene.first();
    let RewardScene { world, authorities: [one, two, three], stranger, .. } = &mut scene;
    let admin = world.admin.clone();
    world.run(&world.approve_epoch(two, &first));
    let keys = [&*two, three, stranger].map(Actor::pubkey);
    world.run(&world.set_reward_authorities(&admin, &keys));
    assert_eq!(world.refused(&world.approve_epoch(one, &first)), mira(Error::WrongSigner));
    world.run(&world.approve_epoch(stranger, &first));
    assert_eq!(rewards(world).pending, None);
    world.run(&world.approve_epoch(three, &first));
    assert!(rewards(world).pending.is_some());
}

fn may_count_fees_that_are_not_swept_yet() {
    let mut scene = RewardScene::due();
    let epoch = scene.leaves.epoch(1, FEES + 1);
    scene.approve(&epoch);
    assert_eq!(rewards(&scene.world).pending.unwrap().epoch.cumulative_fees, FEES + 1);
}

fn refuses_everybody_else() {
    let mut scene = RewardScene::due();
    let first = scene.first();
    let RewardScene { world, authorities: [one, ..], stranger, owner, .. } = &mut scene;
    // Nor the admin, who is the guardian too.
    for actor in [&*stranger, owner, &world.admin.clone()] {
        assert_eq!(world.refused(&world.approve_epoch(actor, &first)), mira(Error::WrongSigner));
    }
    let admin = world.admin.clone();
    world.run(&world.set_reward_authorities(&admin, &[]));
    assert_eq!(world.refused(&world.approve_epoch(one, &first)), mira(Error::WrongSigner));
}

fn refuses_while_one_is_pending() {
    let mut scene = RewardScene::pending();
    let first = scene.first();
    let RewardScene { world, authorities: [one, _, three], .. } = &mut scene;
    assert_eq!(world.refused(&world.approve_epoch(three, &first)), mira(Error::EpochPending));
    let other = Epoch { root: [1; 32], ..first };
    assert_eq!(world.refused(&world.approve_epoch(one, &other)), mira(Error::EpochPending));
}

fn refuses_another_index() {
    let mut scene = RewardScene::due();
    let first = scene.first();
    for index in [0, 2, u64::MAX] {
        let step = scene.world.approve_epoch(&scene.authorities[0], &Epoch { index, ..first });
        assert_eq!(scene.world.refused(&step), mira(Error::EpochWrongIndex));
    }
}

/// A network whose only authority is `one`, as old as it was made.
fn young() -> (World, Actor) {
    let mut world = World::network();
    let one = world.actor("authority one");
    let admin = world.admin.clone();
    world.run(&world.set_reward_authorities(&admin, &[one.pubkey()]));
    (world, one)
}

fn refuses_before_the_epoch_is_over() {
    let (mut world, one) = young();
    let epoch = Epoch { index: 1, root: [9; 32], ..Epoch::default() };
    world.advance(params().reward.epoch_secs - 1);
    assert_eq!(world.refused(&world.approve_epoch(&one, &epoch)), mira(Error::EpochTooEarly));
    world.advance(1);
    world.run(&world.approve_epoch(&one, &epoch));
}

fn refuses_before_the_second_epoch_is_over() {
    let mut scene = RewardScene::settled();
    let second = scene.leaves.epoch(2, FEES);
    let RewardScene { world, authorities: [one, ..], .. } = &mut scene;
    world.advance(params().reward.epoch_secs - 1);
    assert_eq!(world.refused(&world.approve_epoch(one, &second)), mira(Error::EpochTooEarly));
    world.advance(1);
    world.run(&world.approve_epoch(one, &second));
}

fn refuses_totals_beyond_their_bounds() {
    let mut scene = RewardScene::due();
    let first = scene.first();
    let RewardScene { world, authorities: [one, ..], .. } = &mut scene;
    let more = Epoch { cumulative_total: Payment::new(TOTAL + 1), ..first };
    assert_eq!(world.refused(&world.approve_epoch(one, &more)), mira(Error::EpochOutOfBounds));
    // 1,234,567 × 0.8 = 987,653.6: a fee less no longer covers the total.
    let fewer = Epoch { cumulative_fees: Payment::new(FEES - 1), ..first };
    assert_eq!(world.refused(&world.approve_epoch(one, &fewer)), mira(Error::EpochOutOfBounds));
    let all = Epoch { cumulative_fees: Payment::new(u64::MAX), cumulative_total: Payment::new(u64::MAX), ..first };
    assert_eq!(world.refused(&world.approve_epoch(one, &all)), mira(Error::EpochOutOfBounds));
    let admin = world.admin.clone();
    let mut none = params();
    none.reward.share_bps = Bps::new(0).unwrap();
    world.run(&world.update_params(&admin, &none));
    let least = Epoch { cumulative_total: Payment::new(1), ..first };
    assert_eq!(world.refused(&world.approve_epoch(one, &least)), mira(Error::EpochOutOfBounds));
    world.run(&world.approve_epoch(one, &Epoch { cumulative_total: Payment::ZERO, ..first }));
}

fn refuses_totals_that_fall() {
    let mut scene = RewardScene::settled();
    let second = scene.leaves.epoch(2, FEES);
    let RewardScene { world, authorities: [one, ..], .. } = &mut scene;
    world.advance(params().reward.epoch_secs);
    for fallen in [
        Epoch { cumulative_fees: Payment::new(FEES - 1), ..second },
        Epoch { cumulative_total: Payment::new(TOTAL - 1), ..second },
    ] {
        assert_eq!(world.refused(&world.approve_epoch(one, &fallen)), mira(Error::EpochOutOfBounds));
    }
    // Nothing new is not less.
    world.run(&world.approve_epoch(one, &second));
}

fn refuses_the_same_approval_twice() {
    let mut scene = RewardScene::due();
    let step = scene.world.approve_epoch(&scene.authorities[0], &scene.first());
    scene.world.run(&step);
    assert_eq!(scene.world.refused(&step), mira(Error::NothingChanges));
}

fn refuses_without_a_signature() {
    let mut scene = RewardScene::due();
    let authority = scene.authorities[0].clone();
    let step = scene.world.approve_epoch(&authority, &scene.first());
    assert_eq!(scene.world.tampered(&step.clone().unsigned(&authority.pubkey())), anchor(UNSIGNED));
    let stranger = scene.stranger.clone();
    assert_eq!(scene.world.tampered(&step.signed_by(&authority, &stranger)), mira(Error::WrongSigner));
}

fn refuses_other_accounts() {
    let mut scene = RewardScene::due();
    let step = scene.world.approve_epoch(&scene.authorities[0], &scene.first());
    copies_are_refused(
        &mut scene.world,
        &step,
        [
            ("authority", Copy::Elsewhere("the tests of signers")),
            ("config", WRONG_ADDRESS.into()),
            ("rewards", WRONG_ADDRESS.into()),
        ],
    );
}
