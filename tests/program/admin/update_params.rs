//! `update_params`: by the admin, within the hard bounds, for what is to come.

use crate::program::support::{Copy, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::{ix, pda};
use mira_core::Error;
use mira_core::amount::{Bps, Stake, StakePerMillion};
use mira_core::params::{DisputeParams, Params, Profile, RewardParams};
use mira_testkit::scene::CAP;
use mira_testkit::world::{CLUSTER_ID, params};
use mira_testkit::{Scene, World};

pub fn trials() -> Vec<Trial> {
    trials![
        the_admin_changes_them_all,
        what_exists_keeps_its_terms,
        takes_every_bound_itself,
        refuses_one_below_the_lower_bounds,
        refuses_one_above_the_upper_bounds,
        refuses_rates_above_the_whole,
        refuses_an_unbonding_that_is_too_short,
        the_window_of_job_ids_never_grows,
        refuses_local_times_on_a_public_network,
        refuses_all_but_the_admin,
        refuses_without_a_signature,
        refuses_other_accounts,
    ]
}

const DAY: u32 = 86_400;
/// The most that a network may ask of an owner, and of a challenger at least.
const MOST_STAKE: u64 = 10_000_000_000_000;

fn bps(rate: u16) -> Bps {
    Bps::new(rate).unwrap()
}

/// Every parameter at its lower bound.
fn least() -> Params {
    Params {
        fee_bps: bps(1),
        min_stake: Stake::new(1),
        stake_per_million: StakePerMillion::new(1),
        unbonding_secs: 5,
        max_lease_secs: 1,
        max_job_secs: 1,
        grace_secs: 1,
        dispute_window_secs: 1,
        job_id_window_secs: 1,
        dispute: DisputeParams {
            bond_bps: bps(1),
            min_bond: Stake::new(1),
            respond_secs: 1,
            vote_secs: 1,
            jail_secs: 1,
            max_slash_bps: bps(1),
        },
        reward: RewardParams { share_bps: bps(0), epoch_secs: 1, challenge_secs: 1, stale_secs: 1 },
    }
}

/// Every parameter at its upper bound; that of the window of job ids is what it was.
fn most() -> Params {
    Params {
        fee_bps: bps(2_000),
        min_stake: Stake::new(MOST_STAKE),
        stake_per_million: StakePerMillion::new(1_000_000_000),
        unbonding_secs: 90 * DAY,
        max_lease_secs: 30 * DAY,
        max_job_secs: 365 * DAY,
        grace_secs: 7 * DAY,
        dispute_window_secs: 14 * DAY,
        job_id_window_secs: params().job_id_window_secs,
        dispute: DisputeParams {
            bond_bps: bps(5_000),
            min_bond: Stake::new(MOST_STAKE),
            respond_secs: 7 * DAY,
            vote_secs: 7 * DAY,
            jail_secs: 90 * DAY,
            max_slash_bps: bps(5_000),
        },
        reward: RewardParams {
            share_bps: bps(9_000),
            epoch_secs: 30 * DAY,
            challenge_secs: 14 * DAY,
            stale_secs: 30 * DAY,
        },
    }
}

fn network() -> World {
    let mut world = World::bare();
    world.initialize();
    world
}

/// Chain and model both refuse `base` with each of the changes.
fn all_refused(base: Params, changes: &[fn(&mut Params)]) {
    let mut world = network();
    let admin = world.admin.clone();
    for (number, change) in changes.iter().enumerate() {
        let mut changed = base;
        change(&mut changed);
        let refusal = world.refused(&world.update_params(&admin, &changed));
        assert_eq!(refusal, mira(Error::InvalidParams), "case {number}: {changed:?}");
    }
    world.run(&world.update_params(&admin, &base));
}

fn the_admin_changes_them_all() {
    let mut world = network();
    let admin = world.admin.clone();
    let receipt = world.run(&world.update_params(&admin, &most()));
    let [Event::ParamsUpdated(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.config, event.config_seq, event.actor), (pda::config(), 2, admin.pubkey()));
    assert_eq!(event.params_before.to_core().unwrap(), params());
    assert_eq!(event.params_after.to_core().unwrap(), most());
    let config: state::Config = world.state(&pda::config()).unwrap();
    assert_eq!((config.params().unwrap(), config.seq), (most(), 2));
    assert_eq!((config.admin, config.guardian), (admin.pubkey(), admin.pubkey()));
}

fn what_exists_keeps_its_terms() {
    let mut scene = Scene::lease();
    let admin = scene.world.admin.clone();
    let held = |scene: &Scene| {
        let lease: state::Lease = scene.world.state(&scene.lease).unwrap();
        (lease, scene.world.state::<state::Job>(&scene.job).unwrap())
    };
    let before = held(&scene);
    let dearer = Params { fee_bps: bps(2_000), grace_secs: 1, dispute_window_secs: 1, ..params() };
    scene.world.run(&scene.world.update_params(&admin, &dearer));
    assert_eq!(held(&scene), before);
    let receipt = scene.world.run(&scene.world.settle(&scene.stranger, &scene.signer, &scene.lease, 1_000, 1));
    let [Event::LeaseSettled(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.gross, event.fee), (1_000, 10));
    let (_, _, lease) = scene.second_lease(CAP);
    let lease: state::Lease = scene.world.state(&lease).unwrap();
    assert_eq!((lease.fee_bps, lease.dispute_until - lease.settle_until), (2_000, 1));
}

fn takes_every_bound_itself() {
    let mut world = network();
    let admin = world.admin.clone();
    world.run(&world.update_params(&admin, &most()));
    world.run(&world.update_params(&admin, &least()));
}

fn refuses_one_below_the_lower_bounds() {
    all_refused(
        least(),
        &[
            |p| p.fee_bps = bps(0),
            |p| p.min_stake = Stake::ZERO,
            |p| p.stake_per_million = StakePerMillion::new(0),
            |p| p.max_lease_secs = 0,
            |p| p.max_job_secs = 0,
            |p| (p.max_lease_secs, p.unbonding_secs) = (2, 6),
            |p| p.grace_secs = 0,
            |p| p.dispute_window_secs = 0,
            |p| p.job_id_window_secs = 0,
            |p| p.dispute.bond_bps = bps(0),
            |p| p.dispute.min_bond = Stake::ZERO,
            |p| p.dispute.respond_secs = 0,
            |p| p.dispute.vote_secs = 0,
            |p| p.dispute.jail_secs = 0,
            |p| p.dispute.max_slash_bps = bps(0),
            |p| p.reward.epoch_secs = 0,
            |p| p.reward.challenge_secs = 0,
            |p| p.reward.stale_secs = 0,
        ],
    );
}

fn refuses_one_above_the_upper_bounds() {
    all_refused(
        most(),
        &[
            |p| p.fee_bps = bps(2_001),
            |p| p.stake_per_million = StakePerMillion::new(1_000_000_001),
            |p| p.unbonding_secs += 1,
            |p| p.max_lease_secs += 1,
            |p| p.max_job_secs += 1,
            |p| p.grace_secs += 1,
            |p| p.dispute_window_secs += 1,
            |p| p.job_id_window_secs += 1,
            |p| p.min_stake = Stake::new(MOST_STAKE + 1),
            |p| p.dispute.min_bond = Stake::new(MOST_STAKE + 1),
            |p| p.dispute.bond_bps = bps(5_001),
            |p| p.dispute.respond_secs += 1,
            |p| p.dispute.vote_secs += 1,
            |p| p.dispute.jail_secs += 1,
            |p| p.dispute.max_slash_bps = bps(5_001),
            |p| p.reward.share_bps = bps(9_001),
            |p| p.reward.epoch_secs += 1,
            |p| p.reward.challenge_secs += 1,
            |p| p.reward.stale_secs += 1,
        ],
    );
}

/// Rates that core's own type cannot hold.
fn refuses_rates_above_the_whole() {
    let mut world = network();
    let admin = world.admin.clone();
    let changes: [fn(&mut ix::NetworkParams); 4] = [
        |p| p.fee_bps = 10_001,
        |p| p.bond_bps = 10_001,
        |p| p.max_slash_bps = u16::MAX,
        |p| p.reward_share_bps = 10_001,
    ];
    for change in changes {
        let mut changed = ix::NetworkParams::from(&params());
        change(&mut changed);
        let mut step = world.update_params(&admin, &params());
        *step.program_instruction() = ix::update_params(&admin.pubkey(), changed);
        assert_eq!(world.tampered(&step), mira(Error::InvalidParams));
    }
}

/// A ticket has to stay slashable until what it backed is judged: 100 + 20 + 30 + 10 + 20 seconds here;
/// and until its epoch is over.
fn refuses_an_unbonding_that_is_too_short() {
    all_refused(
        Params { unbonding_secs: 180, reward: RewardParams { epoch_secs: 180, ..params().reward }, ..params() },
        &[
            |p| (p.unbonding_secs, p.reward.epoch_secs) = (179, 179),
            |p| p.max_lease_secs += 1,
            |p| p.grace_secs += 1,
            |p| p.dispute_window_secs += 1,
            |p| p.dispute.respond_secs += 1,
            |p| p.dispute.vote_secs += 1,
            |p| p.reward.epoch_secs += 1,
        ],
    );
}

/// Else the ids of jobs that closed under the shorter window would be new again, and their addresses and
/// vouchers with them.
fn the_window_of_job_ids_never_grows() {
    let mut world = network();
    let admin = world.admin.clone();
    let window = |secs| Params { job_id_window_secs: secs, ..params() };
    assert_eq!(world.refused(&world.update_params(&admin, &window(6))), mira(Error::InvalidParams));
    world.run(&world.update_params(&admin, &window(4)));
    assert_eq!(world.refused(&world.update_params(&admin, &window(5))), mira(Error::InvalidParams));
    world.run(&world.update_params(&admin, &window(4)));
}

fn refuses_local_times_on_a_public_network() {
    let mut world = World::bare();
    let admin = world.admin.clone();
    // The lowest times of a public network.
    let public = Params {
        unbonding_secs: 90 * DAY,
        grace_secs: DAY / 4,
        dispute_window_secs: DAY / 24,
        job_id_window_secs: 300,
        dispute: DisputeParams { respond_secs: DAY, vote_secs: DAY, ..params().dispute },
        reward: RewardParams { challenge_secs: DAY / 4, stale_secs: DAY / 4, ..params().reward },
        ..params()
    };
    let args = ix::InitializeArgs {
        profile: Profile::Public.as_u8(),
        cluster_id: CLUSTER_ID,
        params: ix::NetworkParams::from(&public),
    };
    let create = ix::initialize(&admin.pubkey(), &world.stake_mint, &world.payment_mint, args);
    world.send(&[create], &[&admin]).unwrap();
    let changes: [fn(&mut Params); 8] = [
        |p| p.grace_secs -= 1,
        |p| p.dispute_window_secs -= 1,
        |p| p.job_id_window_secs -= 1,
        |p| p.dispute.respond_secs -= 1,
        |p| p.dispute.vote_secs -= 1,
        |p| p.reward.challenge_secs -= 1,
        |p| p.reward.stale_secs -= 1,
        |p| *p = params(),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut changed = public;
        change(&mut changed);
        let step = world.update_params(&admin, &changed);
        let refusal = world.send(&step.instructions, &[&admin]).unwrap_err();
        assert_eq!(refusal, mira(Error::InvalidParams), "case {number}");
    }
    let step = world.update_params(&admin, &Params { grace_secs: DAY, ..public });
    world.send(&step.instructions, &[&admin]).unwrap();
}

fn refuses_all_but_the_admin() {
    let mut world = network();
    let (admin, guardian) = (world.admin.clone(), world.actor("guardian"));
    let (next, stranger) = (world.actor("next admin"), world.actor("stranger"));
    world.run(&world.set_guardian(&admin, &guardian));
    world.run(&world.propose_admin(&admin, &next));
    for actor in [&guardian, &next, &stranger] {
        assert_eq!(world.refused(&world.update_params(actor, &least())), mira(Error::WrongSigner), "{actor:?}");
    }
    // Who may not do it learns nothing about what it asks for.
    let never = Params { grace_secs: 0, ..params() };
    assert_eq!(world.refused(&world.update_params(&stranger, &never)), mira(Error::WrongSigner));
}

fn refuses_without_a_signature() {
    let mut world = network();
    let admin = world.admin.clone();
    let step = world.update_params(&admin, &least()).unsigned(&admin.pubkey());
    assert_eq!(world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_other_accounts() {
    let mut world = network();
    let admin = world.admin.clone();
    let step = world.update_params(&admin, &least());
    let accounts = [("admin", Copy::Elsewhere("the tests of signers")), ("config", WRONG_ADDRESS.into())];
    copies_are_refused(&mut world, &step, accounts);
}
