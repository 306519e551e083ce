//! Scores by hand, and who is taken of a few.

use super::*;

/// A target with a free slot that answers in `ms` at full reliability.
fn candidate(ms: u32, owner: u32, region: u16) -> Candidate {
    let mut candidate = Candidate {
        owner,
        region: RegionId(region),
        in_flight: 1,
        capacity: 4,
        ewma_us: ms * 1_000,
        reliability_ppm: 1_000_000,
        ..Candidate::default()
    };
    rate(&mut candidate, &Prices::default());
    candidate
}

fn hot(in_flight: u16, ms: u32) -> Candidate {
    Candidate { in_flight, rejects: Reject::Hot.bit(), ..candidate(ms, 9, 9) }
}

fn barred(limit: Reject) -> Candidate {
    Candidate { rejects: limit.bit(), ..candidate(1, 8, 8) }
}

#[test]
fn the_score_is_the_sum_over_the_reliability() {
    let prices = Prices { deviation_weight_percent: 200, price_weight_ppm: 500_000, cold_start_us: 1_000 };
    let mut candidate = Candidate {
        rtt_us: 10_000,
        ewma_us: 200_000,
        deviation_us: 5_000,
        price: 4_000,
        reliability_ppm: 500_000,
        ..Candidate::default()
    };
    rate(&mut candidate, &prices);
    // (10,000 + 200,000 + 2 × 5,000 + 4,000 / 2) / 0.5
    assert_eq!(candidate.score, 444_000);
    candidate.notes = Note::Cold.bit();
    rate(&mut candidate, &prices);
    assert_eq!(candidate.score, 446_000);
}

#[test]
fn extremes_stay_in_order() {
    let prices = Prices { deviation_weight_percent: u32::MAX, price_weight_ppm: u64::MAX, cold_start_us: u32::MAX };
    let mut worst = Candidate {
        rtt_us: u32::MAX,
        ewma_us: u32::MAX,
        deviation_us: u32::MAX,
        price: u64::MAX,
        in_flight: 7,
        ..candidate(1, 1, 1)
    };
    worst.reliability_ppm = 0;
    rate(&mut worst, &prices);
    assert!(worst.score <= SCORE_MOST, "the rank holds all of it");
    assert!(rank(&worst) > rank(&candidate(1_000_000, 1, 1)));
    assert!(rank(&worst) < rank(&hot(0, 1)), "a slot comes before everything");
    assert!(rank(&hot(u16::MAX, 1_000_000)) < BARRED);
}

#[test]
fn the_fastest_with_a_slot_wins_and_the_next_is_runner_up() {
    let drawn = [candidate(30, 1, 1), barred(Reject::PriceCap), candidate(10, 2, 2), candidate(20, 2, 3), hot(4, 1)];
    let choice = choose(&drawn);
    assert_eq!((choice.winner, choice.runner_up), (2, 3));
    assert_eq!(choice.backup, 0, "another owner");
}

#[test]
fn the_backup_is_elsewhere_if_that_can_be_had() {
    let drawn = [candidate(10, 1, 1), candidate(11, 2, 1), candidate(90, 3, 2), candidate(5, 1, 3)];
    assert_eq!(choose(&drawn), Choice { winner: 3, runner_up: 0, backup: 1 });
    let drawn = [candidate(10, 1, 1), candidate(11, 2, 1), candidate(90, 3, 2)];
    assert_eq!(choose(&drawn).backup, 2, "farther, but elsewhere");
    let drawn = [candidate(10, 1, 1), candidate(11, 2, 1)];
    assert_eq!(choose(&drawn).backup, 1, "better there than nowhere");
}

#[test]
fn among_the_hot_the_least_loaded() {
    let drawn = [hot(9, 1), hot(5, 90), hot(5, 80), barred(Reject::Escrow)];
    assert_eq!(choose(&drawn), Choice { winner: 2, runner_up: 1, backup: NONE });
}

#[test]
fn a_queue_is_counted_by_the_slots_that_serve_it() {
    // One more waits for the next of eight slots, or for the only one.
    let sized = |in_flight: u16, capacity: u16, ms: u32| Candidate { capacity, ..hot(in_flight, ms) };
    assert_eq!(choose(&[sized(1, 1, 10), sized(8, 8, 90)]).winner, 1);
    assert_eq!(choose(&[sized(1, 1, 10), sized(15, 8, 90)]).winner, 0, "two for each slot: the faster one");
    assert_eq!(choose(&[sized(1, 1, 10), sized(16, 8, 5)]).winner, 0);
    assert_eq!(choose(&[sized(0, 0, 10), sized(200, 1, 90)]).winner, 1, "no slot serves nobody");
    // Alike but for their sizes: the one with fewer free slots comes second.
    let with_slot = |in_flight: u16, capacity: u16| Candidate { in_flight, capacity, ..candidate(10, 1, 1) };
    assert_eq!(choose(&[with_slot(0, 1), with_slot(6, 8)]).winner, 1);
}

#[test]
fn of_two_alike_the_one_with_more_free_slots_then_the_first() {
    let mut idle = candidate(10, 1, 1);
    idle.in_flight = 0;
    assert_eq!(choose(&[candidate(10, 2, 2), idle]).winner, 1);
    assert_eq!(choose(&[candidate(10, 2, 2), candidate(10, 3, 3)]).winner, 0);
}

#[test]
fn limits_never_fail_open() {
    for limit in Reject::ALL.into_iter().filter(|limit| *limit != Reject::Hot) {
        assert_eq!(choose(&[barred(limit)]), Choice { winner: NONE, runner_up: NONE, backup: NONE });
        assert_eq!(choose(&[hot(9, 9), barred(limit)]).winner, 0, "rather a queue");
        assert_eq!(choose_hedge(&[barred(limit)], 1, RegionId(1)).winner, NONE);
    }
}

#[test]
fn a_probe_is_sent_at_once_and_never_as_a_hedge() {
    let mut probe = candidate(500, 4, 4);
    probe.notes = Note::Probe.bit();
    assert_eq!(choose(&[candidate(10, 1, 1), probe]).winner, 1);
    assert_eq!(choose(&[candidate(10, 1, 1), probe]).backup, 0);
    let drawn = [probe, candidate(10, 1, 1), hot(1, 1)];
    assert_eq!(choose_hedge(&drawn, 7, RegionId(7)), Choice { winner: 1, runner_up: NONE, backup: NONE });
}

#[test]
fn a_hedge_avoids_the_first_owner() {
    let drawn = [candidate(1, 1, 5), candidate(50, 2, 1), candidate(90, 3, 6)];
    assert_eq!(choose_hedge(&drawn, 1, RegionId(1)).winner, 2);
    assert_eq!(choose_hedge(&drawn[..2], 1, RegionId(1)).winner, 1);
    assert_eq!(choose_hedge(&drawn[..1], 1, RegionId(1)).winner, NONE);
}
