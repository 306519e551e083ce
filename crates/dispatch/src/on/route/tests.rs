//! Requests of an interactive job, from placement to payment.

use mira_core::amount::{Bps, Payment, UnitPrice, Units};
use mira_core::tier::{Tier, UnitKind};

use super::*;
use crate::config::Config;
use crate::effect::route::{HedgedTo, RouteEnded};
use crate::input::route::{FirstToken, RouteEnd};
use crate::input::{Event, Offer, Place};
use crate::replay::replay;
use crate::reputation::Audited;
use crate::route::record::recompute;
use crate::route::{End, HedgeDenied, Leg, RouteId};
use crate::testing::{World, facts, job_terms, key, label, offer, owner_key, proposals, provider_key};

/// An interactive job: no shards, 150 units a request at most, half of it to one owner.
fn terms() -> Place {
    let mut terms = job_terms(1);
    (terms.tier, terms.shards) = (Tier::Interactive, Vec::new());
    (terms.funded, terms.free) = (Payment::new(40_000), Payment::new(40_000));
    terms
}

fn world() -> World {
    World::running(6, &terms())
}

fn request(units: u64) -> Event {
    Event::Route(Route { job: terms().job, origin: Some(label("eu")), max_units: Units::new(units) })
}

fn routed(world: &mut World) -> RoutedTo {
    let mut outcome = world.feed(request(100));
    match outcome.effects.pop() {
        Some(Effect::Routed(routed)) => *routed,
        other => panic!("{other:?}"),
    }
}

fn refused(world: &mut World, event: Event) -> NoRoute {
    match world.feed(event).effects.pop() {
        Some(Effect::Unrouted { reason, .. }) => reason,
        other => panic!("{other:?}"),
    }
}

fn hedged(world: &mut World, route: RouteId) -> Result<HedgedTo, HedgeDenied> {
    match world.feed(Event::Hedge(route)).effects.pop() {
        Some(Effect::Hedged(hedged)) => Ok(*hedged),
        Some(Effect::HedgeDenied { reason, .. }) => Err(reason),
        other => panic!("{other:?}"),
    }
}

fn first(world: &mut World, route: RouteId, leg: Leg) -> (bool, bool) {
    let at_us = world.now_ms * 1_000;
    match world.feed(Event::FirstToken(FirstToken { route, leg, at_us })).effects.pop() {
        Some(Effect::FirstToken(first)) => (first.won, first.cancel_other),
        other => panic!("{other:?}"),
    }
}

fn ended(world: &mut World, route: RouteId, leg: Leg, end: End, units: u64) -> RouteEnded {
    let report = RouteEnd { route, leg, first_token_us: None, end, units: Units::new(units) };
    let effects = world.feed(Event::RouteEnd(report)).effects;
    let found =
        effects.iter().find_map(|effect| if let Effect::RouteEnded(ended) = effect { Some(*ended) } else { None });
    found.unwrap_or_else(|| panic!("{effects:?}"))
}

fn reserved(world: &World) -> u64 {
    world.engine.leases.values().map(|lease| lease.reserved.get()).sum()
}

fn same_again(world: &World) {
    let (_, outcomes) = replay(&world.log).expect("the same decisions");
    assert_eq!(outcomes, world.outcomes);
}

#[test]
fn a_job_without_shards_is_placed_with_enough_owners_and_one_more() {
    let mut world = World::with_providers(6);
    let outcome = world.place(&terms());
    let leases = proposals(&outcome);
    assert_eq!(leases.len(), 3);
    let owners: std::collections::BTreeSet<Key> = leases.iter().map(|lease| lease.owner).collect();
    assert_eq!(owners.len(), 3);
    world.open_all(&terms().job);
    let job = &world.engine.jobs[&terms().job];
    assert!(!job.is_complete() && job.open && job.escrow_left() > Payment::ZERO, "something is kept for a replacement");
    assert_eq!(
        refused(&mut world, Event::Route(Route { job: [9; 32], origin: None, max_units: Units::new(1) })),
        NoRoute::UnknownJob
    );
    assert_eq!(refused(&mut world, request(151)), NoRoute::OverLimit(Units::new(150)));
    same_again(&world);
}

#[test]
fn both_attempts_are_covered_and_the_rest_is_free_again() {
    let mut world = world();
    let to = routed(&mut world);
    let backup = to.backup.expect("another owner");
    assert_ne!(to.primary.provider, backup.provider);
    assert_eq!(reserved(&world), 200);
    assert_eq!(recompute(&to.record).expect("decides alike").winner, to.record.winner);
    world.pass(50);
    assert_eq!(first(&mut world, to.route, Leg::Primary), (true, false));
    assert_eq!(reserved(&world), 100, "no second attempt will be needed");
    let end = ended(&mut world, to.route, Leg::Primary, End::Completed, 60);
    assert!(end.over);
    // 60 units at 500,000 a million.
    assert_eq!((end.lease_units, end.amount_due), (Units::new(60), Payment::new(30)));
    assert_eq!(reserved(&world), 0);
    assert_eq!(world.engine.router().in_flight(), 0);
    let again = RouteEnd {
        route: to.route,
        leg: Leg::Primary,
        first_token_us: None,
        end: End::Completed,
        units: Units::new(60),
    };
    assert_eq!(
        world.feed(Event::RouteEnd(again)).effects,
        vec![Effect::UnknownRoute { route: to.route, leg: Leg::Primary }],
        "said twice, paid once"
    );
    same_again(&world);
}

#[test]
fn a_late_request_is_hedged_elsewhere_and_the_loser_is_paid_for_what_it_proved() {
    let mut world = world();
    // Tokens for one hedge.
    for _ in 0..20 {
        let to = routed(&mut world);
        world.pass(5);
        first(&mut world, to.route, Leg::Primary);
        ended(&mut world, to.route, Leg::Primary, End::Completed, 1);
    }
    let to = routed(&mut world);
    assert!(matches!(hedged(&mut world, to.route), Err(HedgeDenied::TooEarly { .. })));
    assert_eq!(reserved(&world), 200, "a denial changes nothing");
    world.pass(u64::from(to.hedge_after_us) / 1_000 + 1);
    let second = hedged(&mut world, to.route).expect("hedged");
    assert_ne!(second.target.provider, to.primary.provider);
    assert_eq!(reserved(&world), 200);
    assert_eq!(hedged(&mut world, to.route).expect_err("one is enough"), HedgeDenied::AlreadyHedged);
    assert_eq!(first(&mut world, to.route, Leg::Hedge), (true, true));
    let loser = ended(&mut world, to.route, Leg::Primary, End::Cancelled, 7);
    assert!(!loser.over);
    assert_eq!(loser.units, Units::new(7));
    assert!(ended(&mut world, to.route, Leg::Hedge, End::Completed, 90).over);
    assert_eq!(reserved(&world), 0);
    let later = routed(&mut world);
    world.pass(u64::from(later.hedge_after_us) / 1_000 + 1);
    assert_eq!(hedged(&mut world, later.route).expect_err("one in twenty"), HedgeDenied::Budget);
    same_again(&world);
}

#[test]
fn a_failed_attempt_is_tried_elsewhere_without_a_token() {
    let mut world = world();
    let to = routed(&mut world);
    assert!(!ended(&mut world, to.route, Leg::Primary, End::Failed, 0).over);
    let second = hedged(&mut world, to.route).expect("all that is left");
    assert_ne!(second.target.provider, to.primary.provider);
    // The one that failed is left alone.
    let next = routed(&mut world);
    assert_ne!(next.primary.provider, to.primary.provider);
    first(&mut world, to.route, Leg::Hedge);
    assert!(ended(&mut world, to.route, Leg::Hedge, End::Completed, 10).over);
    same_again(&world);
}

#[test]
fn what_takes_too_long_times_out_and_holds_nothing() {
    let mut world = world();
    let to = routed(&mut world);
    world.pass(to.expires_at_ms - world.now_ms);
    (0..6).for_each(|id| drop(world.beat(id)));
    assert_eq!((reserved(&world), world.engine.router().in_flight()), (0, 0));
    assert!(world.engine.serving.held.is_empty());
    same_again(&world);
}

#[test]
fn suspended_providers_and_closed_leases_get_nothing() {
    let mut world = world();
    let leases: Vec<Key> = world.engine.jobs[&terms().job].leases.clone();
    world.close_lease(&leases[0]);
    let silent = world.engine.leases[&leases[1]].provider;
    let id = (0..6).find(|id| provider_key(*id) == silent).expect("one of them");
    for _ in 0..4 {
        world.pass(2_000);
        (0..6).filter(|other| *other != id).for_each(|other| drop(world.beat(other)));
    }
    for _ in 0..20 {
        let to = routed(&mut world);
        assert_ne!(to.primary.lease, leases[0]);
        assert_ne!(to.primary.provider, silent);
        assert!(to.backup.is_none_or(|backup| backup.lease != leases[0] && backup.provider != silent));
        first(&mut world, to.route, Leg::Primary);
        ended(&mut world, to.route, Leg::Primary, End::Completed, 1);
    }
    world.sync(&terms().job, false);
    assert_eq!(refused(&mut world, request(100)), NoRoute::JobEnded);
    same_again(&world);
}

#[test]
fn a_lease_that_is_used_up_is_not_routed_to_and_is_replaced() {
    let mut terms = terms();
    (terms.funded, terms.free) = (Payment::new(4_800), Payment::new(4_800));
    let mut world = World::running(6, &terms);
    let opened = world.engine.jobs[&terms.job].leases.len();
    let mut served = 0u64;
    while let Some(Effect::Routed(to)) = world.feed(request(150)).effects.pop() {
        first(&mut world, to.route, Leg::Primary);
        ended(&mut world, to.route, Leg::Primary, End::Completed, 150);
        served += 1;
        if !world.engine.jobs[&terms.job].proposals.is_empty() {
            world.open_all(&terms.job);
        }
    }
    for lease in world.engine.leases.values() {
        assert!(lease.amount_due() <= lease.cap && lease.reserved == Units::ZERO);
    }
    assert!(world.engine.jobs[&terms.job].leases.len() > opened, "replaced");
    // 75 a request: what is left is too little for another lease of eight requests.
    assert!(served * 75 >= 4_800 - 3 * 600, "{served}");
    same_again(&world);
}

#[test]
fn the_last_slots_are_kept_for_requests() {
    let mut config = Config::default();
    config.route.headroom_floor = 1;
    let mut world = World::with(config, 0);
    (0..3).for_each(|id| world.join(facts(id), offer(id)));
    world.place(&terms());
    world.open_all(&terms().job);
    let batch = job_terms(2);
    world.place(&batch);
    world.open_all(&batch.job);
    for id in 0..3 {
        let provider = provider_key(id);
        let leases = &world.engine.providers[&provider].leases;
        let both = leases.iter().filter(|lease| world.engine.leases[*lease].job == batch.job).count() > 0;
        // Two slots, one kept.
        assert_eq!(world.pull(id).is_some(), both);
        assert!(world.pull(id).is_none());
    }
    same_again(&world);
}

#[test]
fn a_price_above_the_jobs_is_never_paid() {
    let mut world = World::with_providers(3);
    let dear = Offer { unit_price: UnitPrice::new(1_000_001), ..offer(4) };
    world.join(facts(4), dear);
    let mut terms = terms();
    terms.max_share = Bps::new(2_500).expect("bps");
    let outcome = world.place(&terms);
    assert!(proposals(&outcome).iter().all(|proposal| proposal.owner != owner_key(4)));
    assert!(
        outcome.effects.iter().any(|effect| matches!(effect, Effect::NoCandidate { .. })),
        "four owners, three at the price"
    );
}

#[test]
fn prices_and_trust_are_those_of_the_slow_path() {
    let mut world = world();
    let class = (label("cpu"), UnitKind::Fuel);
    let price = world.engine.prices().of(&class).expect("a market").latency_price[0];
    let first = routed(&mut world).record;
    assert!(price > 0 && first.price_weight_ppm == price);
    let trust = |record: &crate::route::RouteRecord| record.drawn()[usize::from(record.winner)].reliability_ppm;
    let (net_fee, decided_ms) = (Payment::new(1_000_000), world.now_ms);
    for (shard, id) in (0..120).zip((0..6).cycle()) {
        let (job, provider) = (key(3, 9), provider_key(id));
        world.feed(Event::Audited(Audited { job, shard, provider, passed: true, net_fee, decided_ms }));
    }
    let second = routed(&mut world).record;
    assert!(trust(&first) >= 500_000 && trust(&second) > trust(&first), "{} {}", trust(&first), trust(&second));
}

#[test]
fn requests_in_flight_are_demand() {
    let mut world = world();
    assert_eq!(headroom(&world), 0);
    for _ in 0..4 {
        routed(&mut world);
    }
    world.pass(world.engine.config().market.period_ms);
    world.tick();
    assert_eq!(headroom(&world), 1, "a quarter more than the four that run");
}

/// Six providers of ten slots; three of them have a lease for requests, and all six one for shards.
fn town() -> World {
    let mut config = Config::default();
    config.market.peak_half_life_ms = 30_000;
    let mut world = World::new(config);
    (0..6).for_each(|id| world.join(facts(id), Offer { slots: 10, ..offer(id) }));
    world.place(&terms());
    world.open_all(&terms().job);
    let mut batch = job_terms(2);
    batch.shards = (0..100).map(|_| batch.shards[0]).collect();
    (batch.funded, batch.free, batch.max_leases) = (Payment::new(100_000), Payment::new(100_000), 60);
    world.place(&batch);
    world.open_all(&batch.job);
    assert_eq!(world.engine.jobs[&batch.job].leases.len(), 6);
    world
}

/// Slots that a provider gives to shards while requests run as they do: all of them come back.
fn for_shards(world: &mut World, id: u8) -> usize {
    let claims: Vec<_> = std::iter::from_fn(|| world.pull(id)).map(|assignment| assignment.claim).collect();
    claims.iter().for_each(|claim| drop(world.fail(*claim, crate::input::Fault::Undelivered)));
    claims.len()
}

fn serves(world: &World, id: u8) -> bool {
    let leases = &world.engine.providers[&provider_key(id)].leases;
    leases.iter().any(|lease| world.engine.leases[lease].job == terms().job)
}

fn headroom(world: &World) -> u64 {
    world.engine.prices().of(&(label("cpu"), UnitKind::Fuel)).expect("a market").headroom
}

/// Periods in which everybody is heard of.
fn periods(world: &mut World, count: u64) {
    for _ in 0..count * 5 {
        world.pass(1_000);
        (0..6).for_each(|id| drop(world.beat(id)));
    }
}

#[test]
fn what_the_slow_path_keeps_for_requests_is_divided_and_shards_do_not_get_it() {
    let mut world = town();
    let serving: Vec<u8> = (0..6).filter(|id| serves(&world, *id)).collect();
    assert_eq!(serving.len(), 3);
    let open = |world: &mut World| -> Vec<usize> { (0..6).map(|id| for_shards(world, id)).collect() };
    let quiet = open(&mut world);
    assert!((0..6).all(|id| quiet[usize::from(id)] == if serves(&world, id) { 9 } else { 10 }), "the floor: {quiet:?}");
    let routes: Vec<_> = (0..9).map(|_| routed(&mut world)).collect();
    periods(&mut world, 1);
    let busy = open(&mut world);
    // A quarter more than nine, less the nine that run: three, which is the floor of three providers.
    assert_eq!(busy.iter().sum::<usize>(), 60 - 9 - 3);
    for to in &routes {
        first(&mut world, to.route, Leg::Primary);
        ended(&mut world, to.route, Leg::Primary, End::Completed, 10);
    }
    periods(&mut world, 1);
    let (after, kept) = (open(&mut world), headroom(&world));
    assert_eq!((kept, after.iter().sum::<usize>()), (10, 60 - 10), "of a peak of eight by now: it may come again");
    assert!(serving.iter().all(|id| (6..=7).contains(&after[usize::from(*id)])), "alike: {after:?}");
    // Ten half-lives later nobody expects it any more.
    periods(&mut world, 60);
    assert_eq!(open(&mut world), quiet);
    same_again(&world);
}

#[test]
fn half_of_a_providers_slots_stay_for_shards_however_many_requests_there_were() {
    let mut world = town();
    let routes: Vec<_> = (0..24).map(|_| routed(&mut world)).collect();
    periods(&mut world, 1);
    for to in &routes {
        first(&mut world, to.route, Leg::Primary);
        ended(&mut world, to.route, Leg::Primary, End::Completed, 10);
    }
    periods(&mut world, 1);
    assert!(headroom(&world) > 15, "more than half of what three have");
    for id in (0..6).filter(|id| serves(&world, *id)).collect::<Vec<u8>>() {
        assert_eq!(for_shards(&mut world, id), 5);
    }
    same_again(&world);
}
