//! A provider asks for a shard, and waits for one.

use std::time::Duration;

use mira_core::amount::Units;
use mira_core::{Hash, Key};
use mira_dispatch::{effect, input};
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::dispatch::actor::Command;
use crate::dispatch::error::Error;
use crate::dispatch::handle::Handle;

/// Who asks, and for how long.
#[derive(Clone, Debug)]
pub struct Pull {
    /// The provider account.
    pub provider: Key,
    /// Under which of its leases; empty means any.
    pub leases: Vec<Key>,
    /// How long it waits if there is nothing yet.
    pub wait: Duration,
}

/// A shard to run.
#[derive(Clone, Copy, Debug)]
pub struct Assignment {
    /// The job.
    pub job: Key,
    /// The lease that it is run under.
    pub lease: Key,
    /// The shard's index.
    pub shard: u32,
    /// The attempt's number within the shard, from 1.
    pub attempt: u32,
    /// The program.
    pub module: Hash,
    /// The input.
    pub input: Hash,
    /// What it may use at most.
    pub units_limit: Units,
    /// How much memory it may use.
    pub memory_limit_bytes: u64,
    /// How long it may run.
    pub time_limit_ms: u64,
    /// When it is handed on. Unix milliseconds.
    pub expires_at_ms: u64,
}

impl Handle {
    /// A shard, or nothing after `wait`, or at once when the dispatcher stops.
    ///
    /// # Errors
    /// `NoOffer`, `Unavailable`.
    pub async fn pull(&self, pull: Pull) -> Result<Option<Assignment>, Error> {
        self.refuse_standby()?;
        let provider = pull.provider;
        let offered = self.read(move |engine| engine.provider(&provider).is_some_and(|known| known.offer.is_some()));
        if !offered.await? {
            return Err(Error::NoOffer);
        }
        let (reply, answer) = oneshot::channel();
        let command = Command::Pull {
            pull: input::Pull { provider, leases: pull.leases },
            at_ms: self.now_ms(),
            until: Instant::now() + pull.wait,
            reply,
        };
        self.send(command).await?;
        let assignment = answer.await.map_err(|_| Error::soon())??;
        Ok(assignment.map(of))
    }
}

fn of(assignment: effect::Assignment) -> Assignment {
    Assignment {
        job: assignment.claim.job,
        lease: assignment.claim.lease,
        shard: assignment.claim.shard,
        attempt: assignment.claim.attempt,
        module: assignment.module,
        input: assignment.input,
        units_limit: assignment.units_limit,
        memory_limit_bytes: assignment.memory_limit_bytes,
        time_limit_ms: assignment.time_limit_ms,
        expires_at_ms: assignment.expires_at_ms,
    }
}
