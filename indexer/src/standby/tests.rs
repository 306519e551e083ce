//! Watches over a row that writers change, with clocks of their own.

#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;
use std::time::Duration;

const HOLD: Duration = Duration::from_millis(900);
/// How finely the model's time runs.
const TICK: Duration = Duration::from_millis(5);

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn row(fence: u64, beat: Option<u64>, slot: Option<u64>) -> Cursor {
    Cursor { stream: "finalized".to_owned(), fence, slot, blockhash: None, beat }
}

#[test]
fn what_nobody_holds_is_taken_at_once() {
    assert_eq!(Watch::new(HOLD).look(None, ms(5)), Verdict::Take);
    assert_eq!(Watch::new(HOLD).look(Some(&row(3, None, Some(9))), ms(5)), Verdict::Take);
}

#[test]
fn a_silent_writer_is_followed_after_the_hold_time_and_not_before() {
    let (mut watch, silent) = (Watch::new(HOLD), row(3, Some(7), Some(9)));
    assert_eq!(watch.look(Some(&silent), ms(100)), Verdict::Wait(HOLD / LOOKS));
    assert_eq!(watch.look(Some(&silent), ms(970)), Verdict::Wait(ms(30)));
    assert_eq!(watch.look(Some(&silent), ms(999)), Verdict::Wait(ms(1)));
    assert_eq!(watch.look(Some(&silent), ms(1_000)), Verdict::Take);
}

#[test]
fn every_sign_of_life_starts_the_time_anew() {
    let mut watch = Watch::new(HOLD);
    let signs =
        [row(3, Some(7), Some(9)), row(3, Some(8), Some(9)), row(3, Some(8), Some(10)), row(4, Some(8), Some(10))];
    for (index, sign) in signs.iter().enumerate() {
        let at = ms(800) * u32::try_from(index).unwrap();
        assert_eq!(watch.look(Some(sign), at), Verdict::Wait(HOLD / LOOKS), "{sign:?}");
    }
}

#[test]
fn a_database_that_does_not_answer_says_nothing_of_the_writer() {
    let (mut watch, silent) = (Watch::new(HOLD), row(3, Some(7), Some(9)));
    watch.look(Some(&silent), ms(0));
    watch.blind();
    assert_eq!(watch.look(Some(&silent), ms(60_000)), Verdict::Wait(HOLD / LOOKS));
    assert_eq!(watch.look(Some(&silent), ms(60_900)), Verdict::Take);
}

/// An indexer in the model: what it believes, and when it wakes up next.
#[derive(Clone, Debug)]
struct Replica {
    /// What its clock says more than ours.
    ahead: Duration,
    fence: Option<u64>,
    watch: Watch,
    wakes: Duration,
    paused_until: Duration,
}

proptest! {
    /// Replicas that are paused at random: only the newest fence ever writes, and while nobody is paused one works.
    #[test]
    fn one_writes_and_somebody_does(
        clocks in prop::collection::vec(0_u64..1_000_000, 2..4),
        pauses in prop::collection::vec((0_usize..4, 0_u64..4_000, 1_u64..5_000), 0..12),
    ) {
        let mut stored: Option<Cursor> = None;
        let mut replicas: Vec<_> = clocks.iter().map(|&ahead| Replica {
            ahead: ms(ahead), fence: None, watch: Watch::new(HOLD), wakes: Duration::ZERO, paused_until: Duration::ZERO,
        }).collect();
        let mut written = Vec::new();
        for now in (0..6_000).map(|tick| TICK * tick) {
            for &(who, from, length) in &pauses {
                if TICK * u32::try_from(from).unwrap() == now && let Some(replica) = replicas.get_mut(who) {
                    replica.paused_until = replica.paused_until.max(now + ms(length));
                }
            }
            for replica in &mut replicas {
                if now < replica.wakes.max(replica.paused_until) {
                    continue;
                }
                replica.wakes = now + act(replica, &mut stored, now, &mut written);
            }
        }
        prop_assert!(written.is_sorted(), "an older fence wrote after a newer one");
        prop_assert!(replicas.iter().filter(|replica| replica.fence == stored.as_ref().map(|row| row.fence)).count() == 1);
        // Every pause is over by 25 s; then somebody is at work after one hold time at the latest.
        prop_assert!(written.len() > 8);
        if pauses.is_empty() {
            prop_assert_eq!(stored.unwrap().fence, 1, "a writer that lives was robbed");
        }
    }
}

/// One step of a replica; gives when it wakes again.
fn act(replica: &mut Replica, stored: &mut Option<Cursor>, now: Duration, written: &mut Vec<u64>) -> Duration {
    if let Some(fence) = replica.fence {
        match stored {
            Some(row) if row.fence == fence => {
                row.beat = row.beat.map(|beat| beat + 1);
                written.push(fence);
                return HOLD / 3;
            }
            _ => (replica.fence, replica.watch) = (None, Watch::new(HOLD)),
        }
    }
    match replica.watch.look(stored.as_ref(), now + replica.ahead) {
        Verdict::Wait(wait) => wait,
        Verdict::Take => {
            let fence = stored.as_ref().map_or(1, |row| row.fence + 1);
            *stored = Some(row(fence, Some(0), None));
            replica.fence = Some(fence);
            Duration::ZERO
        }
    }
}
