//! A real run for epochs: a local chain, an index beside it, three providers with settled leases, books,
//! three reward authorities.

use super::oracle::Worked;
use crate::cli::process::Mira;
use mira_chain::account::{Provider, RewardState};
use mira_chain::ix::{self, RegisterProviderArgs};
use mira_chain::{pda, token};
use mira_core::amount::Units;
use mira_indexer::{Config, Handle, Indexer};
use mira_store::Store;
use mira_store::model::UsageReport;
use mira_testkit::network::{Network, params};
use serde_json::Value;
use solana_commitment_config::CommitmentLevel::Confirmed;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const LONG: Duration = Duration::from_secs(60);
const SOL: u64 = 1_000_000_000;

/// A provider's two keys; the network's own while it works.
struct Worker {
    owner: Keypair,
    operator: Keypair,
}

/// Everything of one run.
pub struct Run {
    pub network: Network,
    pub authorities: [Keypair; 3],
    pub store: Arc<dyn Store>,
    /// What the leases settled and what was reported of them, in the order of their opening.
    pub worked: Vec<Worked>,
    workers: Vec<Worker>,
    indexer: Handle,
    shutdown: CancellationToken,
    folder: tempfile::TempDir,
}

impl Run {
    /// A network with three providers and no work yet.
    pub async fn start(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut network = Network::start(seed).await;
        let store = mira_store::open(&format!("sqlite:{}", folder.path().join("mira.sqlite").display())).await.unwrap();
        let shutdown = CancellationToken::new();
        let config = Config { poll: Duration::from_millis(20), ..Config::default() };
        let indexer = Indexer::spawn(config, store.clone(), network.rpc.clone(), shutdown.clone());
        network.furnish().await;
        let authorities: [Keypair; 3] = std::array::from_fn(|_| Keypair::new());
        let keys = [&authorities[0], &authorities[1], &authorities[2]].map(Keypair::pubkey);
        for key in &keys {
            network.rpc.request_airdrop(key, SOL).await.unwrap();
        }
        network.send(&[ix::set_reward_authorities(&network.admin.pubkey(), &keys)], &[&network.admin]).await;
        let mut workers = Vec::new();
        for _ in 0..2 {
            let next = Worker { owner: Keypair::new(), operator: Keypair::new() };
            workers.push(exchange(&mut network, next));
            join(&network).await;
        }
        let mut run = Self { network, authorities, store, worked: Vec::new(), workers, indexer, shutdown, folder };
        run.rotate();
        run
    }

    /// The same after a first epoch's work: all of one lease reported, two thirds, nothing, all; all swept
    /// and indexed.
    pub async fn worked(seed: u64) -> Self {
        let mut run = Self::start(seed).await;
        let job = run.network.job(1).await;
        run.work(job, 0, (45_000, Some(45_000))).await;
        run.work(job, 1, (30_000, Some(20_000))).await;
        run.rotate();
        run.work(job, 2, (10_000, None)).await;
        run.rotate();
        run.work(job, 3, (7_001, Some(9_000))).await;
        run.sweep(&run.worked.iter().map(|worked| worked.lease).collect::<Vec<_>>()).await;
        run.indexed().await;
        run
    }

    /// The next of the three providers works from now on.
    pub fn rotate(&mut self) {
        let next = self.workers.remove(0);
        self.workers.push(exchange(&mut self.network, next));
    }

    /// A lease of the present provider settles so many units, and so many are reported.
    pub async fn work(&mut self, job: Pubkey, nonce: u32, (settled, reported): (u64, Option<u64>)) -> Pubkey {
        let lease = self.network.lease(job, nonce, 120_000).await;
        self.network.settle(job, lease, settled).await;
        let provider = self.network.provider();
        self.worked.push(Worked { lease, provider, settled: settled * 2, reported: reported.unwrap_or(0) * 2 });
        if let Some(units) = reported {
            self.report(lease, 1, units, 1).await;
        }
        lease
    }

    /// Puts a report into the book; `received_ms` is when it came.
    pub async fn report(&self, lease: Pubkey, seq: u64, units: u64, received_ms: i64) {
        let report = UsageReport {
            lease: lease.to_bytes(),
            seq,
            cumulative_units: Units::new(units),
            items: 1,
            outputs_hash: [3; 32],
            signer: self.network.operator.pubkey().to_bytes(),
            signature: [4; 64],
            received_ms,
        };
        self.store.put_usage(report).await.unwrap();
    }

    /// Sweeps the fee shards of these leases.
    pub async fn sweep(&self, leases: &[Pubkey]) {
        let shards: BTreeSet<u8> = leases.iter().map(pda::fee_shard_of).collect();
        for shard in shards {
            let admin = &self.network.admin;
            self.network.send(&[ix::sweep_fees(&admin.pubkey(), shard)], &[admin]).await;
        }
    }

    /// Waits until the index holds everything that was sent.
    pub async fn indexed(&self) {
        let slot = self.network.slot().await;
        tokio::time::timeout(LONG, self.indexer.reached(slot)).await.expect("in time").expect("not stopped");
    }

    /// Waits until the pending epoch's window is over.
    pub async fn window(&self) {
        let pending = self.rewards().await.pending.expect("an epoch is pending");
        self.network.until(pending.final_from).await;
    }

    /// Waits until the next epoch may be approved.
    pub async fn due(&self) {
        let last = self.rewards().await.last_at;
        self.network.until(last + i64::from(params().reward.epoch_secs)).await;
    }

    pub async fn rewards(&self) -> RewardState {
        self.network.rpc.state(&pda::rewards(), Confirmed).await.unwrap().unwrap()
    }

    pub async fn provider(&self, key: &Pubkey) -> Provider {
        self.network.rpc.state(key, Confirmed).await.unwrap().unwrap()
    }

    /// The index, as a database URL.
    pub fn database(&self) -> String {
        format!("sqlite:{}", self.path("mira.sqlite").display())
    }

    /// A file in the run's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the run's folder.
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        std::fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    /// `mira epoch VERB` on this chain, signed by somebody, for a program.
    pub fn epoch(&self, signer: &Keypair, verb: &str) -> Mira {
        let text = serde_json::to_string(&signer.to_bytes().to_vec()).unwrap();
        let keypair = self.file(&format!("{}.json", signer.pubkey()), text.as_bytes());
        Mira::new().args(["--json", "--url", self.network.chain.rpc_url(), "epoch", verb]).arg("--keypair").arg(keypair)
    }

    /// `mira epoch build` into a file: what it printed, and the file.
    pub async fn build(&self, name: &str, previous: Option<&str>) -> (Value, PathBuf) {
        let mut mira = self.epoch(&self.network.admin, "build").args(["--database", &self.database()]);
        mira = mira.arg("--out").arg(self.path(name));
        if let Some(previous) = previous {
            mira = mira.arg("--previous").arg(self.path(previous));
        }
        (mira.run().await.document(), self.path(name))
    }

    /// Two of three authorities approve a bundle, the window passes, a stranger finalizes it.
    pub async fn finalized(&self, name: &str) {
        for authority in &self.authorities[..2] {
            self.epoch(authority, "approve").arg(self.path(name)).run().await.document();
        }
        self.window().await;
        self.epoch(&self.network.requester, "finalize").run().await.document();
    }

    /// Stops the index and the chain.
    pub async fn stop(self) {
        self.shutdown.cancel();
        self.indexer.task.await.unwrap();
        self.store.close().await;
        self.network.chain.shutdown().await;
    }
}

/// Puts a worker in the place of the network's provider; gives the one that was there.
fn exchange(network: &mut Network, next: Worker) -> Worker {
    let owner = std::mem::replace(&mut network.owner, next.owner);
    Worker { owner, operator: std::mem::replace(&mut network.operator, next.operator) }
}

/// The network's present owner registers a provider and stakes.
async fn join(network: &Network) {
    let (admin, owner, operator) = (network.admin.pubkey(), network.owner.pubkey(), network.operator.pubkey());
    for key in [&owner, &operator] {
        network.rpc.request_airdrop(key, 10 * SOL).await.unwrap();
    }
    for mint in [network.stake_mint.pubkey(), network.payment_mint.pubkey()] {
        let create = token::create_associated(&admin, &owner, &mint);
        let fill = token::mint_to(&mint, &token::associated(&owner, &mint), &admin, 5_000_000);
        network.send(&[create, fill], &[&network.admin]).await;
    }
    let args = RegisterProviderArgs {
        operator,
        commission_bps: 500,
        resource_class: *b"cpu-small\0\0\0\0\0\0\0",
        region: *b"eu-west\0\0\0\0\0\0\0\0\0",
        metadata_hash: [1; 32],
    };
    let payout = network.account(&network.owner, &network.payment_mint);
    let from = network.account(&network.owner, &network.stake_mint);
    let register = ix::register_provider(&owner, &payout, args);
    network.send(&[register, ix::stake(&owner, &network.provider(), &from, 1_000_000)], &[&network.owner]).await;
}
