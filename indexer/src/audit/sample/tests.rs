//! The rate against a table worked out by hand, the draw against what a fair draw must do.

use super::*;
use proptest::prelude::*;

fn rate(passed: u64, failed: u64) -> u16 {
    rate_ceil(Record { passed, failed }).get()
}

#[test]
fn the_rate_falls_with_passes_and_never_to_nothing() {
    // 1/2, 1/3, 1/10, 1/50, 1/100 and from there on the least.
    for (passed, bps) in [(0, 5_000), (1, 3_334), (8, 1_000), (48, 200), (98, 100), (99, 100), (u64::MAX, 100)] {
        assert_eq!(rate(passed, 0), bps, "{passed}");
    }
}

#[test]
fn a_failure_brings_the_rate_back_up() {
    // 101/102; 101/200; 101/1102; 201/1202.
    for ((passed, failed), bps) in [((0, 1), 9_902), ((98, 1), 5_050), ((1_000, 1), 917), ((1_000, 2), 1_673)] {
        assert_eq!(rate(passed, failed), bps, "{passed} passed, {failed} failed");
    }
    assert_eq!(rate(0, u64::MAX), 10_000);
    assert_eq!(rate(u64::MAX, u64::MAX), 9_901);
}

#[test]
fn a_draw_depends_on_each_part_and_on_nothing_else() {
    let base = draw(1, &[2; 32], 3);
    assert_eq!(base, draw(1, &[2; 32], 3));
    let others: Vec<u16> = vec![draw(2, &[2; 32], 3), draw(1, &[3; 32], 3), draw(1, &[2; 32], 4)];
    assert!(others.iter().all(|other| *other != base), "{base} {others:?}");
}

#[test]
fn draws_are_spread_evenly() {
    // 100,000 draws into ten tenths: 10,000 each, with a deviation of 95.
    let mut tenths = [0u32; 10];
    for shard in 0..100_000 {
        tenths[usize::from(draw(7, &[9; 32], shard) / 1_000)] += 1;
    }
    assert!(tenths.iter().all(|count| (9_500..10_500).contains(count)), "{tenths:?}");
}

proptest! {
    #[test]
    fn a_better_record_is_audited_less(passed in 0..u64::MAX, failed in 0..u64::MAX, seed: u64, shard: u32) {
        let here = rate(passed, failed);
        prop_assert!((LEAST_BPS..=10_000).contains(&here));
        prop_assert!(rate(passed + 1, failed) <= here && here <= rate(passed, failed + 1));
        // Who is audited with the better record is audited with the worse one too.
        let takes = |bps: u16| takes(seed, &[1; 32], shard, Bps::new(bps).unwrap());
        prop_assert!(!takes(rate(passed + 1, failed)) || takes(here));
        prop_assert!(takes(10_000) && !takes(0));
    }
}
