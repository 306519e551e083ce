//! A quote on whose strength a job was placed, and what became of it: honoured, or the difference shown.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::amount::Payment;
use mira_core::{Hash, Key};

use crate::codec::{get, put};
use crate::engine::Engine;
use crate::state::job::Job;

/// What was quoted. Times from the placement on.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Quoted {
    /// The job account.
    pub job: Key,
    /// The quote's name: the hash of its content.
    pub quote: Hash,
    /// What the work would cost.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub cost: Payment,
    /// When half, nine of ten, and all but one of a hundred such jobs begin. Milliseconds.
    pub start_ms: [u64; 3],
    /// When they end, if the quote could say. Milliseconds.
    pub completion_ms: Option<[u64; 3]>,
}

/// What became of a job so far. Times from the placement on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actual {
    /// What its accepted results are worth.
    pub cost: Payment,
    /// When its first shard was handed out. Milliseconds.
    pub start_ms: Option<u64>,
    /// When its last shard ended. Milliseconds.
    pub completion_ms: Option<u64>,
}

/// What became of a job so far.
pub fn actual(engine: &Engine, job: &Job) -> Actual {
    let cost = engine.leases_of(job).fold(0, |sum: u64, (_, lease)| sum.saturating_add(lease.amount_due().get()));
    let since = |at_ms: u64| at_ms.saturating_sub(job.asked_ms);
    Actual { cost: Payment::new(cost), start_ms: job.started_ms.map(since), completion_ms: job.ended_ms.map(since) }
}
