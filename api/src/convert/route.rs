//! Routes of requests.

use mira_dispatch::route::RouteRecord;
use mira_dispatch::route::choose::Reject;
use mira_dispatch::route::record::{Attempt, Candidate};
use mira_wire::KeyStr;
use mira_wire::decision::{RouteCandidate, RouteDecision};

use crate::dispatch;

/// A route.
pub fn route(route: dispatch::Route) -> RouteDecision {
    let record: &RouteRecord = &route.record;
    let target = |place: u8| record.at(place).map(|candidate| candidate.target.0);
    RouteDecision {
        number: route.number.into(),
        job: KeyStr(record.job),
        counter: record.counter.into(),
        attempt: match record.attempt {
            Attempt::First => "first",
            Attempt::Hedge => "hedge",
        }
        .to_owned(),
        targets: record.pool,
        candidates: record.drawn().iter().map(candidate).collect(),
        winner: target(record.winner),
        runner_up: target(record.runner_up),
        backup: target(record.backup),
        hedge_after_us: record.hedge_after_us,
        explanation: route.explanation,
    }
}

fn candidate(candidate: &Candidate) -> RouteCandidate {
    let limits = Reject::ALL.into_iter().filter(|limit| candidate.rejects & limit.bit() != 0);
    RouteCandidate {
        target: candidate.target.0,
        owner: candidate.owner,
        score: candidate.score.into(),
        rtt_us: candidate.rtt_us,
        ewma_us: candidate.ewma_us,
        deviation_us: candidate.deviation_us,
        unit_price: candidate.price.into(),
        reliability_ppm: candidate.reliability_ppm,
        in_flight: candidate.in_flight,
        capacity: candidate.capacity,
        rejected_by: limits.map(|limit| limit.as_str().to_owned()).collect(),
    }
}
