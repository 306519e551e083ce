//! One shard: fetch, run, upload, tell.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use backon::{ExponentialBuilder, Retryable as _};
use bytes::Bytes;
use mira_core::{Hash, Key};
use mira_wire::client::ApiError;
use mira_wire::node::{Assignment, Fault, MAX_ERROR_BYTES, Outcome, ResultReply, ResultRequest, Verdict};
use mira_wire::request::body_hash;
use mira_wire::{HashHex, KeyStr, Kind, PageQuery, U64Str};

use super::Agent;
use crate::error::NodeError;
use crate::executor::{ExecError, Output, Task};
use crate::journal::{Done, Record};

/// With these delays about half a minute of patience with an API that restarts.
fn patience() -> ExponentialBuilder {
    let (least, most) = (std::time::Duration::from_millis(100), std::time::Duration::from_secs(5));
    ExponentialBuilder::default().with_jitter().with_min_delay(least).with_max_delay(most).with_max_times(10)
}

/// Why a shard has no result.
struct Failure {
    fault: Fault,
    message: String,
}

impl From<ExecError> for Failure {
    fn from(error: ExecError) -> Self {
        let fault = match error {
            // Wall time depends on the machine: another one may be fast enough.
            ExecError::TimeLimit { .. } | ExecError::Cancelled | ExecError::Host(_) => Fault::Node,
            ExecError::Malformed(_)
            | ExecError::OutOfFuel { .. }
            | ExecError::MemoryLimit { .. }
            | ExecError::OutputTooLarge { .. }
            | ExecError::Trap(_) => Fault::Module,
        };
        Self { fault, message: format!("{}: {error}", error.kind()) }
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self { fault: Fault::Node, message: error.to_string() }
    }
}

/// Runs one shard to its end and tells the dispatcher how it ended.
pub(super) async fn run(agent: &Arc<Agent>, assignment: &Assignment) -> Result<(), NodeError> {
    let lease: Key = assignment.lease.get();
    let _running = agent.begin(lease);
    match produce(agent, assignment).await {
        Ok((output, units)) => {
            let done = Done { shard: assignment.shard, attempt: assignment.attempt, output, units };
            agent.counters.shards_done.fetch_add(1, Ordering::Relaxed);
            agent.record(Record::ShardDone { lease, done }).await?;
            tell_done(agent, &assignment.job.get(), &lease, &done).await
        }
        Err(failure) => {
            tell_failure(agent, assignment, failure).await;
            Ok(())
        }
    }
}

/// Tells again, after a restart, what the dispatcher has not answered to.
pub(super) async fn resume(agent: &Arc<Agent>) -> Result<(), NodeError> {
    let untold: Vec<(Key, Key, Done)> = agent.journal.read(|book| {
        let live = book.leases().filter(|(_, lease)| !lease.gone);
        live.flat_map(|(key, lease)| lease.unjudged.values().map(|done| (lease.terms.job, *key, *done))).collect()
    });
    for (job, lease, done) in untold {
        tell_done(agent, &job, &lease, &done).await?;
    }
    Ok(())
}

async fn produce(agent: &Agent, assignment: &Assignment) -> Result<(Hash, u64), Failure> {
    let memory_limit_bytes = assignment.memory_limit_bytes.get();
    if memory_limit_bytes > agent.config.max_memory_bytes {
        let message = format!("this node gives a shard at most {} bytes of memory", agent.config.max_memory_bytes);
        return Err(Failure { fault: Fault::Node, message });
    }
    let task = Task {
        module_hash: assignment.module.get(),
        module: blob(agent, assignment.module).await?,
        input: blob(agent, assignment.input).await?,
        units_limit: assignment.fuel_limit.get(),
        memory_limit_bytes,
        time_limit_ms: assignment.time_limit_ms.get(),
        output_limit_bytes: agent.config.output_limit_bytes,
    };
    let output = execute(agent, task).await?;
    let put = || agent.client.api().put_blob(output.bytes.clone());
    put.retry(patience()).when(ApiError::is_transient).await?;
    let hash = body_hash(&output.bytes);
    // The next stage of a pipeline reads it, and is sent to where it lies.
    keep(agent, &hash, &output.bytes).await;
    Ok((hash, output.units))
}

async fn execute(agent: &Agent, task: Task) -> Result<Output, Failure> {
    let (executor, kill) = (Arc::clone(&agent.executor), agent.kill.child_token());
    // When this future is dropped, the run is not: it has to be told.
    let _cancel = kill.clone().drop_guard();
    match tokio::task::spawn_blocking(move || executor.run(&task, &kill)).await {
        Ok(ended) => Ok(ended?),
        Err(error) => Err(ExecError::Host(error.to_string()).into()),
    }
}

/// From the cache or the API; the hash is checked either way.
async fn blob(agent: &Agent, hash: HashHex) -> Result<Bytes, Failure> {
    if let Some(bytes) = agent.cache.get(&hash.get()).await {
        return Ok(bytes);
    }
    let get = || agent.client.api().get_blob(hash);
    let bytes = get.retry(patience()).when(ApiError::is_transient).await?;
    keep(agent, &hash.get(), &bytes).await;
    Ok(bytes)
}

async fn keep(agent: &Agent, hash: &Hash, bytes: &Bytes) {
    if let Err(error) = agent.cache.put(hash, bytes).await {
        tracing::warn!(%error, "a blob was not kept");
    }
}

async fn tell(
    agent: &Agent,
    job: &Key,
    lease: &Key,
    shard: u32,
    attempt: u32,
    outcome: Outcome,
) -> Result<ResultReply, ApiError> {
    let provider = KeyStr(agent.config.provider.to_bytes());
    let result = ResultRequest { provider, job: KeyStr(*job), lease: KeyStr(*lease), shard, attempt, outcome };
    let post = || agent.client.result(&result);
    post.retry(patience()).when(ApiError::is_transient).await
}

/// Tells a result and writes down the answer.
async fn tell_done(agent: &Arc<Agent>, job: &Key, lease: &Key, done: &Done) -> Result<(), NodeError> {
    let outcome = Outcome::Ok { output: HashHex(done.output), units: U64Str(done.units) };
    let (accepted, cumulative_units) = match tell(agent, job, lease, done.shard, done.attempt, outcome).await {
        Ok(reply) if reply.verdict == Verdict::Accepted => (true, reply.cumulative_units.map_or(0, U64Str::get)),
        // The first answer may have been lost with a crash: then the dispatcher has counted this very result.
        Ok(_) => counted(agent, job, lease, done).await,
        Err(error) if error.is_transient() => {
            tracing::warn!(%error, shard = done.shard, "a result is not delivered; it is told again after a restart");
            return Ok(());
        }
        Err(error) => {
            if error.kind() == Some(Kind::NoOffer) {
                agent.counters.offer_wanted.store(true, Ordering::Relaxed);
            }
            tracing::warn!(%error, shard = done.shard, "a result was refused");
            counted(agent, job, lease, done).await
        }
    };
    let (shard, attempt) = (done.shard, done.attempt);
    agent.record(Record::ShardJudged { lease: *lease, shard, attempt, accepted, cumulative_units }).await?;
    if accepted {
        agent.counters.accepted.fetch_add(1, Ordering::Relaxed);
        agent.report.notify_one();
    }
    Ok(())
}

/// Whether the dispatcher's own list has this result under this lease, and the units it counts for the lease.
async fn counted(agent: &Agent, job: &Key, lease: &Key, done: &Done) -> (bool, u64) {
    // The page that holds the shard: cursors are opaque, so the pages are walked.
    let mut page = PageQuery { limit: Some(100), cursor: None };
    loop {
        let Ok(reply) = agent.client.api().job_shards(KeyStr(*job), &page).await else { return (false, 0) };
        if let Some(row) = reply.data.shards.iter().find(|row| row.shard == done.shard) {
            let mine = row.lease == Some(KeyStr(*lease)) && row.output == Some(HashHex(done.output));
            let due = reply.data.leases.iter().find(|due| due.lease == KeyStr(*lease));
            let units = due.map_or(0, |due| due.units.get());
            return if mine && row.state == "done" { (true, units) } else { (false, 0) };
        }
        match reply.data.next_cursor {
            Some(cursor) => page.cursor = Some(cursor),
            None => return (false, 0),
        }
    }
}

async fn tell_failure(agent: &Agent, assignment: &Assignment, failure: Failure) {
    let Failure { fault, mut message } = failure;
    let mut end = message.len().min(MAX_ERROR_BYTES);
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    message.truncate(end);
    tracing::warn!(shard = assignment.shard, %message, "a shard failed");
    let outcome = Outcome::Error { fault, message };
    let (job, lease) = (assignment.job.get(), assignment.lease.get());
    // If this is not delivered, the shard's time runs out and it is handed on all the same.
    if let Err(error) = tell(agent, &job, &lease, assignment.shard, assignment.attempt, outcome).await {
        tracing::warn!(%error, shard = assignment.shard, "a failure is not delivered");
    }
}
