//! One shard: who runs it, who failed it, who did it.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::amount::Units;
use mira_core::{Hash, Key};

use crate::codec::{get, put};

/// A shard of a placed job.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub struct Shard {
    /// Attempts so far; the newest has this number.
    pub attempts: u32,
    /// Attempts that may still report: at most one, or two in the tail, and those of other attempts
    /// that ended after the shard was done.
    pub running: Vec<Attempt>,
    /// Attempts whose module failed.
    pub failures: Vec<Failure>,
    /// What the newest failed attempt said.
    pub note: Option<String>,
    /// When it came to the queue. Unix milliseconds.
    pub queued_at_ms: u64,
    /// How it ended.
    pub end: Option<End>,
}

/// A running attempt.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Attempt {
    /// Its number within the shard, from 1.
    pub number: u32,
    /// Under which lease.
    pub lease: Key,
    /// Who runs it.
    pub provider: Key,
    /// When it started. Unix milliseconds.
    pub started_ms: u64,
    /// When it is handed on. Unix milliseconds.
    pub expires_at_ms: u64,
    /// What it may use at most; reserved from its lease, unless another attempt has won.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub limit: Units,
    /// The slot time that its requester was served for; 0 for a gang's. Milliseconds.
    pub served_ms: u64,
}

/// An attempt whose module failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Failure {
    /// Who said so.
    pub provider: Key,
    /// Its owner.
    pub owner: Key,
}

/// How a shard ended.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum End {
    /// With this result.
    Done {
        /// The attempt that won.
        number: u32,
        /// Its lease.
        lease: Key,
        /// Its provider.
        provider: Key,
        /// The output's content hash.
        output: Hash,
        /// What it used.
        #[borsh(serialize_with = "put", deserialize_with = "get")]
        units: Units,
    },
    /// Its module fails wherever it runs.
    GivenUp,
}

impl Shard {
    /// Whether it may be handed out again.
    pub fn is_open(&self) -> bool {
        self.end.is_none()
    }

    /// Whether this owner failed it.
    pub fn failed_by(&self, owner: &Key) -> bool {
        self.failures.iter().any(|failure| failure.owner == *owner)
    }

    /// Its state's name for people.
    pub fn as_str(&self) -> &'static str {
        match &self.end {
            Some(End::Done { .. }) => "done",
            Some(End::GivenUp) => "failed",
            None if self.running.is_empty() => "queued",
            None => "running",
        }
    }
}
