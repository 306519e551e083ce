//! A network of three real nodes: the first falsifies one shard, and whoever of the others is the first to be asked
//! for another one falsifies that.

use crate::chain::net::key;
use crate::cli::process::Mira;
use crate::dispatch::stage::{Stage, operator, provider};
use crate::requester::patron::{PRICE, Patron, found_fee_shards, measure, submission};
use bytes::Bytes;
use mira_core::tier::UnitKind;
use mira_node::executor::{ExecError, Executor, Output, Task, WasmExecutor};
use mira_node::{Node, NodeConfig, NodeHandle};
use mira_requester::{CloseOptions, HashOnly, PayOptions, Sample, Status, Submission};
use solana_sdk::pubkey::Pubkey;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const LONG: Duration = Duration::from_secs(60);
const AUDITOR: u8 = 42;
/// Nobody has lied yet.
const NOBODY: u8 = u8::MAX;

/// What the first node falsifies, by a word of the input.
const FALSIFIED: &[u8] = b"dog";
/// What the first of the others falsifies.
const SWORN_FALSELY: &[u8] = b"cow";

/// A node's executor that gives one byte more than it computed where it lies.
struct Liar {
    id: u8,
    inner: Arc<dyn Executor>,
    perjurer: Arc<AtomicU8>,
}

impl Liar {
    fn lies(&self, input: &Bytes) -> bool {
        let says = |word: &[u8]| input.windows(word.len()).any(|part| part == word);
        if self.id == 0 {
            return says(FALSIFIED);
        }
        let first = || self.perjurer.compare_exchange(NOBODY, self.id, Ordering::SeqCst, Ordering::SeqCst).is_ok();
        says(SWORN_FALSELY) && first()
    }
}

impl Executor for Liar {
    fn unit_kind(&self) -> UnitKind {
        self.inner.unit_kind()
    }

    fn check(&self, module: &Bytes) -> Result<(), ExecError> {
        self.inner.check(module)
    }

    fn run(&self, task: &Task, cancel: &CancellationToken) -> Result<Output, ExecError> {
        let honest = self.inner.run(task, cancel)?;
        if !self.lies(&task.input) {
            return Ok(honest);
        }
        Ok(Output { bytes: Bytes::from([&honest.bytes[..], b"!"].concat()), ..honest })
    }
}

/// The network, its nodes, and an auditor with a purse.
pub struct Town {
    pub stage: Stage,
    pub patron: Patron,
    pub auditor: Patron,
    nodes: Vec<NodeHandle>,
    perjurer: Arc<AtomicU8>,
    executor: Arc<dyn Executor>,
    shutdown: CancellationToken,
}

impl Town {
    /// Only the first node is up.
    pub async fn found() -> Self {
        let engine = mira_dispatch::Config {
            seed: [9; 32],
            heartbeat_timeout_ms: 4_000,
            probe_after_ms: 500,
            ..mira_dispatch::Config::default()
        };
        let stage = Stage::with(engine).await;
        found_fee_shards(&stage).await;
        let (patron, auditor) = (Patron::arrive(&stage, 41).await, Patron::arrive(&stage, AUDITOR).await);
        let path = stage.folder.path().join("auditor.json");
        std::fs::write(path, serde_json::to_string(&key(AUDITOR).to_bytes().to_vec()).unwrap()).unwrap();
        let executor: Arc<dyn Executor> = WasmExecutor::new().unwrap();
        let (perjurer, shutdown) = (Arc::new(AtomicU8::new(NOBODY)), CancellationToken::new());
        let mut town = Self { stage, patron, auditor, nodes: Vec::new(), perjurer, executor, shutdown };
        town.up(0, 1).await;
        town
    }

    /// The two others come up too.
    pub async fn others_come(&mut self) {
        self.up(1, 2).await;
        self.up(2, 3).await;
    }

    /// Starts a node, and waits until so many are healthy. One that is silent is suspended meanwhile.
    async fn up(&mut self, id: u8, healthy: u32) {
        let (api, rpc) = (self.stage.client.base(), self.stage.net.chain.rpc_url());
        let folder = self.stage.folder.path().join(format!("node-{id}"));
        let config = NodeConfig {
            unit_price: PRICE,
            region: "eu-west".into(),
            heartbeat_ms: 50,
            ..NodeConfig::new(api, rpc, Arc::new(operator(id)), provider(id), folder)
        };
        let liar = Liar { id, inner: self.executor.clone(), perjurer: self.perjurer.clone() };
        self.nodes.push(Node::spawn(config, Arc::new(liar), self.shutdown.clone()).await.unwrap());
        let client = &self.stage.client;
        let seen = async || client.network().await.unwrap().data.coordination.healthy == healthy;
        self.stage.until("only those that are up are healthy", seen).await;
    }

    /// A job that only the first node is there to serve, done and paid without a look at what came back.
    pub async fn work(&self, texts: &[&'static str]) -> Pubkey {
        let shards: Vec<Bytes> = texts.iter().map(|text| Bytes::from_static(text.as_bytes())).collect();
        let (executor, measured) = (self.executor.clone(), shards.clone());
        let most = move || measured.iter().map(|shard| measure(&*executor, shard).1).max().unwrap();
        let units = tokio::task::spawn_blocking(most).await.unwrap();
        let submission = Submission { shards, funding: 500_000, ..submission(units) };
        let requester = &self.patron.requester;
        let submitted = requester.submit(&submission, &mut |_| ()).await.unwrap();
        let options =
            PayOptions { cap: submitted.funded, sample: Sample::None, check: Arc::new(HashOnly), poll_ms: 20 };
        let (never, mut unseen) = (CancellationToken::new(), |_: &mira_requester::Progress| ());
        let run = requester.run(submitted.job, &options, &never, &mut unseen);
        let outcome = tokio::time::timeout(LONG, run).await.expect("the run ends").unwrap();
        assert_eq!((outcome.status, outcome.outputs.len()), (Status::Done, texts.len()));
        assert!(outcome.outputs.iter().all(|output| output.provider == provider(0)));
        submitted.job
    }

    /// Brings a job to its end, and waits until the index has all of it.
    pub async fn close(&self, job: Pubkey) {
        let options = CloseOptions { settle_for_providers: true, timeout: LONG };
        let requester = &self.patron.requester;
        requester.close(job, &options, &CancellationToken::new(), &mut |_| ()).await.unwrap();
        self.closed(job.to_bytes()).await;
    }

    /// Waits until the index shows that a job is closed.
    pub async fn closed(&self, job: [u8; 32]) {
        let stage = &self.stage;
        let closed = async || stage.client.job(job.into()).await.unwrap().data.status == "closed";
        stage.until("a job is closed", closed).await;
    }

    /// Who gave a false answer to the auditor.
    pub fn perjurer(&self) -> u8 {
        self.perjurer.load(Ordering::SeqCst)
    }

    pub fn database(&self) -> String {
        format!("sqlite:{}", self.stage.folder.path().join("mira.sqlite").display())
    }

    /// `mira` on this network with the auditor's key, for a program.
    pub fn mira(&self) -> Mira {
        let (api, rpc) = (self.stage.client.base(), self.stage.net.chain.rpc_url());
        let keypair = self.stage.folder.path().join("auditor.json");
        Mira::new().args(["--json", "--url", rpc, "--api", api, "--keypair"]).arg(keypair)
    }

    /// `mira audit run`.
    pub fn audit(&self, seed: u64) -> Mira {
        self.mira().args(["audit", "run", "--database", &self.database(), "--seed", &seed.to_string()])
    }

    pub async fn stop(self) {
        self.shutdown.cancel();
        for node in self.nodes {
            tokio::time::timeout(LONG, node.wait()).await.expect("the node ends").unwrap();
        }
        self.stage.stop().await;
    }
}
