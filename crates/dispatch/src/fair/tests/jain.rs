//! Slots go to requesters that all want them by their weights.

use crate::fair::tests::line::{Line, Numbers, jain, job};
use crate::testing::{START_MS, key};

/// Two minutes: some hundred shards for each.
const WINDOW_MS: u64 = 120_000;

fn never(_: &Line) -> bool {
    false
}

#[test]
fn the_index_itself() {
    assert_eq!(jain(&[5, 5, 5, 5]), 10_000);
    assert_eq!(jain(&[8, 0, 0, 0]), 2_500, "one of four has all");
}

#[test]
fn equal_requesters_get_equal_slot_time_however_many_jobs_they_have() {
    for seed in 0..5u64 {
        let mut line = Line::new(4);
        // The first has as much escrow as the others, in two jobs.
        line.add(&job(0, 0, 800, 400_000));
        line.add(&job(9, 0, 800, 400_000));
        (1..5).for_each(|id| line.add(&job(id, id, 1_600, 800_000)));
        let mut numbers = Numbers(seed);
        // Requesters differ in how long their shards take: 200 ms to 3 s, and each of them varies.
        let mut took_ms = |claim: &crate::input::Claim| 200 + 600 * u64::from(claim.job[1] % 5) + numbers.below(400);
        line.run(START_MS + WINDOW_MS, &mut took_ms, &never);
        let slot_ms: Vec<u64> = line.slot_ms(START_MS, START_MS + WINDOW_MS).into_values().collect();
        assert_eq!(slot_ms.len(), 5);
        println!("seed {seed}: index {} of 10,000", jain(&slot_ms));
        assert!(jain(&slot_ms) >= 9_800, "seed {seed}: {} of {slot_ms:?}", jain(&slot_ms));
        assert!(slot_ms.iter().sum::<u64>() > WINDOW_MS * 8 * 95 / 100, "slots stand idle");
    }
}

#[test]
fn unequal_requesters_get_it_by_weight() {
    let mut line = Line::new(4);
    let escrow = [200_000u64, 400_000, 800_000];
    (0u8..).zip(escrow).for_each(|(id, funded)| line.add(&job(id, id, 1_600, funded)));
    let mut numbers = Numbers(7);
    line.run(START_MS + WINDOW_MS, &mut |_| 300 + numbers.below(500), &never);
    let slot_ms = line.slot_ms(START_MS, START_MS + WINDOW_MS);
    let by_weight: Vec<u64> =
        (0u8..).zip(escrow).map(|(id, funded)| slot_ms[&key(10, id)] * 1_000 / (funded / 1_000)).collect();
    println!("index {} of 10,000: {slot_ms:?}", jain(&by_weight));
    assert!(jain(&by_weight) >= 9_800, "{slot_ms:?}");
}

#[test]
fn who_was_idle_gets_its_share_from_then_on_and_no_more() {
    let mut line = Line::new(4);
    (0..2).for_each(|id| line.add(&job(id, id, 1_600, 400_000)));
    line.run(START_MS + WINDOW_MS, &mut |_| 500, &never);
    line.add(&job(2, 2, 1_600, 400_000));
    line.run(START_MS + 2 * WINDOW_MS, &mut |_| 500, &never);
    let slot_ms: Vec<u64> = line.slot_ms(START_MS + WINDOW_MS, START_MS + 2 * WINDOW_MS).into_values().collect();
    assert_eq!(slot_ms.len(), 3);
    println!("index {} of 10,000", jain(&slot_ms));
    assert!(jain(&slot_ms) >= 9_995, "{slot_ms:?}");
}
