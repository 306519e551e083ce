//! Usage reports: signed, written down, sent, one at a time per lease.

use std::collections::BTreeSet;
use std::time::Duration;

use mira_core::Key;

use super::{Agent, RETRY};
use crate::error::NodeError;
use crate::journal::{Book, Record, SignedUsage};
use crate::usage;

/// Look without being woken: after a restart, and after failures.
const LOOK: Duration = Duration::from_secs(1);

pub(super) async fn run(agent: &Agent) -> Result<(), NodeError> {
    // Reports that the API refused for good. Sending them again would not help; a person has to look.
    let mut refused = BTreeSet::new();
    loop {
        let mut failed = false;
        for lease in owing(agent) {
            if !refused.contains(&lease) {
                failed |= !report(agent, &lease, &mut refused).await?;
            }
        }
        let pause = if failed { RETRY } else { LOOK };
        tokio::select! {
            () = agent.report.notified(), if !failed => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

fn owing(agent: &Agent) -> Vec<Key> {
    agent.journal.read(|book: &Book| {
        let owing = book.live().filter(|(_, lease)| {
            lease.owes_report() || lease.usage.is_some_and(|usage| usage.seq > lease.usage_stored)
        });
        owing.map(|(key, _)| *key).collect()
    })
}

/// Sends the unstored report of a lease, or makes and sends the next. False if it has to be tried again.
async fn report(agent: &Agent, lease: &Key, refused: &mut BTreeSet<Key>) -> Result<bool, NodeError> {
    let Some(report) = unstored(agent, lease).await? else { return Ok(true) };
    match agent.client.usage(&usage::to_wire(lease, &report)).await {
        Ok(_) => {
            agent.record(Record::UsageStored { lease: *lease, seq: report.seq }).await?;
            Ok(true)
        }
        Err(error) if error.is_transient() => {
            tracing::debug!(%error, "a usage report is not delivered yet");
            Ok(false)
        }
        Err(error) => {
            tracing::error!(%error, seq = report.seq, "a usage report was refused; this lease reports no more");
            refused.insert(*lease);
            Ok(true)
        }
    }
}

async fn unstored(agent: &Agent, lease: &Key) -> Result<Option<SignedUsage>, NodeError> {
    let pending = |book: &Book| {
        let known = book.lease(lease)?;
        known.usage.filter(|usage| usage.seq > known.usage_stored)
    };
    if let Some(pending) = agent.journal.read(pending) {
        return Ok(Some(pending));
    }
    let (lease, cluster_id, operator) = (*lease, agent.chain.cluster_id, agent.config.operator.clone());
    let make = move |book: &Book| {
        let usage = usage::next(&lease, book.lease(&lease)?, cluster_id, &operator)?;
        Some(Record::UsageSigned { lease, usage })
    };
    Ok(match agent.record_with(make).await? {
        Some(Record::UsageSigned { usage, .. }) => Some(usage),
        _ => None,
    })
}
