//! The router under random load, against counts kept beside it.

mod load;

use mira_core::label::Label;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::RngSeed;

use crate::route::choose::Reject;
use crate::route::draw::draws;
use crate::route::record::{Attempt, RECORD_BYTES};
use crate::route::{Ask, RouteConfig, Router, Target, recompute};
use load::{Load, op};

/// A hedge may be asked for at once, and who failed is soon probed.
fn eager() -> RouteConfig {
    let probes = RouteConfig { probe_after_us: 100_000, probe_cap_us: 500_000, ..RouteConfig::default() };
    RouteConfig { hedge_min_us: 1, hedge_max_us: 1, ..probes }
}

/// A router with one pool of `count` targets over `owners` owners in eight regions.
fn router(count: u32, owners: u32, config: RouteConfig) -> (Router, crate::route::PoolId) {
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
    // Whoever has the pool can draw again: the places are those of the record, each once.
    let draw = draws(record.seed, record.counter, record.round, record.urn());
    let mut anywhere = draw.places[draw.near..draw.len].to_vec();
    anywhere.retain(|place| record.drawn().iter().any(|candidate| candidate.place == *place));
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
