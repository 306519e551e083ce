//! Decisions of the dispatcher.

use mira_dispatch::place::limit::Limit;
use mira_dispatch::record::{Candidate as RecordCandidate, Purpose, Score as RecordScore};
use mira_wire::decision::{Candidate, Decision, Reject, Score, Why};
use mira_wire::{HashHex, KeyStr};

use crate::dispatch;

/// Limits with how many they rejected.
pub fn rejects(counts: impl IntoIterator<Item = (&'static str, u32)>) -> Vec<Reject> {
    counts.into_iter().map(|(limit, count)| Reject { limit: limit.to_owned(), count }).collect()
}

/// A decision.
pub fn decision(decision: dispatch::Decision) -> Decision {
    let record = decision.record;
    let counts = Limit::ALL.iter().map(|limit| limit.as_str()).zip(record.rejected.iter().copied());
    Decision {
        id: HashHex(record.id),
        seed: HashHex(record.seed),
        spec_hash: HashHex(record.spec_hash),
        counter: record.counter.into(),
        purpose: match record.purpose {
            Purpose::Initial => "initial",
            Purpose::Replacement => "replacement",
        }
        .to_owned(),
        considered: record.considered,
        looked_at: record.looked_at,
        explored: record.explored,
        rejects: rejects(counts.filter(|(_, count)| *count > 0)),
        candidates: record.candidates.iter().map(candidate).collect(),
        winner: record.winner.map(KeyStr),
        runner_up: record.runner_up.map(KeyStr),
        explanation: decision.explanation,
        epoch: record.epoch.into(),
        epoch_hash: HashHex(record.epoch_hash),
    }
}

fn candidate(candidate: &RecordCandidate) -> Candidate {
    Candidate {
        provider: KeyStr(candidate.provider),
        owner: KeyStr(candidate.owner),
        unit_price: candidate.unit_price.get().into(),
        score: candidate.score.map(score),
        rejected_by: candidate.rejects.limits().map(|limit| limit.as_str().to_owned()).collect(),
    }
}

fn score(score: RecordScore) -> Score {
    Score {
        cost: score.cost,
        latency: score.latency,
        data: score.data,
        spread: score.spread,
        total: score.total,
        reliability: score.reliability,
        fragmentation: score.fragmentation,
    }
}

/// Why a job has the leases it has.
pub fn why(job: &[u8; 32], why: dispatch::Why) -> Why {
    Why {
        job: KeyStr(*job),
        status: why.status.to_owned(),
        message: why.message,
        owners_needed: why.owners_needed,
        live_leases: why.live_leases,
        rejects: rejects(why.rejects),
        decisions: why.decisions.into_iter().map(HashHex).collect(),
    }
}
