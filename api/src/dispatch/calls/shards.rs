//! How a job's work stands, shard by shard, and what each lease is owed for it.

use mira_core::amount::{Payment, UnitPrice, Units};
use mira_core::{Hash, Key};
use mira_dispatch::Engine;
use mira_dispatch::quoted::{Actual, Quoted, actual};
use mira_dispatch::state::job::Job;
use mira_dispatch::state::shard::{End, Shard};

use crate::dispatch::error::Error;
use crate::dispatch::handle::Handle;

/// A job's work.
#[derive(Clone, Debug)]
pub struct Shards {
    /// The job's state.
    pub status: &'static str,
    /// All shards.
    pub total: u32,
    /// With a result.
    pub done: u32,
    /// Given up.
    pub failed: u32,
    /// With an attempt that runs.
    pub running: u32,
    /// Waiting for a provider. What is in none of these counts waits for the stage before it.
    pub queued: u32,
    /// Taken from one attempt for another.
    pub redispatched: u32,
    /// Results that came second.
    pub duplicates: u32,
    /// A page of them, by index.
    pub rows: Vec<ShardRow>,
    /// What each lease is owed.
    pub leases: Vec<LeaseDue>,
    /// The quote that it was placed with, and what became of it.
    pub quoted: Option<(Quoted, Actual)>,
}

/// One shard.
#[derive(Clone, Debug)]
pub struct ShardRow {
    /// Its index.
    pub index: u32,
    /// Its state's name.
    pub state: &'static str,
    /// Attempts so far.
    pub attempts: u32,
    /// The lease of its result, or of the newest attempt that runs.
    pub lease: Option<Key>,
    /// That lease's provider.
    pub provider: Option<Key>,
    /// The output's content hash.
    pub output: Option<Hash>,
    /// What the result used.
    pub units: Option<Units>,
    /// What the newest failure said, unless the shard is done.
    pub error: Option<String>,
}

/// What a lease is owed: what its vouchers should reach.
#[derive(Clone, Copy, Debug)]
pub struct LeaseDue {
    /// The lease.
    pub lease: Key,
    /// Its provider.
    pub provider: Key,
    /// Its price per 1,000,000 units.
    pub unit_price: UnitPrice,
    /// The most it pays.
    pub cap: Payment,
    /// Units of its accepted results.
    pub units: Units,
    /// What they are worth; at most the cap.
    pub amount_due: Payment,
    /// How many there are.
    pub shards_done: u32,
    /// Whether work may run under it now.
    pub live: bool,
    /// Whether it may still get work.
    pub wanted: bool,
}

impl Handle {
    /// A job's work with at most `limit` shards after an index; nothing if it was never placed here.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn shards(&self, job: Key, after: Option<u32>, limit: u32) -> Result<Option<Shards>, Error> {
        self.read(move |engine| engine.job(&job).map(|job| view(engine, job, after, limit))).await
    }
}

fn view(engine: &Engine, job: &Job, after: Option<u32>, limit: u32) -> Shards {
    let first = after.map_or(0, |after| after.saturating_add(1));
    let last = first.saturating_add(limit).min(job.total());
    let rows = (first..last).filter_map(|index| Some(row(job, index, job.shard(index)?)));
    let running = job.running.iter().filter(|index| job.shard(**index).is_some_and(Shard::is_open)).count();
    Shards {
        status: job.as_str(),
        total: job.total(),
        done: job.tally.done,
        failed: job.tally.failed,
        running: u32::try_from(running).unwrap_or(u32::MAX),
        queued: u32::try_from(job.queue.len()).unwrap_or(u32::MAX),
        redispatched: job.tally.redispatched,
        duplicates: job.tally.duplicates,
        rows: rows.collect(),
        leases: leases(engine, job),
        quoted: job.quoted.clone().map(|quoted| (quoted, actual(engine, job))),
    }
}

fn row(job: &Job, index: u32, shard: &Shard) -> ShardRow {
    let (lease, provider, output, units) = match &shard.end {
        Some(End::Done { lease, provider, output, units, .. }) => {
            (Some(*lease), Some(*provider), Some(*output), Some(*units))
        }
        Some(End::GivenUp) => (None, None, None, None),
        None => {
            let newest = shard.running.last();
            (newest.map(|attempt| attempt.lease), newest.map(|attempt| attempt.provider), None, None)
        }
    };
    let error = if output.is_some() { None } else { shard.note.clone() };
    // A later stage whose input does not exist yet is in no queue.
    let waits = shard.is_open() && job.input(index).is_none();
    let state = if waits { "waiting" } else { shard.as_str() };
    ShardRow { index, state, attempts: shard.attempts, lease, provider, output, units, error }
}

fn leases(engine: &Engine, job: &Job) -> Vec<LeaseDue> {
    let all = engine.leases_of(job).map(|(key, lease)| LeaseDue {
        lease: *key,
        provider: lease.provider,
        unit_price: lease.unit_price,
        cap: lease.cap,
        units: lease.used,
        amount_due: lease.amount_due(),
        shards_done: lease.shards_done,
        live: engine.is_live(lease),
        wanted: engine.is_wanted(lease),
    });
    all.collect()
}
