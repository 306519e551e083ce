//! The order in which a slot's events are folded.
//!
//! The ledger orders a slot's events by signature, which says nothing about time. What does is
//! `seq`: an event comes after the one that made each of its aggregates' previous step. This
//! module finds an order that respects all of them; every such order gives the same rows.

use std::collections::{BTreeSet, HashMap};

use mira_chain::event::{Aggregate, AggregateKind};
use mira_core::Key;

use super::error::Cause;

type Step = (AggregateKind, Key, u64);

/// The indices of `events` in an order that folds; ties go to the smaller index.
///
/// `events` are the aggregates of each event. Gaps to what was folded before are not seen here.
///
/// # Errors
/// The index of an event that cannot be placed, and why.
pub(super) fn order(events: &[Vec<Aggregate>]) -> Result<Vec<usize>, (usize, Cause)> {
    let steps = index(events)?;
    let mut waits = vec![0_usize; events.len()];
    let mut unlocks: Vec<Vec<usize>> = vec![Vec::new(); events.len()];
    for (at, aggregates) in events.iter().enumerate() {
        for aggregate in aggregates {
            let before = aggregate.seq.checked_sub(1).and_then(|seq| steps.get(&(aggregate.kind, aggregate.key, seq)));
            if let Some(&before) = before {
                waits[at] += 1;
                unlocks[before].push(at);
            }
        }
    }
    let mut ready: BTreeSet<usize> = (0..events.len()).filter(|&at| waits[at] == 0).collect();
    let mut order = Vec::with_capacity(events.len());
    while let Some(at) = ready.pop_first() {
        order.push(at);
        for &next in &unlocks[at] {
            waits[next] -= 1;
            if waits[next] == 0 {
                ready.insert(next);
            }
        }
    }
    match waits.iter().position(|&left| left > 0) {
        None => Ok(order),
        Some(at) => Err((at, contradiction(&events[at]))),
    }
}

fn index(events: &[Vec<Aggregate>]) -> Result<HashMap<Step, usize>, (usize, Cause)> {
    let mut steps = HashMap::with_capacity(events.len() * 2);
    for (at, aggregates) in events.iter().enumerate() {
        for aggregate in aggregates {
            if steps.insert((aggregate.kind, aggregate.key, aggregate.seq), at).is_some() {
                return Err((at, Cause::Contradiction { key: aggregate.key }));
            }
        }
    }
    Ok(steps)
}

fn contradiction(aggregates: &[Aggregate]) -> Cause {
    Cause::Contradiction { key: aggregates.first().map_or([0; 32], |aggregate| aggregate.key) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(key: u8, seq: u64) -> Aggregate {
        Aggregate { kind: AggregateKind::Job, key: [key; 32], seq }
    }

    fn lease(key: u8, seq: u64) -> Aggregate {
        Aggregate { kind: AggregateKind::Lease, key: [key; 32], seq }
    }

    #[test]
    fn events_follow_their_aggregates_numbers() {
        let events = [
            vec![lease(9, 2), job(1, 4)],
            vec![job(1, 5)],
            vec![job(1, 3), lease(9, 1)],
            vec![job(1, 2)],
            vec![job(2, 1)],
        ];
        assert_eq!(order(&events), Ok(vec![3, 2, 0, 1, 4]));
    }

    #[test]
    fn a_number_claimed_twice_is_a_contradiction() {
        let events = [vec![job(1, 2)], vec![job(1, 2)]];
        assert_eq!(order(&events), Err((1, Cause::Contradiction { key: [1; 32] })));
    }

    #[test]
    fn events_that_need_each_other_first_are_a_contradiction() {
        let events = [vec![job(1, 2), lease(9, 1)], vec![job(1, 1), lease(9, 2)]];
        assert_eq!(order(&events), Err((0, Cause::Contradiction { key: [1; 32] })));
    }

    #[test]
    fn nothing_is_in_order() {
        assert_eq!(order(&[]), Ok(vec![]));
    }
}
