//! A route in words.

use std::fmt::Write;

use mira_core::Key;

use crate::route::RouteRecord;
use crate::route::choose::{Note, Reject};
use crate::route::record::{Attempt, Candidate};

/// Tells a route in words, one candidate a line. `name` writes a key as people know it. Targets and owners are numbers of
/// the dispatcher that decided.
pub fn explain_route(record: &RouteRecord, name: impl Fn(&Key) -> String) -> String {
    let attempt = match record.attempt {
        Attempt::First => "first attempt",
        Attempt::Hedge => "second attempt",
    };
    let mut text = format!(
        "request {} of job {}, {attempt}: {} of {} targets drawn",
        record.counter,
        name(&record.job),
        record.drawn().len(),
        record.pool
    );
    match record.at(record.winner) {
        Some(winner) => {
            let _ = write!(text, "; target {} won with the lowest score", winner.target.0);
        }
        None => text.push_str("; nobody could take it"),
    }
    if let Some(second) = record.at(record.runner_up) {
        let _ = write!(text, ", target {} came second", second.target.0);
    }
    if let Some(backup) = record.at(record.backup) {
        let _ = write!(text, "; target {} is asked too after {} µs", backup.target.0, record.hedge_after_us);
    }
    for (place, candidate) in (0u8..).zip(record.drawn()) {
        let won = if place == record.winner { ": won" } else { "" };
        let _ = write!(text, "\n  {}{won}", line(candidate));
    }
    text
}

fn line(candidate: &Candidate) -> String {
    let mut text = format!(
        "target {} of owner {}: score {} (round trip {} µs, first token {} µs, deviation {} µs, price {}, reliability {} of \
         1,000,000, {} of {} slots taken)",
        candidate.target.0,
        candidate.owner,
        candidate.score,
        candidate.rtt_us,
        candidate.ewma_us,
        candidate.deviation_us,
        candidate.price,
        candidate.reliability_ppm,
        candidate.in_flight,
        candidate.capacity
    );
    for (note, what) in [(Note::Cold, ", has to load the model"), (Note::Probe, ", is probed")] {
        if candidate.notes & note.bit() != 0 {
            text.push_str(what);
        }
    }
    let limits = Reject::ALL.into_iter().filter(|limit| candidate.rejects & limit.bit() != 0);
    let limits: Vec<&str> = limits.map(Reject::as_str).collect();
    if !limits.is_empty() {
        let _ = write!(text, ": rejected by {}", limits.join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_names_everybody_and_why() {
        let text = explain_route(&crate::proof::reroute::tests::record(), |key| format!("j{}", key[0]));
        assert!(text.starts_with("request 5 of job j7, first attempt: 3 of 3 targets drawn; target 11 won"), "{text}");
        assert!(text.contains("target 10 came second; target 10 is asked too after 90000 µs"), "{text}");
        assert!(text.contains("3 of 4 slots taken): won"), "{text}");
        assert!(text.contains("4 of 4 slots taken): rejected by hot"), "{text}");
    }
}
