//! From finalized to visible: settlements are sent to the chain, an indexer follows it, and a client of the API
//! reads its stream. The lag of a settlement is from the moment at which the endpoint calls its slot
//! finalized until the client has its event.

use super::database::{Database, Engine};
use super::network::{LEASES, Network, SLOT_MS};
use crate::clock::Stopwatch;
use anyhow::Context;
use futures_util::future::try_join_all;
use hdrhistogram::Histogram;
use mira_api::{Api, ApiConfig, IndexHealth, Limits, Running};
use mira_chain::pda;
use mira_chain::rpc::Rpc;
use mira_chain::send::Confirmed;
use mira_indexer::{Config, Handle, Indexer, STREAM};
use mira_store::Store;
use mira_store::model::Set;
use mira_wire::client::{ApiClient, EventStream};
use mira_wire::clock;
use serde::Serialize;
use solana_commitment_config::CommitmentLevel;
use solana_sdk::signature::Keypair;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

/// What was sent is visible by then, or lost.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// How often the endpoint is asked what is finalized: how exact the figures are.
const LOOK: Duration = Duration::from_millis(2);
/// The event of a settlement.
const SETTLED: &str = "LeaseSettled";

/// What it came to.
#[derive(Serialize)]
pub struct Lag {
    /// Settlements that were sent and seen.
    pub seen: u64,
    /// Half were visible within so many microseconds.
    pub p50_micros: u64,
    /// All but a hundredth.
    pub p99_micros: u64,
    /// All.
    pub most_micros: u64,
    /// Slots that the indexer followed meanwhile.
    pub slots: u64,
    /// What it asked the endpoint for.
    pub calls: u64,
    /// Events in its ledger.
    pub events: u64,
    /// The hash of its rows, hexadecimal.
    pub hash: String,
}

/// Follows the network into a new database while settlements are sent.
///
/// # Errors
/// The chain, the database or the API does not work.
pub async fn measure(network: &Network, engine: &Engine, settlements: u64) -> anyhow::Result<Lag> {
    let database = Database::new(engine).await?;
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let stop = CancellationToken::new();
    let rpc = network.rpc();
    let config = Config { poll: Duration::from_millis(SLOT_MS), ..Config::default() };
    let indexer = Indexer::spawn(config, database.store.clone(), rpc.clone(), stop.child_token());
    reached(&indexer, network.finalized().await?).await?;
    let api = serve(network, &database.store, &indexer, folder.path(), &stop).await?;
    let stream = ApiClient::new(&api.url())?.stream(None).await?;

    let (watch, before) = (Stopwatch::start(), position(&indexer, &rpc));
    let (seen, mut arriving) = mpsc::unbounded_channel();
    tokio::spawn(read(stream, watch, seen));
    let finality = tokio::spawn(look(network.rpc(), watch, stop.child_token()));
    let sent = send(network, settlements).await?;
    let mut arrived = HashMap::new();
    let all = async {
        while arrived.len() < sent.len() {
            let Some((signature, at)) = arriving.recv().await else { return };
            arrived.insert(signature, at);
        }
    };
    // What has not come by then is a finding.
    let _ = tokio::time::timeout(PATIENCE, all).await;
    let after = position(&indexer, &rpc);

    stop.cancel();
    let finality = finality.await?;
    api.stopped().await;
    indexer.task.await?;
    let histogram = lags(&sent, &arrived, &finality)?;
    let lag = Lag {
        seen: histogram.len(),
        p50_micros: histogram.value_at_quantile(0.5),
        p99_micros: histogram.value_at_quantile(0.99),
        most_micros: histogram.max(),
        slots: after.0 - before.0,
        calls: after.1 - before.1,
        events: database.store.event_count().await?,
        hash: hex::encode(database.store.state_digest(Set::Live, STREAM).await?.hash),
    };
    database.drop().await?;
    Ok(lag)
}

/// Waits until the index holds everything up to a slot.
///
/// # Errors
/// It stops, or does not get there in time.
pub async fn reached(indexer: &Handle, slot: u64) -> anyhow::Result<()> {
    let reached = tokio::time::timeout(PATIENCE, indexer.reached(slot)).await;
    Ok(reached.with_context(|| format!("slot {slot} was not indexed in {PATIENCE:?}"))??)
}

/// The cursor, and how many calls a client has made.
fn position(indexer: &Handle, rpc: &Rpc) -> (u64, u64) {
    (indexer.health.borrow().cursor.unwrap_or(0), calls(rpc))
}

/// How many calls a client has made.
pub fn calls(rpc: &Rpc) -> u64 {
    rpc.client().get_transport_stats().request_count as u64
}

async fn serve(
    network: &Network,
    store: &Arc<dyn Store>,
    indexer: &Handle,
    folder: &Path,
    stop: &CancellationToken,
) -> anyhow::Result<Running> {
    let config = ApiConfig {
        bind: ([127, 0, 0, 1], 0).into(),
        store: store.clone(),
        blobs_dir: folder.join("blobs"),
        dispatcher: Keypair::new_from_array([9; 32]).to_bytes(),
        rpc_url: network.rpc_url(),
        program_id: pda::PROGRAM_ID.to_bytes(),
        engine: mira_dispatch::Config::default(),
        dispatch_poll: Duration::from_millis(SLOT_MS),
        dispatch_hold: mira_api::dispatch::settings::HOLD,
        dispatch_keep: mira_api::dispatch::Keep::default(),
        write_behind: false,
        health: health(indexer),
        clock: clock::system(),
        limits: Limits::default(),
    };
    Ok(Api::spawn(config, stop.child_token()).await?)
}

/// What wakes the API's streams: every commit of the indexer.
fn health(indexer: &Handle) -> watch::Receiver<IndexHealth> {
    let mut health = indexer.health.clone();
    let (sender, receiver) = watch::channel(IndexHealth::default());
    tokio::spawn(async move {
        while health.changed().await.is_ok() {
            let (slot, tip) = (health.borrow().cursor, health.borrow().finalized);
            sender.send_replace(IndexHealth { ready: true, slot, tip, detail: String::new() });
        }
    });
    receiver
}

/// Notes when each settlement's event came, until nobody wants to know or the stream ends.
async fn read(mut stream: EventStream, watch: Stopwatch, seen: mpsc::UnboundedSender<([u8; 64], Duration)>) {
    while let Ok(Some(item)) = stream.next().await {
        if item.event.name == SETTLED && seen.send((item.event.signature.0, watch.elapsed())).is_err() {
            return;
        }
    }
}

/// Notes when each slot was called finalized.
async fn look(rpc: Rpc, watch: Stopwatch, stop: CancellationToken) -> Vec<(u64, Duration)> {
    let mut seen: Vec<(u64, Duration)> = Vec::new();
    while !stop.is_cancelled() {
        if let Ok(slot) = rpc.slot(CommitmentLevel::Finalized).await
            && seen.last().is_none_or(|(last, _)| *last < slot)
        {
            seen.push((slot, watch.elapsed()));
        }
        tokio::time::sleep(LOOK).await;
    }
    seen
}

/// Sends settlements, one at a time on each lease.
async fn send(network: &Network, settlements: u64) -> anyhow::Result<Vec<Confirmed>> {
    let on = |lease: u32| async move {
        let mut sent = Vec::new();
        for number in 0..settlements {
            if number % u64::from(LEASES) == u64::from(lease) {
                sent.push(network.settle(lease as usize).await?);
            }
        }
        anyhow::Ok(sent)
    };
    Ok(try_join_all((0..LEASES).map(on)).await?.concat())
}

fn lags(
    sent: &[Confirmed],
    arrived: &HashMap<[u8; 64], Duration>,
    finality: &[(u64, Duration)],
) -> anyhow::Result<Histogram<u64>> {
    let mut histogram = Histogram::new(3)?;
    for confirmed in sent {
        let signature = <[u8; 64]>::from(confirmed.signature);
        let at = finality.partition_point(|(slot, _)| *slot < confirmed.slot);
        if let (Some(arrived), Some((_, finalized))) = (arrived.get(&signature), finality.get(at)) {
            // Seen before the next look: less than can be told.
            let lag = arrived.saturating_sub(*finalized);
            histogram.record(u64::try_from(lag.as_micros())?)?;
        }
    }
    Ok(histogram)
}

impl Lag {
    /// What must not be: a settlement that never became visible.
    pub fn findings(&self, settlements: u64) -> Vec<String> {
        let lost = settlements.saturating_sub(self.seen);
        if lost == 0 { Vec::new() } else { vec![format!("{lost} of {settlements} settlements never became visible")] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settlement(byte: u8, slot: u64) -> Confirmed {
        Confirmed { signature: [byte; 64].into(), slot, fee_lamports: None, compute_units: None }
    }

    #[test]
    fn the_lag_is_from_the_first_look_that_found_the_slot_final() {
        let ms = Duration::from_millis;
        let finality = [(10, ms(100)), (12, ms(200)), (13, ms(250))];
        let sent = [settlement(1, 10), settlement(2, 11), settlement(3, 13), settlement(4, 13)];
        let arrived = HashMap::from([([1; 64], ms(107)), ([2; 64], ms(230)), ([3; 64], ms(249))]);
        let histogram = lags(&sent, &arrived, &finality).expect("few numbers");
        let all: Vec<_> = histogram.iter_recorded().map(|value| value.value_iterated_to() / 1_000).collect();
        assert_eq!((all, histogram.len()), (vec![0, 7, 30], 3));
    }
}
