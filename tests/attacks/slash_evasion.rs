//! Leaving before the slash: exposure is held until the lease ends, tickets back nothing and stay slashable,
//! and a dispute keeps the lease from ending.

use super::support::let_end;
use crate::program::support::mira;
use libtest_mimic::Trial;
use mira::state;
use mira_chain::ix;
use mira_core::Error;
use mira_core::dispute::DisputeKind;
use mira_testkit::scene::dispute::{EVIDENCE, delegator};
use mira_testkit::scene::{CAP, STAKED};
use mira_testkit::step::lease_terms;
use mira_testkit::world::params;
use mira_testkit::{Scene, Step};

pub fn trials() -> Vec<Trial> {
    trials![
        refuses_to_unstake_below_the_minimum,
        refuses_a_matured_ticket_that_covers_a_lease,
        refuses_a_lease_that_only_a_ticket_would_back,
        refuses_to_end_before_the_dispute,
        tickets_are_slashed_with_the_pool,
        a_new_face_does_not_leave_jail,
    ]
}

/// With an open lease an owner keeps 1,000 of its own; without one it takes all of it.
fn refuses_to_unstake_below_the_minimum() {
    let all = u128::from(STAKED);
    for (shares, expected) in [(all, Err(mira(Error::OwnStakeBelowMinimum))), (all - 1_000, Ok(()))] {
        let mut scene = Scene::lease();
        let step = scene.world.request_unstake(&scene.owner, &scene.provider, shares);
        assert_eq!(scene.world.agree(&step), expected);
    }
    let mut scene = Scene::lease();
    let_end(&mut scene);
    let Scene { world, owner, stranger, lease, provider, .. } = &mut scene;
    world.run(&world.end_lease(stranger, lease));
    world.run(&world.request_unstake(owner, provider, all));
}

/// Requested in time, matured in time: what the lease exposes stays all the same, until it ends.
fn refuses_a_matured_ticket_that_covers_a_lease() {
    let mut scene = Scene::lease_backed_by(1_000, STAKED);
    let staker = delegator();
    let Scene { world, stranger, lease, provider, .. } = &mut scene;
    world.run(&world.request_unstake(&staker, provider, u128::from(STAKED)));
    world.advance(params().unbonding_secs);
    // 101,000 minus 100,000 do not cover the exposure of 10,000.
    let withdraw = world.withdraw_stake(&staker, &staker, provider, 0);
    assert_eq!(world.refused(&withdraw), mira(Error::ExposureExceedsStake));
    world.run(&world.release_lease(stranger, lease));
    assert_eq!(world.refused(&withdraw), mira(Error::ExposureExceedsStake));
    world.run(&world.end_lease(stranger, lease));
    world.run(&withdraw);
}

fn refuses_a_lease_that_only_a_ticket_would_back() {
    let opening = |shares: u64| -> (Scene, Step) {
        let mut scene = Scene::job();
        if shares > 0 {
            let step = scene.world.request_unstake(&scene.owner, &scene.provider, u128::from(shares));
            scene.world.run(&step);
        }
        let Scene { world, operator, dispatcher, job, provider, .. } = &scene;
        let terms = lease_terms(CAP, world.now());
        let step = world.open_lease(operator, dispatcher, (job, provider), &terms);
        (scene, step)
    };
    // The lease exposes half its cap.
    let (mut scene, step) = opening(STAKED - CAP / 2 + 1);
    assert_eq!(scene.world.refused(&step), mira(Error::ExposureExceedsStake));
    let (mut scene, step) = opening(STAKED - CAP / 2);
    scene.world.run(&step);
}

/// The provider closes its lease at once; the requester challenges in the last second of its window.
fn refuses_to_end_before_the_dispute() {
    let mut scene = Scene::lease();
    let Scene { world, operator, requester, stranger, lease, provider, .. } = &mut scene;
    let end = world.end_lease(operator, lease);
    assert_eq!(world.refused(&end), mira(Error::LeaseNotReleased));
    world.run(&world.close_lease(operator, lease));
    world.run(&world.release_lease(operator, lease));
    world.advance(params().dispute_window_secs - 1);
    assert_eq!(world.refused(&end), mira(Error::DisputeWindowOpen));
    world.run(&world.open_dispute(requester, lease, DisputeKind::NoShow, EVIDENCE));
    world.advance(1_000_000);
    assert_eq!(world.refused(&end), mira(Error::LeaseDisputed));
    let receipt = world.run(&world.resolve_dispute(stranger, lease));
    assert_eq!(receipt.events.len(), 1);
    world.run(&end);
    let books: state::Provider = world.state(provider).unwrap();
    assert_eq!((books.total_stake, books.exposure), (STAKED - CAP / 2, 0));
}

/// The owner keeps the minimum active and puts the rest into a ticket: it loses as much as without one.
fn tickets_are_slashed_with_the_pool() {
    let left = |ticket: u128| {
        let mut scene = Scene::lease();
        let Scene { world, owner, requester, stranger, lease, provider, .. } = &mut scene;
        if ticket > 0 {
            world.run(&world.request_unstake(owner, provider, ticket));
        }
        world.run(&world.open_dispute(requester, lease, DisputeKind::NoShow, EVIDENCE));
        world.advance(params().dispute.respond_secs);
        world.run(&world.resolve_dispute(stranger, lease));
        world.state::<state::Provider>(provider).unwrap().total_stake
    };
    assert_eq!((left(u128::from(STAKED) - 1_000), left(0)), (STAKED - CAP / 2, STAKED - CAP / 2));
}

/// Neither by saying so, nor with another operator; when its time is over it is out.
fn a_new_face_does_not_leave_jail() {
    let mut scene = Scene::disputed();
    scene.stay_silent();
    let Scene { world, owner, stranger, dispatcher, lease, job, provider, .. } = &mut scene;
    world.run(&world.resolve_dispute(stranger, lease));
    let args = |draining| ix::UpdateProviderArgs { operator: Some(stranger.pubkey()), draining, ..Default::default() };
    let out = world.update_provider(owner, provider, None, args(Some(false)));
    assert_eq!(world.refused(&out), mira(Error::ProviderJailed));
    world.run(&world.update_provider(owner, provider, None, args(None)));
    let terms = lease_terms(1_000, world.now());
    let lease = world.open_lease(stranger, dispatcher, (job, provider), &terms);
    assert_eq!(world.refused(&lease), mira(Error::ProviderNotActive));
    world.advance(params().dispute.jail_secs);
    assert_eq!(world.refused(&lease), mira(Error::ProviderNotActive));
    world.run(&out);
    world.run(&lease);
}
