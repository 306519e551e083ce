//! An index that comes late: from nothing to the newest finalized slot of the local chain.

use super::database::{Database, Engine};
use super::lag::{Lag, calls, reached};
use super::network::Network;
use crate::clock::Stopwatch;
use crate::number::per_second;
use mira_chain::source::{ClusterSource as _, RpcSource};
use mira_indexer::{Config, Indexer, STREAM, SourceKind};
use mira_store::model::Set;
use serde::Serialize;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// One way to catch up.
#[derive(Serialize)]
pub struct Way {
    /// Slots from the chain's first to the last that was finalized when it began.
    pub slots: u64,
    /// What the endpoint was asked for.
    pub calls: u64,
    /// Events in the ledger afterwards.
    pub events: u64,
    micros: u64,
    hash: String,
}

impl Way {
    /// Slots in a second.
    pub fn slots_per_second(&self) -> u64 {
        per_second(self.slots, Duration::from_micros(self.micros))
    }

    /// Calls for a thousand slots.
    pub fn calls_per_thousand(&self) -> u64 {
        self.calls * 1_000 / self.slots.max(1)
    }
}

/// What it came to.
#[derive(Serialize)]
pub struct CatchUp {
    /// Every block was read.
    pub blocks: Way,
    /// The program's transactions alone.
    pub signatures: Way,
}

/// Catches up twice, each time into a new database.
///
/// # Errors
/// The chain or the database does not work.
pub async fn measure(network: &Network, engine: &Engine) -> anyhow::Result<CatchUp> {
    Ok(CatchUp {
        blocks: way(network, engine, SourceKind::Blocks).await?,
        signatures: way(network, engine, SourceKind::Signatures).await?,
    })
}

async fn way(network: &Network, engine: &Engine, source: SourceKind) -> anyhow::Result<Way> {
    let database = Database::new(engine).await?;
    let first = RpcSource::new(network.rpc()).first_available_slot().await?;
    let (last, rpc, stop) = (network.finalized().await?, network.rpc(), CancellationToken::new());
    let watch = Stopwatch::start();
    let config = Config { source, ..Config::default() };
    let indexer = Indexer::spawn(config, database.store.clone(), rpc.clone(), stop.clone());
    reached(&indexer, last).await?;
    let (took, calls) = (watch.elapsed(), calls(&rpc));
    let cursor = indexer.health.borrow().cursor.unwrap_or(last);
    stop.cancel();
    indexer.task.await?;
    let way = Way {
        slots: cursor + 1 - first,
        calls,
        events: database.store.event_count().await?,
        micros: u64::try_from(took.as_micros())?,
        hash: hex::encode(database.store.state_digest(Set::Live, STREAM).await?.hash),
    };
    database.drop().await?;
    Ok(way)
}

impl CatchUp {
    /// What must not be: another ledger or other rows than those of the index that was there all the time.
    pub fn findings(&self, live: &Lag) -> Vec<String> {
        let mut findings = Vec::new();
        for (name, way) in [("blocks", &self.blocks), ("signatures", &self.signatures)] {
            if way.events != live.events {
                findings.push(format!("catching up by {name} finds {} of {} events", way.events, live.events));
            }
            if way.hash != live.hash {
                findings.push(format!("catching up by {name} gives another hash than following"));
            }
        }
        findings
    }
}
