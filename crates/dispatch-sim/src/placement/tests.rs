//! Placement on a small synthetic cluster: conservation, order of the policies, and that a seed is a run.

use std::time::Duration;

use super::*;
use crate::trace::openb::synthetic;

/// A clock that a test controls by not having one: every reading is a second after the last would be.
fn clock() -> Duration {
    Duration::from_secs(1)
}

fn outcome(policies: &[Policy]) -> Outcome {
    let trace = synthetic::trace(11, 60, 700);
    run(&Settings { trace, load: 130, seeds: vec![1, 2, 3], policies: policies.to_vec(), clock }).unwrap()
}

#[test]
fn memoised_deltas_place_as_the_full_scan_does() {
    let outcome = outcome(&[Policy::Fgd, Policy::FgdScan]);
    assert_eq!(outcome.fgd_equals_scan, [(1, true), (2, true), (3, true)]);
    assert_eq!(outcome.rows[0].by_seed, outcome.rows[1].by_seed);
}

#[test]
fn policies_keep_below_the_bound_and_above_what_is_weaker() {
    let outcome = outcome(&[Policy::Random, Policy::BestFit, Policy::Fgd, Policy::Lookahead]);
    let means: Vec<_> = outcome.rows.iter().map(|row| row.allocation.mean).collect();
    assert!(means.iter().all(|mean| *mean <= outcome.bound.mean), "{means:?} {:?}", outcome.bound);
    assert!(means[0] < means[1] && means[0] < means[2] && means[0] < means[3], "random is the weakest: {means:?}");
    let row = &outcome.rows[3];
    assert_eq!((row.curve.len(), row.by_seed.len()), (131, 3));
    assert!(row.curve.is_sorted(), "no task ends");
    assert!((row.curve[50] - 50.0).abs() < 1.0, "everything fits at half load: {}", row.curve[50]);
    let idle: f64 = row.idle.iter().map(|(_, percent)| percent).sum();
    let allocated = outcome.rows[3].by_seed.iter().map(|(_, percent)| percent).sum::<f64>() / 3.0;
    // The curve's last point is a mean over half a percent of arrivals; the idle GPU is what is left at the end.
    assert!((idle + allocated - 100.0).abs() < 0.5, "{idle} idle, {allocated} allocated");
    assert!(outcome.fgd_equals_scan.is_empty());
}
