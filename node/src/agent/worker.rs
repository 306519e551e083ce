//! One worker a slot: pulls a shard, runs it, pulls the next.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use mira_wire::node::{Assignment, MAX_PULL_LEASES, WorkRequest};
use mira_wire::{KeyStr, Kind};
use tokio::task::JoinSet;

use super::{Agent, RETRY, shard};
use crate::error::NodeError;

/// How long a pull waits for work. A draining node waits for its pulls to come back, so not long.
const PULL_WAIT_MS: u32 = 2_000;
/// How often to look whether a lease may be pulled for, besides being woken.
const LOOK: Duration = Duration::from_millis(250);

/// Runs all slots until the node drains.
pub(super) async fn run(agent: &Arc<Agent>) -> Result<(), NodeError> {
    let mut slots = JoinSet::new();
    for _ in 0..agent.config.slots {
        slots.spawn(slot(Arc::clone(agent)));
    }
    while let Some(ended) = slots.join_next().await {
        ended.map_err(|e| NodeError::Task(e.to_string()))??;
    }
    Ok(())
}

async fn slot(agent: Arc<Agent>) -> Result<(), NodeError> {
    while !agent.drain.is_cancelled() {
        if let Some(assignment) = pull(&agent).await {
            shard::run(&agent, &assignment).await?;
        }
    }
    Ok(())
}

/// Asks for a shard, or waits a moment.
async fn pull(agent: &Agent) -> Option<Assignment> {
    let mut leases = agent.pullable();
    if leases.is_empty() {
        tokio::select! {
            () = agent.work.notified() => {}
            () = agent.drain.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
        return None;
    }
    leases.truncate(MAX_PULL_LEASES);
    let request = WorkRequest {
        provider: KeyStr(agent.config.provider.to_bytes()),
        leases: leases.into_iter().map(KeyStr).collect(),
        wait_ms: PULL_WAIT_MS,
    };
    let asked = tokio::time::Instant::now();
    match agent.client.work(&request).await {
        Ok(reply) if reply.assignment.is_some() => return reply.assignment,
        // An answer before the time means that waiting is of no use just now.
        Ok(_) if asked.elapsed() >= Duration::from_millis(PULL_WAIT_MS.into()) / 2 => {}
        Ok(_) => tokio::time::sleep(LOOK).await,
        Err(error) => {
            if error.kind() == Some(Kind::NoOffer) {
                agent.counters.offer_wanted.store(true, Ordering::Relaxed);
            }
            tracing::debug!(%error, "no work");
            tokio::time::sleep(RETRY).await;
        }
    }
    None
}
