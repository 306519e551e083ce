//! A route, decided again from its record: scores and evident limits are computed anew, winner, runner-up and
//! backup follow from them, and the seed from the job and its epoch.

use std::fmt;

use mira_core::Hash;

use crate::route::RouteRecord;
use crate::route::choose::Choice;
use crate::route::draw::{hedge_seed, seed};
use crate::route::record::{Attempt, RECORD_BYTES, SCHEMA};

/// Where a route record contradicts itself or its epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteDifference {
    /// It is of a version whose rules these are not.
    Schema(u8),
    /// The scores or the limits of its candidates are not those of what it observed.
    Observed,
    /// Another target wins, comes second or is asked second.
    Chosen,
    /// The draw was not seeded with its job and the hash of its epoch.
    Seed,
}

impl fmt::Display for RouteDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RouteDifference::Schema(schema) => write!(f, "schema: {schema} is not this version's {SCHEMA}"),
            RouteDifference::Observed => {
                f.write_str("candidates: their scores or rejects do not follow from what was observed")
            }
            RouteDifference::Chosen => f.write_str("winner, runner_up or backup: another one has the lower score"),
            RouteDifference::Seed => f.write_str("seed: not that of its job and its epoch"),
        }
    }
}

/// Reads a record's bytes; nothing if they are none.
pub fn read(bytes: &[u8]) -> Option<RouteRecord> {
    if bytes.len() == RECORD_BYTES { borsh::from_slice(bytes).ok() } else { None }
}

/// Writes a record as it is kept.
///
/// # Errors
/// None in memory.
pub fn write(record: &RouteRecord) -> std::io::Result<Vec<u8>> {
    borsh::to_vec(record)
}

/// Decides again. `epoch_hash` is the hash of the epoch that it belongs to, once that is known.
///
/// # Errors
/// Every place where the record says something else.
pub fn reroute(record: &RouteRecord, epoch_hash: Option<&Hash>) -> Result<Choice, Vec<RouteDifference>> {
    if record.schema != SCHEMA {
        return Err(vec![RouteDifference::Schema(record.schema)]);
    }
    let mut found = Vec::new();
    let seeded = epoch_hash.map(|hash| seed(&record.job, hash)).map(|first| match record.attempt {
        Attempt::First => first,
        Attempt::Hedge => hedge_seed(first),
    });
    if seeded.is_some_and(|seed| seed != record.seed) {
        found.push(RouteDifference::Seed);
    }
    let computed = crate::route::recompute(record);
    let recorded = Choice { winner: record.winner, runner_up: record.runner_up, backup: record.backup };
    match computed {
        None => found.push(RouteDifference::Observed),
        Some(computed) if computed != recorded => found.push(RouteDifference::Chosen),
        Some(computed) if found.is_empty() => return Ok(computed),
        Some(_) => {}
    }
    Err(found)
}

#[cfg(test)]
pub(crate) mod tests;
