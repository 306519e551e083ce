//! PostgreSQL killed and started again beneath an API and an indexer: how soon the API says so, how soon it is
//! ready again, and that the indexer goes on by itself.

use super::postgres::Cluster;
use crate::clock::Stopwatch;
use anyhow::{Context, bail};
use mira_api::{Api, ApiConfig, Limits, Running, health};
use mira_chain::pda;
use mira_indexer::STREAM;
use mira_store::Store;
use mira_testkit::network::Network;
use mira_wire::clock;
use serde_json::{Value, json};
use solana_sdk::signature::Keypair;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// The API says that it is not ready within this.
const NOTICED: Duration = Duration::from_secs(2);
/// It is ready again within this after the server takes connections.
const BACK: Duration = Duration::from_secs(5);
/// How long the server is away: longer than what waits between tries grows to.
const AWAY: Duration = Duration::from_secs(8);
/// Nothing here takes longer.
const LONG: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(20);

/// What was measured.
pub struct Outage {
    /// From the kill to the first 503.
    pub noticed: Duration,
    /// From the first connection to the first 200.
    pub ready: Duration,
    /// From the first connection to the first commit of the indexer.
    pub indexed: Duration,
}

/// Kills the server while an indexer is at work and starts it again.
pub async fn strike(cluster: &mut Cluster, network: &Network, folder: &Path) -> anyhow::Result<Outage> {
    let store = mira_store::open(&cluster.url()).await?;
    let shutdown = CancellationToken::new();
    let api = serve(&store, network, folder, &shutdown).await?;
    let probe = Probe { http: reqwest::Client::new(), url: format!("{}/readyz", api.url()) };
    probe.until(200).await?;
    let before = slot(store.as_ref()).await?;

    cluster.kill().await?;
    let watch = Stopwatch::start();
    probe.until(503).await?;
    let noticed = watch.elapsed();
    sleep(AWAY.saturating_sub(watch.elapsed())).await;
    cluster.start().await?;
    let watch = Stopwatch::start();
    let ready = async {
        probe.until(200).await?;
        anyhow::Ok(watch.elapsed())
    };
    let indexed = async {
        // A store of its own: that of the API may still be waiting.
        let store = mira_store::open(&cluster.url()).await?;
        while slot(store.as_ref()).await? <= before {
            if watch.elapsed() > LONG {
                bail!("the indexer does not go on after PostgreSQL is back");
            }
            sleep(LOOK).await;
        }
        let elapsed = watch.elapsed();
        store.close().await;
        Ok(elapsed)
    };
    let (ready, indexed) = tokio::try_join!(ready, indexed)?;
    shutdown.cancel();
    api.stopped().await;
    store.close().await;
    Ok(Outage { noticed, ready, indexed })
}

impl Outage {
    /// What took too long.
    pub fn findings(&self) -> Vec<String> {
        let late = |what: &str, took: Duration, limit: Duration| {
            (took > limit).then(|| format!("{what} after {} ms, {} are allowed", took.as_millis(), limit.as_millis()))
        };
        let noticed = late("/readyz says 503", self.noticed, NOTICED);
        noticed.into_iter().chain(late("/readyz says 200", self.ready, BACK)).collect()
    }

    /// For the report.
    pub fn figures(&self) -> Value {
        json!({ "not_ready_after_ms": ms(self.noticed), "ready_after_ms": ms(self.ready),
            "indexed_after_ms": ms(self.indexed), "away_ms": ms(AWAY) })
    }
}

impl std::fmt::Display for Outage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [noticed, ready, indexed] = [self.noticed, self.ready, self.indexed].map(ms);
        write!(f, "PostgreSQL killed: 503 after {noticed} ms; back: 200 after {ready} ms, a commit after {indexed} ms")
    }
}

fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

async fn slot(store: &dyn Store) -> anyhow::Result<Option<u64>> {
    Ok(store.cursor(STREAM).await?.and_then(|cursor| cursor.slot))
}

async fn serve(
    store: &Arc<dyn Store>,
    network: &Network,
    folder: &Path,
    shutdown: &CancellationToken,
) -> anyhow::Result<Running> {
    let config = ApiConfig {
        bind: ([127, 0, 0, 1], 0).into(),
        store: store.clone(),
        blobs_dir: folder.join("blobs"),
        dispatcher: Keypair::new().to_bytes(),
        rpc_url: network.rpc.url(),
        program_id: pda::PROGRAM_ID.to_bytes(),
        engine: mira_dispatch::Config::default(),
        dispatch_poll: Duration::from_millis(200),
        dispatch_hold: mira_api::dispatch::settings::HOLD,
        dispatch_keep: mira_api::dispatch::Keep::default(),
        write_behind: false,
        health: health::follow(store.clone(), STREAM.to_owned(), network.rpc.clone(), shutdown.child_token()),
        clock: clock::system(),
        limits: Limits::default(),
    };
    Api::spawn(config, shutdown.clone()).await.context("cannot start the API")
}

/// Whoever asks whether the API is ready.
struct Probe {
    http: reqwest::Client,
    url: String,
}

impl Probe {
    /// Asks until the status is this one.
    async fn until(&self, status: u16) -> anyhow::Result<()> {
        let watch = Stopwatch::start();
        let mut last = String::new();
        while watch.elapsed() < LONG {
            let answer = self.http.get(&self.url).timeout(LONG).send().await?;
            if answer.status().as_u16() == status {
                return Ok(());
            }
            last = format!("{}: {}", answer.status(), answer.text().await?);
            sleep(LOOK).await;
        }
        bail!("/readyz does not answer {status} within {} s, but {last}", LONG.as_secs())
    }
}
