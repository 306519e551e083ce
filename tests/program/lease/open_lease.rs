//! `open_lease`: both sides sign, and neither side's limits are crossed.

use crate::program::support::{
    Copy, MISSING, NOT_THE_PROGRAM, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira, pause,
};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_core::amount::{Bps, Payment, Stake, StakePerMillion, UnitPrice};
use mira_core::lease::LeaseTerms;
use mira_core::params::Params;
use mira_core::provider::ProviderStatus;
use mira_testkit::scene::{CAP, FUNDED};
use mira_testkit::step::{lease_terms, terms};
use mira_testkit::world::params;
use mira_testkit::{Actor, Scene, Step};
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![
        reserves_escrow_and_stake,
        takes_the_parameters_of_the_moment,
        the_requester_matches_too,
        refuses_while_paused,
        refuses_anybody_elses_match,
        refuses_anybody_elses_acceptance,
        refuses_without_either_signature,
        refuses_terms_that_the_job_does_not_take,
        refuses_more_than_share_or_escrow,
        refuses_one_lease_too_many,
        refuses_a_closing_job,
        refuses_a_provider_without_its_own_stake,
        refuses_a_provider_below_the_jobs_minimum,
        refuses_exposure_above_active_stake,
        refuses_a_provider_that_is_not_active,
        refuses_a_nonce_that_was_used,
        refuses_a_provider_that_is_not_there,
        refuses_other_accounts,
    ]
}

fn open_with(scene: &Scene, change: impl FnOnce(&mut LeaseTerms)) -> Step {
    let mut terms = lease_terms(CAP, scene.world.now());
    change(&mut terms);
    scene.world.open_lease(&scene.operator, &scene.dispatcher, (&scene.job, &scene.provider), &terms)
}

fn reserves_escrow_and_stake() {
    let mut scene = Scene::job();
    let step = open_with(&scene, |_| ());
    let receipt = scene.world.run(&step);
    let lease: state::Lease = scene.world.state(&scene.lease).unwrap();
    assert_eq!((lease.cap, lease.exposure, lease.fee_bps), (CAP, CAP / 2, params().fee_bps.get()));
    assert_eq!((lease.rent_payer, lease.seq), (scene.operator.pubkey(), 1));
    assert_eq!(lease.voucher_signer, scene.signer.pubkey());
    let job: state::Job = scene.world.state(&scene.job).unwrap();
    assert_eq!((job.committed, job.open_leases, job.leases_total), (CAP, 1, 1));
    let [Event::LeaseOpened(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.matcher, event.operator), (scene.dispatcher.pubkey(), scene.operator.pubkey()));
    assert_eq!((event.job_committed_before, event.job_committed_after), (0, CAP));
    assert_eq!((event.provider_exposure_before, event.provider_exposure_after), (0, CAP / 2));
    assert_eq!((event.settle_until, event.dispute_until), (lease.settle_until, lease.dispute_until));
    assert_eq!((event.nonce, event.lease), (0, scene.lease));
    assert_eq!((event.stake_per_million, lease.stake_per_million), (500_000, 500_000));
    assert_eq!((event.exposure, event.rent_payer), (lease.exposure, scene.operator.pubkey()));
}

/// A lease that exists keeps the rates it was opened with.
fn takes_the_parameters_of_the_moment() {
    let mut scene = Scene::lease();
    let admin = scene.world.admin.clone();
    let dearer = Params {
        fee_bps: Bps::new(200).unwrap(),
        stake_per_million: StakePerMillion::new(1_000_000),
        dispute_window_secs: 10,
        ..params()
    };
    let step = scene.world.update_params(&admin, &dearer);
    scene.world.run(&step);
    let later = scene.world.next_lease(&scene.job, &scene.provider);
    let step = open_with(&scene, |_| ());
    scene.world.run(&step);
    let rates = |lease: &Pubkey| {
        let lease: state::Lease = scene.world.state(lease).unwrap();
        (lease.fee_bps, lease.stake_per_million, lease.exposure, lease.dispute_window_secs)
    };
    assert_eq!(rates(&scene.lease), (100, 500_000, CAP / 2, 30));
    assert_eq!(rates(&later), (200, 1_000_000, CAP, 10));
}

fn the_requester_matches_too() {
    let mut scene = Scene::job();
    let Scene { world, operator, requester, job, provider, .. } = &mut scene;
    let terms = lease_terms(CAP, world.now());
    world.run(&world.open_lease(operator, requester, (job, provider), &terms));
}

/// Whoever matches; who is not the operator has no business here in the first place.
fn refuses_while_paused() {
    let mut scene = Scene::job();
    pause(&mut scene.world);
    let terms = lease_terms(CAP, scene.world.now());
    let (operator, stranger, here) = (&scene.operator, &scene.stranger, (&scene.job, &scene.provider));
    for matcher in [&scene.dispatcher, &scene.requester, stranger] {
        let step = scene.world.open_lease(operator, matcher, here, &terms);
        assert_eq!(scene.world.refused(&step), mira(Error::Paused), "{}", matcher.name);
    }
    let step = scene.world.open_lease(stranger, &scene.dispatcher, here, &terms);
    assert_eq!(scene.world.refused(&step), mira(Error::WrongSigner));
}

fn refuses_anybody_elses_match() {
    let mut scene = Scene::job();
    let terms = lease_terms(CAP, scene.world.now());
    for somebody in [&scene.stranger, &scene.signer, &scene.operator, &scene.owner] {
        let step = scene.world.open_lease(&scene.operator, somebody, (&scene.job, &scene.provider), &terms);
        assert_eq!(scene.world.refused(&step), mira(Error::WrongSigner), "{}", somebody.name);
    }
}

fn refuses_anybody_elses_acceptance() {
    let mut scene = Scene::job();
    let terms = lease_terms(CAP, scene.world.now());
    for somebody in [&scene.stranger, &scene.owner, &scene.dispatcher] {
        let step = scene.world.open_lease(somebody, &scene.dispatcher, (&scene.job, &scene.provider), &terms);
        assert_eq!(scene.world.refused(&step), mira(Error::WrongSigner), "{}", somebody.name);
    }
}

fn refuses_without_either_signature() {
    let mut scene = Scene::job();
    let step = open_with(&scene, |_| ());
    for key in [scene.operator.pubkey(), scene.dispatcher.pubkey()] {
        assert_eq!(scene.world.tampered(&step.clone().unsigned(&key)), anchor(UNSIGNED));
    }
}

fn refuses_terms_that_the_job_does_not_take() {
    let mut scene = Scene::job();
    let now = scene.world.now();
    let step = open_with(&scene, |terms| terms.unit_price = UnitPrice::ZERO);
    assert_eq!(scene.world.refused(&step), mira(Error::PriceZero));
    let step = open_with(&scene, |terms| terms.unit_price = UnitPrice::new(101));
    assert_eq!(scene.world.refused(&step), mira(Error::PriceAboveMaximum));
    let step = open_with(&scene, |terms| terms.expires_at = now);
    assert_eq!(scene.world.refused(&step), mira(Error::LeaseExpiryInPast));
    let step = open_with(&scene, |terms| terms.expires_at = now + i64::from(params().max_lease_secs) + 1);
    assert_eq!(scene.world.refused(&step), mira(Error::LeaseTooLong));
    scene.world.advance(450);
    let step = open_with(&scene, |terms| terms.expires_at = now + 501);
    assert_eq!(scene.world.refused(&step), mira(Error::LeaseExpiryPastDeadline));
}

fn refuses_more_than_share_or_escrow() {
    let mut scene = Scene::job();
    let step = open_with(&scene, |terms| terms.cap = Payment::ZERO);
    assert_eq!(scene.world.refused(&step), mira(Error::CapZero));
    let share = FUNDED * 6 / 10;
    let step = open_with(&scene, |terms| terms.cap = Payment::new(share + 1));
    assert_eq!(scene.world.refused(&step), mira(Error::CapAboveShare));
    let step = open_with(&scene, |terms| terms.cap = Payment::new(share));
    scene.world.run(&step);
    let step = open_with(&scene, |terms| terms.cap = Payment::new(FUNDED - share + 1));
    assert_eq!(scene.world.refused(&step), mira(Error::EscrowInsufficient));
}

fn refuses_one_lease_too_many() {
    let mut scene = Scene::lease();
    let step = open_with(&scene, |terms| terms.cap = Payment::new(1));
    scene.world.run(&step);
    let step = open_with(&scene, |terms| terms.cap = Payment::new(1));
    assert_eq!(scene.world.refused(&step), mira(Error::LeaseLimitReached));
}

fn refuses_a_closing_job() {
    let mut scene = Scene::job();
    let close = scene.world.begin_close_job(&scene.requester, &scene.job);
    scene.world.run(&close);
    let step = open_with(&scene, |_| ());
    assert_eq!(scene.world.refused(&step), mira(Error::JobNotOpen));
}

fn refuses_a_provider_without_its_own_stake() {
    let mut scene = Scene::job();
    let Scene { world, owner, stranger, provider, .. } = &mut scene;
    world.run(&world.stake(stranger, provider, 900_000));
    let leave = world.model.providers[&provider.to_bytes()].books.own_shares.get() - 999;
    world.run(&world.request_unstake(owner, provider, leave));
    let step = open_with(&scene, |_| ());
    assert_eq!(scene.world.refused(&step), mira(Error::StakeBelowMinimum));
}

fn refuses_a_provider_below_the_jobs_minimum() {
    let mut scene = Scene::provider();
    let Scene { world, requester, signer, dispatcher, provider, job, .. } = &mut scene;
    let active = world.model.providers[&provider.to_bytes()].books.pool.active_value().unwrap();
    let mut wary = terms(requester, signer, Some(dispatcher), world.now());
    wary.min_provider_stake = active.checked_add(Stake::new(1)).unwrap();
    world.run(&world.create_job(requester, &wary));
    world.run(&world.fund_job(requester, job, FUNDED));
    let step = open_with(&scene, |_| ());
    assert_eq!(scene.world.refused(&step), mira(Error::ProviderStakeTooLow));
}

fn refuses_exposure_above_active_stake() {
    let mut scene = Scene::job();
    let Scene { world, owner, provider, .. } = &mut scene;
    let spare = world.model.providers[&provider.to_bytes()].books.own_shares.get() - u128::from(CAP / 2);
    world.run(&world.request_unstake(owner, provider, spare));
    let step = open_with(&scene, |terms| terms.cap = Payment::new(CAP + 1));
    assert_eq!(scene.world.refused(&step), mira(Error::ExposureExceedsStake));
    let step = open_with(&scene, |_| ());
    scene.world.run(&step);
}

fn refuses_a_provider_that_is_not_active() {
    let mut scene = Scene::job();
    for status in [ProviderStatus::Draining, ProviderStatus::Jailed] {
        scene.world.edit_provider(&scene.provider, |provider| provider.status = status.as_u8());
        let step = open_with(&scene, |_| ());
        assert_eq!(scene.world.refused(&step), mira(Error::ProviderNotActive));
    }
}

fn refuses_a_nonce_that_was_used() {
    let mut scene = Scene::lease();
    let step = open_with(&scene, |terms| terms.cap = Payment::new(1));
    let next = scene.world.next_lease(&scene.job, &scene.provider);
    assert_eq!(scene.world.tampered(&step.swap(&next, &scene.lease)), anchor(WRONG_ADDRESS));
    let Scene { world, operator, stranger, lease, .. } = &mut scene;
    world.run(&world.close_lease(operator, lease));
    world.run(&world.release_lease(stranger, lease));
    world.advance(params().dispute_window_secs);
    world.run(&world.end_lease(stranger, lease));
    let step = open_with(&scene, |_| ());
    let next = scene.world.next_lease(&scene.job, &scene.provider);
    assert_eq!(scene.world.tampered(&step.swap(&next, &scene.lease)), anchor(WRONG_ADDRESS));
}

fn refuses_a_provider_that_is_not_there() {
    let mut scene = Scene::job();
    let nobody = pda::provider(&Actor::new("nobody").pubkey());
    let terms = lease_terms(CAP, scene.world.now());
    let step = scene.world.open_lease(&scene.operator, &scene.dispatcher, (&scene.job, &nobody), &terms);
    assert_eq!(scene.world.refused(&step), anchor(MISSING));
}

fn refuses_other_accounts() {
    let mut scene = Scene::job();
    let step = open_with(&scene, |_| ());
    copies_are_refused(
        &mut scene.world,
        &step,
        [
            ("operator", Copy::Elsewhere("the tests of signers")),
            ("matcher", Copy::Elsewhere("the tests of signers")),
            ("config", WRONG_ADDRESS.into()),
            ("provider", WRONG_ADDRESS.into()),
            ("job", WRONG_ADDRESS.into()),
            ("lease", WRONG_ADDRESS.into()),
            ("system_program", NOT_THE_PROGRAM.into()),
        ],
    );
}
