//! Why this provider, why not the others, and why a job waits: in words, from what was recorded.

mod route;

use std::fmt::Write;

use mira_core::{Hash, Key};

use crate::engine::Engine;
use crate::gang;
use crate::place::limit::Limit;
use crate::record::{Candidate, PlacementRecord, Purpose};
use crate::state::job::Job;

pub use route::explain_route;

/// Where a job stands and what it waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// `Job::as_str`.
    pub status: &'static str,
    /// One sentence for a person.
    pub message: String,
    /// Owners that its `max_share` asks for.
    pub owners_needed: u32,
    /// Leases that work may run under.
    pub live_leases: u32,
    /// Which limit rejected how many, if it has no candidate for a lease that it wants.
    pub rejects: Vec<(Limit, u32)>,
    /// Its placement decisions, oldest first.
    pub decisions: Vec<Hash>,
}

/// Tells why a job stands where it stands.
pub fn why(engine: &Engine, key: &Key) -> Option<Why> {
    let job = engine.job(key)?;
    let live = engine.leases_of(job).filter(|(_, lease)| engine.is_live(lease)).count();
    let live_leases = u32::try_from(live).unwrap_or(u32::MAX);
    Some(Why {
        status: job.as_str(),
        message: gang::views::message(engine, key)
            .into_iter()
            .chain([message(job, live_leases)])
            .collect::<Vec<_>>()
            .join("; "),
        owners_needed: job.owners_needed(),
        live_leases,
        rejects: job.shortage.iter().flat_map(|shortage| shortage.by_limit()).collect(),
        decisions: job.decisions.clone(),
    })
}

fn message(job: &Job, live: u32) -> String {
    let tally = job.tally;
    let mut text = match job.as_str() {
        "complete" => format!("all {} shards are done", job.total()),
        "failed" if job.width() < job.total() => {
            let (failed, all) = (tally.failed, job.total());
            format!("{failed} of {all} shards were given up: their module fails on them, or on what they depend on")
        }
        "failed" => format!("{} of {} shards were given up: their module fails on them", tally.failed, job.total()),
        "ended" => format!("the job ended with {} of {} shards done", tally.done, job.total()),
        "placing" => format!("{} leases are proposed and none is open yet", job.proposals.len()),
        "waiting" => String::from("not placed"),
        _ => format!("{} of {} shards are done; {live} leases are live", tally.done, job.total()),
    };
    if job.open && !job.leasable {
        text.push_str("; nothing may be leased for it now: the network is paused, or the job names another dispatcher");
    }
    let Some(shortage) = &job.shortage else { return text };
    // Writing to a String cannot fail.
    let _ = write!(text, "; no candidate for a lease: {} offers", shortage.considered);
    if shortage.leases_left == 0 {
        text.push_str(", but the job has all the leases that its max_leases allows");
    }
    if shortage.owners_feasible < shortage.owners_needed {
        let _ = write!(text, ", {} of {} owners needed", shortage.owners_feasible, shortage.owners_needed);
    }
    for (limit, count) in shortage.by_limit() {
        let _ = write!(text, "; {} rejected {count} ({})", limit.as_str(), limit.advice());
    }
    text
}

/// Tells a decision in words, one candidate a line. `name` writes a key as people know it.
pub fn explain(record: &PlacementRecord, name: impl Fn(&Key) -> String) -> String {
    let purpose = match record.purpose {
        Purpose::Initial => "first placement",
        Purpose::Replacement => "replacement",
    };
    let mut text =
        format!("decision {} of its spec, {purpose}: {} offers considered", record.counter, record.considered);
    match &record.winner {
        Some(winner) => {
            let _ = write!(text, "; {} won with the lowest score", name(winner));
        }
        None => text.push_str("; nobody was feasible"),
    }
    if let Some(second) = &record.runner_up {
        let _ = write!(text, ", {} came second", name(second));
    }
    if record.explored {
        text.push_str("; by its draw only newcomers competed");
    }
    if record.is_sampled() {
        let _ = write!(text, "\n  a sample of {} offers was looked at; the counts are of the sample", record.looked_at);
    }
    for (limit, count) in Limit::ALL.into_iter().zip(&record.rejected).filter(|(_, count)| **count > 0) {
        let _ = write!(text, "\n  {} rejected {count}: {}", limit.as_str(), limit.advice());
    }
    for candidate in &record.candidates {
        let _ = write!(text, "\n  {}{}", line(candidate, &name), standing(candidate, record));
    }
    text
}

/// How a feasible candidate stands to the winner.
fn standing(candidate: &Candidate, record: &PlacementRecord) -> String {
    if record.winner == Some(candidate.provider) {
        return String::from(": won");
    }
    let won = record.candidates.iter().find(|other| record.winner == Some(other.provider));
    match (candidate.score, won.and_then(|won| won.score)) {
        (Some(score), Some(best)) if score.total == best.total => String::from(": as good, but drawn later"),
        (Some(score), Some(best)) => format!(": {} more than the winner", score.total.saturating_sub(best.total)),
        _ => String::new(),
    }
}

fn line(candidate: &Candidate, name: impl Fn(&Key) -> String) -> String {
    let who = format!("{} at {} per 1,000,000 units", name(&candidate.provider), candidate.unit_price);
    match candidate.score {
        Some(score) => format!(
            "{who}: score {} (cost {}, latency {}, data {}, spread {}, reliability {}, fragmentation {})",
            score.total, score.cost, score.latency, score.data, score.spread, score.reliability, score.fragmentation
        ),
        None => {
            let limits: Vec<&str> = candidate.rejects.limits().map(Limit::as_str).collect();
            format!("{who}: rejected by {}", limits.join(", "))
        }
    }
}

#[cfg(test)]
mod tests;
