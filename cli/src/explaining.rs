//! A decision's record: told in words, decided again, and held against what its dispatcher signed. Nothing that the
//! server says is believed but the record itself, and that only if the proof leads from it to a signed root.

mod epoch;

use mira_core::Key;
use mira_dispatch::explain::{explain, explain_route};
use mira_dispatch::place::limit::Limit;
use mira_dispatch::proof::reroute::{self, reroute};
use mira_dispatch::proof::{Kind, recompute};
use mira_dispatch::record::{Candidate, PlacementRecord};
use mira_wire::HashHex;
use mira_wire::dispatch::{DecisionProof, DispatchEpoch};
use serde_json::{Value, json};

use crate::settings::show_key;

/// What the caller knows without the server.
pub struct Expected<'a> {
    /// The decision that was asked for.
    pub decision: &'a str,
    /// Whose it must be.
    pub dispatcher: Option<Key>,
    /// The cluster that the signature must name.
    pub cluster: Option<Key>,
}

/// One thing that must hold.
pub struct Check {
    /// Its stable name.
    pub name: &'static str,
    /// Whether it does.
    pub ok: bool,
    /// What was found.
    pub detail: String,
}

/// What came of it.
pub struct Verdict {
    /// The decision in words.
    pub explanation: String,
    /// The decision as data.
    pub record: Value,
    /// What must hold.
    pub checks: Vec<Check>,
    /// Whether its epoch is closed, so that there is a proof.
    pub closed: bool,
    /// The input that led to it, if the dispatcher has deleted that by now.
    pub pruned: Option<u64>,
}

impl Verdict {
    /// Whether everything holds.
    pub fn ok(&self) -> bool {
        self.checks.iter().all(|check| check.ok)
    }

    /// For a program.
    pub fn document(&self, decision: &str) -> Value {
        let check = |check: &Check| json!({ "name": check.name, "ok": check.ok, "detail": check.detail });
        json!({
            "decision": decision,
            "ok": self.ok(),
            "proven": self.closed && self.ok(),
            "replayable": self.pruned.is_none(),
            "checks": self.checks.iter().map(check).collect::<Vec<_>>(),
            "record": self.record,
            "explanation": self.explanation,
        })
    }

    /// For a person.
    pub fn display(&self) -> String {
        let mut lines = vec![self.explanation.clone(), String::new()];
        for check in &self.checks {
            lines.push(format!("{} {}: {}", if check.ok { "ok  " } else { "FAIL" }, check.name, check.detail));
        }
        lines.push(match (self.ok(), self.closed) {
            (true, true) => "verified".to_owned(),
            (true, false) => {
                "verified as far as it goes: its dispatch epoch is open, the proof comes with its end".to_owned()
            }
            (false, _) => "NOT VERIFIED: what fails is named above".to_owned(),
        });
        lines.extend(self.pruned.map(|input| {
            format!(
                "input {input}, which led to it, is no longer in the dispatcher's log: what the record says was observed \
                 cannot be observed again, and `mira replay` begins after it"
            )
        }));
        lines.join("\n")
    }
}

/// Explains a decision and checks it. `previous` is the epoch before its own.
///
/// # Errors
/// Bytes that are no record.
pub fn verify(
    expected: &Expected<'_>,
    proof: &DecisionProof,
    previous: Option<&DispatchEpoch>,
) -> Result<Verdict, String> {
    let bytes = hex::decode(&proof.record).map_err(|error| error.to_string())?;
    match Kind::parse(&proof.kind) {
        Some(Kind::Placement) => placement(expected, proof, &bytes, previous),
        Some(Kind::Route) => route(expected, proof, &bytes, previous),
        None => Err(format!("this version cannot read a record of kind {}", proof.kind)),
    }
}

fn route(
    expected: &Expected<'_>,
    proof: &DecisionProof,
    bytes: &[u8],
    previous: Option<&DispatchEpoch>,
) -> Result<Verdict, String> {
    let record = reroute::read(bytes).ok_or("its bytes are no route record")?;
    let inclusion = proof.inclusion.as_ref();
    let epoch_hash = inclusion.map(|inclusion| inclusion.epoch.hash.get());
    let mut checks = vec![match reroute(&record, epoch_hash.as_ref()) {
        Ok(_) => Check {
            name: "recomputed",
            ok: true,
            detail: "what was observed leads to the same scores, winner, runner-up and backup".to_owned(),
        },
        Err(found) => {
            let found: Vec<String> = found.iter().map(ToString::to_string).collect();
            Check { name: "recomputed", ok: false, detail: found.join("; ") }
        }
    }];
    if let Some(inclusion) = inclusion {
        checks.extend(epoch::checks(expected, inclusion, Kind::Route, bytes, None, previous));
    }
    let place = |at: u8| record.at(at).map(|candidate| candidate.target.0);
    Ok(Verdict {
        explanation: explain_route(&record, show_key),
        record: json!({
            "job": show_key(&record.job),
            "counter": record.counter.to_string(),
            "winner": place(record.winner),
            "runner_up": place(record.runner_up),
            "backup": place(record.backup),
        }),
        checks,
        closed: inclusion.is_some(),
        pruned: pruned(proof),
    })
}

fn placement(
    expected: &Expected<'_>,
    proof: &DecisionProof,
    bytes: &[u8],
    previous: Option<&DispatchEpoch>,
) -> Result<Verdict, String> {
    let record = PlacementRecord::from_bytes(bytes).map_err(|error| error.to_string())?;
    let id = HashHex(record.id).to_string();
    let mut checks = vec![Check { name: "asked", ok: id == expected.decision, detail: format!("it is decision {id}") }];
    checks.push(match recompute(&record) {
        Ok(_) => Check {
            name: "recomputed",
            ok: true,
            detail: "its draw and its scores lead to the same winner and runner-up".to_owned(),
        },
        Err(found) => {
            let found: Vec<String> = found.iter().map(ToString::to_string).collect();
            Check { name: "recomputed", ok: false, detail: found.join("; ") }
        }
    });
    if let Some(inclusion) = &proof.inclusion {
        let seeded = (record.epoch, record.epoch_hash);
        checks.extend(epoch::checks(expected, inclusion, Kind::Placement, bytes, Some(seeded), previous));
    }
    Ok(Verdict {
        explanation: explain(&record, show_key),
        record: document(&record),
        checks,
        closed: proof.inclusion.is_some(),
        pruned: pruned(proof),
    })
}

/// The input that led to it, if the server says that it is deleted.
fn pruned(proof: &DecisionProof) -> Option<u64> {
    (!proof.in_log).then_some(proof.input.get())
}

fn document(record: &PlacementRecord) -> Value {
    let counts = Limit::ALL.iter().zip(&record.rejected).filter(|(_, count)| **count > 0);
    let rejects: Vec<Value> = counts
        .map(|(limit, count)| json!({ "limit": limit.as_str(), "count": count, "advice": limit.advice() }))
        .collect();
    json!({
        "spec_hash": HashHex(record.spec_hash),
        "counter": record.counter.to_string(),
        "epoch": record.epoch.to_string(),
        "epoch_hash": HashHex(record.epoch_hash),
        "seed": HashHex(record.seed),
        "considered": record.considered,
        "winner": record.winner.as_ref().map(show_key),
        "runner_up": record.runner_up.as_ref().map(show_key),
        "rejects": rejects,
        "candidates": record.candidates.iter().map(candidate).collect::<Vec<_>>(),
    })
}

fn candidate(candidate: &Candidate) -> Value {
    let limits: Vec<&str> = candidate.rejects.limits().map(Limit::as_str).collect();
    json!({
        "provider": show_key(&candidate.provider),
        "owner": show_key(&candidate.owner),
        "unit_price": candidate.unit_price.get().to_string(),
        "score": candidate.score.map(|score| score.total),
        "rejected_by": limits,
    })
}

#[cfg(test)]
mod tests;
