//! Whatever is changed in a route record is named. The scores are computed here by hand.

use super::*;
use crate::route::record::Candidate;
use crate::route::{RegionId, TargetId};

const EPOCH: Hash = [3; 32];

/// Three targets of three owners: the second is the fastest, the third has no slot left.
pub(crate) fn record() -> RouteRecord {
    let job = [7; 32];
    let candidate = |target: u32, ewma_us: u32, in_flight: u16| Candidate {
        target: TargetId(target),
        place: target,
        owner: target,
        region: RegionId(u16::try_from(target).expect("small")),
        in_flight,
        capacity: 4,
        rejects: u8::from(in_flight >= 4),
        rtt_us: 10_000,
        ewma_us,
        deviation_us: 1_000,
        price: 2_000_000,
        reliability_ppm: 1_000_000,
        // Round trip, average, twice the deviation, and a microsecond for each 1,000 of the price.
        score: u64::from(10_000 + ewma_us + 2_000 + 2_000),
        ..Candidate::default()
    };
    let mut record = RouteRecord {
        schema: SCHEMA,
        job,
        seed: seed(&job, &EPOCH),
        counter: 5,
        near: 4,
        slots: 12,
        pool: 3,
        draw: 8,
        price_cap: 3_000_000,
        deviation_weight_percent: 200,
        price_weight_ppm: 1_000,
        len: 3,
        winner: 1,
        runner_up: 0,
        backup: 0,
        hedge_after_us: 90_000,
        ..RouteRecord::default()
    };
    let candidates = [candidate(10, 50_000, 0), candidate(11, 20_000, 3), candidate(12, 1_000, 4)];
    record.candidates[..3].copy_from_slice(&candidates);
    record
}

fn found(change: impl FnOnce(&mut RouteRecord)) -> Vec<RouteDifference> {
    let mut record = record();
    change(&mut record);
    reroute(&record, Some(&EPOCH)).expect_err("the change is noticed")
}

#[test]
fn a_record_decides_as_it_says() {
    let record = record();
    let again = reroute(&record, Some(&EPOCH)).expect("is sound");
    assert_eq!((again.winner, again.runner_up, again.backup), (1, 0, 0));
    let bytes = borsh::to_vec(&record).expect("bytes");
    assert_eq!(read(&bytes), Some(record));
    assert_eq!(read(&bytes[1..]), None);
    assert_eq!(read(&[bytes.as_slice(), &[0]].concat()), None);
}

#[test]
fn whatever_was_changed_is_named() {
    assert_eq!(found(|record| record.winner = 0), [RouteDifference::Chosen]);
    assert_eq!(found(|record| record.runner_up = 2), [RouteDifference::Chosen]);
    assert_eq!(found(|record| record.backup = crate::route::record::NONE), [RouteDifference::Chosen]);
    assert_eq!(found(|record| record.candidates[0].score = 1), [RouteDifference::Observed]);
    assert_eq!(found(|record| record.candidates[1].in_flight = 4), [RouteDifference::Observed], "it would be hot");
    assert_eq!(found(|record| record.price_cap = 1_000_000), [RouteDifference::Observed]);
}

#[test]
fn another_epoch_or_version_is_named() {
    assert_eq!(found(|record| record.seed ^= 1), [RouteDifference::Seed]);
    assert_eq!(reroute(&record(), Some(&[4; 32])), Err(vec![RouteDifference::Seed]));
    assert!(reroute(&record(), None).is_ok(), "its epoch is open");
    let hedge = |record: &mut RouteRecord| record.seed = hedge_seed(record.seed);
    assert_eq!(found(hedge), [RouteDifference::Seed], "a first attempt has not the seed of a second");
    assert_eq!(found(|record| record.schema = 9), [RouteDifference::Schema(9)]);
}
