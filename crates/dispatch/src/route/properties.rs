//! The router under random load, against counts kept beside it.

mod load;

use mira_core::label::Label;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::RngSeed;

use crate::route::choose::Reject;
use crate::route::draw::draws;
use crate::route::record::{Attempt, RECORD_BYTES};
use crate::route::{Ask, Change, End, HedgeDenied, Leg, PoolId, RegionId, RouteConfig, Router, Target, recompute};
use load::{Load, op};

/// A hedge may be asked for at once, and who failed is soon probed.
fn eager() -> RouteConfig {
    let probes = RouteConfig { probe_after_us: 100_000, probe_cap_us: 500_000, ..RouteConfig::default() };
    RouteConfig { hedge_min_us: 1, hedge_max_us: 1, ..probes }
}

/// A router with one pool of `count` targets over `owners` owners in eight regions.
fn router(count: u32, owners: u32, config: RouteConfig) -> (Router, PoolId) {
    let mut router = Router::new(config, [7; 32]);
    let regions: Vec<_> =
        (0..8).map(|region| router.region(Label::parse(&format!("region-{region}")).expect("label"))).collect();
    let pool = router.pool(&[9; 32]);
    for id in 0..count {
        let mut key = [0; 32];
        key[..4].copy_from_slice(&id.to_le_bytes());
        let target = Target {
            provider: key,
            lease: key,
            owner: id % owners,
            region: regions[id as usize * 7 % 8],
            capacity: 4,
            unit_price: 100 + u64::from(id % 50),
            room_units: 10_000,
            reliability_ppm: 900_000 + id % 100_000,
            warm: id % 3 != 0,
        };
        router.add(pool, target).expect("a pool");
    }
    (router, pool)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300, rng_seed: RngSeed::Fixed(5), failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn counts_stay_exact(ops in prop::collection::vec(op(), 1..400)) {
        let (router, pool) = router(12, 4, eager());
        let mut load = Load::new(router, pool);
        ops.iter().for_each(|op| load.run(op));
        load.drain();
    }
}

/// 100,000 random states: whoever is chosen keeps within every limit, and the record alone gives the same
/// decision.
#[test]
fn limits_never_fail_open_and_records_decide_alike() {
    let (router, pool) = router(60, 6, eager());
    let mut load = Load::new(router, pool);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        rng_seed: RngSeed::Fixed(11),
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let strategy = op();
    while load.routed + load.unrouted < 100_000 {
        load.run(&strategy.new_tree(&mut runner).expect("a tree").current());
    }
    assert!(load.routed > 40_000 && load.hedged > 200, "{} {}", load.routed, load.hedged);
    assert!(load.unrouted > 1_000, "{}", load.unrouted);
    load.drain();
}

#[test]
fn a_record_is_as_long_as_it_says() {
    let (mut router, pool) = router(60, 6, RouteConfig::default());
    let origin = router.region(Label::parse("region-0").expect("label"));
    let ask = Ask { pool, origin, counter: 3, price_cap: 130, max_units: 5 };
    let routed = router.route(&ask, 1_000).expect("routed");
    assert_eq!(borsh::to_vec(&routed.record).expect("encodes").len(), RECORD_BYTES);
    let record = routed.record;
    assert_eq!(record.attempt, Attempt::First);
    // Whoever has the pool can draw again: those who have the slots are those of the record. All have four here.
    let draw = draws(record.seed, record.counter, record.round, record.urn());
    let mut anywhere = draw.numbers[draw.near..draw.len].to_vec();
    anywhere.retain(|slot| record.drawn().iter().any(|candidate| candidate.place == slot / 4));
    assert_eq!(anywhere.len(), draw.len - draw.near);
    // A record that was tampered with is not taken.
    let mut forged = record.clone();
    forged.candidates[0].score /= 2;
    assert_eq!(recompute(&forged), None);
    let mut forged = record;
    forged.candidates.iter_mut().for_each(|candidate| candidate.rejects &= !Reject::PriceCap.bit());
    forged.price_cap = 0;
    assert_eq!(recompute(&forged), None);
}

fn ask(pool: PoolId, counter: u64) -> Ask {
    Ask { pool, origin: RegionId(0), counter, price_cap: u64::MAX, max_units: 0 }
}

/// Another size shows in all pools of a provider at once: in what is drawn from and in who is full.
#[test]
fn a_provider_changes_its_size_in_all_pools() {
    let (mut router, pool) = router(20, 5, RouteConfig::default());
    let other = router.pool(&[8; 32]);
    let region = router.region(Label::parse("region-3").expect("label"));
    let target = |capacity| Target {
        provider: [0; 32],
        lease: [1; 32],
        owner: 0,
        region,
        capacity,
        unit_price: 100,
        room_units: 10_000,
        reliability_ppm: 900_000,
        warm: true,
    };
    let slots =
        |router: &mut Router| [pool, other].map(|pool| router.route(&ask(pool, 0), 0).expect("routed").record.slots);
    let new = router.add(other, target(6)).expect("a pool");
    assert_eq!(slots(&mut router), [82, 6], "its first target had four");
    router.update(new, Change { capacity: Some(1), ..Change::default() });
    assert_eq!(slots(&mut router), [77, 1]);
    router.remove(new);
    router.add(other, target(9)).expect("a pool");
    assert_eq!(slots(&mut router), [85, 9]);
}

/// A request that waits behind others may go at once to where a slot is free, and costs no token.
#[test]
fn what_is_queued_moves_to_the_first_free_slot() {
    let config = RouteConfig { hedge_budget_ppm: 0, ..RouteConfig::default() };
    let (mut router, pool) = router(3, 3, config);
    let routed: Vec<_> = (0..12).map(|counter| router.route(&ask(pool, counter), 1_000).expect("routed")).collect();
    let first = &routed[0];
    assert!(first.hedge_after_us > 10_000);
    assert_eq!(router.hedge(first.route, u64::MAX), Err(HedgeDenied::Budget), "it has a slot");
    let queued = router.route(&ask(pool, 12), 1_000).expect("a queue");
    assert_eq!((queued.hedge_after_us, queued.backup), (10_000, None));
    assert_eq!(router.hedge(queued.route, 2_000), Err(HedgeDenied::TooEarly { left_us: 9_000 }));
    let full = router.hedge(queued.route, 11_000);
    assert!(matches!(full, Err(HedgeDenied::NoTarget { .. })), "{full:?}");
    let free = routed.iter().find(|routed| routed.primary != queued.primary).expect("of three");
    router.done(free.route, Leg::Primary, End::Completed, 12_000).expect("it ran");
    let moved = router.hedge(queued.route, 13_000).expect("a slot is free");
    assert_eq!(moved.target, free.primary);
    let token = router.first_token(queued.route, Leg::Hedge, 14_000).expect("it waits");
    assert_eq!((token.won, token.cancel), (true, Some(queued.primary)));
}
