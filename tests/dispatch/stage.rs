//! A network of three providers and one funded job, indexed and served.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ed25519_dalek::SigningKey;
use mira_api::{Api, ApiConfig, Limits, Running, health};
use mira_chain::ix::{self, CreateJobArgs, InitializeArgs, LeaseTerms, NetworkParams, RegisterProviderArgs};
use mira_chain::send::{BLOCKHASH_LIFETIME_BLOCKS, Prepared, SendError, submit};
use mira_chain::{pda, tx};
use mira_core::job::job_id;
use mira_core::label::Label;
use mira_core::tier::{Tier, UnitKind};
use mira_indexer::{Config, Indexer};
use mira_store::Store;
use mira_store::scratch::Scratch;
use mira_wire::client::{ApiClient, NodeClient};
use mira_wire::node::{Heartbeat, HeartbeatReply, Offer, Proposal, WorkRequest};
use mira_wire::request::body_hash;
use mira_wire::spec::{JobSpec, ShardInput, VERSION};
use mira_wire::{HashHex, KeyStr, U64Str, clock};
use solana_commitment_config::CommitmentLevel::{Confirmed, Processed};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::chain::net::{Net, key};

const MODULE: &[u8] = include_bytes!("../../modules/token-index/artifacts/token_index.wasm");
const STAKE: u64 = 10_000_000;
const FUNDS: u64 = 60_000;
const DISPATCHER: u8 = 15;
const REQUESTER: u8 = 13;
const PATIENCE: Duration = Duration::from_secs(60);

/// Leases of minutes, unlike the chain tests' seconds.
const PARAMS: NetworkParams = NetworkParams {
    fee_bps: 100,
    min_stake: 1_000,
    stake_per_million: 500_000,
    unbonding_secs: 700,
    max_lease_secs: 600,
    max_job_secs: 3_600,
    grace_secs: 2,
    dispute_window_secs: 1,
    job_id_window_secs: 2,
    bond_bps: 1_000,
    min_bond: 10,
    respond_secs: 1,
    vote_secs: 1,
    jail_secs: 1,
    max_slash_bps: 5_000,
    reward_share_bps: 8_000,
    epoch_secs: 1,
    challenge_secs: 1,
    stale_secs: 60,
};

pub struct Stage {
    pub net: Net,
    pub store: Arc<dyn Store>,
    pub client: ApiClient,
    pub job: KeyStr,
    /// Database and blobs.
    pub folder: TempDir,
    shutdown: CancellationToken,
    running: Running,
    indexer: mira_indexer::Handle,
}

/// The operator of a provider by number.
pub fn operator(id: u8) -> Keypair {
    key(31 + id)
}

pub fn provider(id: u8) -> Pubkey {
    pda::provider(&key(21 + id).pubkey())
}

impl Stage {
    /// Everything runs, three providers have offered, and the job is indexed and not placed.
    pub async fn set(seed: [u8; 32]) -> Self {
        // Tests that play the nodes take their time between heartbeats.
        Self::with(mira_dispatch::Config { seed, heartbeat_timeout_ms: 30_000, ..mira_dispatch::Config::default() })
            .await
    }

    /// The same with an engine of the test's own.
    pub async fn with(engine: mira_dispatch::Config) -> Self {
        let net = Net::start().await;
        let args = InitializeArgs { profile: 1, cluster_id: net.genesis, params: PARAMS };
        let init = ix::initialize(&net.admin.pubkey(), &net.stake_mint, &net.payment_mint, args);
        net.send(&[init], &[&net.admin]).await.unwrap();
        for id in 0..3 {
            provide(&net, id).await;
        }
        let folder = tempfile::tempdir().unwrap();
        let store = Scratch::sqlite(folder.path()).open().await.unwrap();
        let shutdown = CancellationToken::new();
        let config = Config { poll: Duration::from_millis(20), ..Config::default() };
        let indexer = Indexer::spawn(config, store.clone(), net.rpc.clone(), shutdown.clone());
        let stream = mira_indexer::STREAM.to_owned();
        let config = ApiConfig {
            bind: "127.0.0.1:0".parse().unwrap(),
            store: store.clone(),
            blobs_dir: folder.path().join("blobs"),
            dispatcher: key(DISPATCHER).to_bytes(),
            rpc_url: net.chain.rpc_url().to_owned(),
            program_id: pda::PROGRAM_ID.to_bytes(),
            engine,
            dispatch_poll: Duration::from_millis(50),
            dispatch_hold: mira_api::dispatch::settings::HOLD,
            dispatch_keep: mira_api::dispatch::Keep::default(),
            write_behind: false,
            health: health::follow(store.clone(), stream, net.rpc.clone(), shutdown.clone()),
            clock: clock::system(),
            limits: Limits::default(),
        };
        let running = Api::spawn(config, shutdown.clone()).await.unwrap();
        let client = ApiClient::new(&running.url()).unwrap();
        let spec = upload(&client).await;
        let job = create_job(&net, spec).await;
        let stage = Self { net, store, client, job, shutdown, running, indexer, folder };
        stage.until("the job is indexed", async || stage.client.job(stage.job).await.is_ok()).await;
        for id in 0..3 {
            stage.until("the offer is taken", async || stage.node(id).offer(&offer(id)).await.is_ok()).await;
        }
        stage
    }

    /// A provider's client.
    pub fn node(&self, id: u8) -> NodeClient {
        let secret: [u8; 32] = *operator(id).secret_bytes();
        self.client.node(Arc::new(SigningKey::from_bytes(&secret)))
    }

    pub async fn beat(&self, id: u8) -> HeartbeatReply {
        let provider = KeyStr(provider(id).to_bytes());
        self.node(id).heartbeat(&Heartbeat { provider, in_flight: 0, cached: Vec::new() }).await.unwrap()
    }

    /// The shard that a provider is given, if there is one within 5 s.
    pub async fn work(&self, id: u8) -> Option<mira_wire::node::Assignment> {
        let provider = KeyStr(provider(id).to_bytes());
        let request = WorkRequest { provider, leases: Vec::new(), wait_ms: 5_000 };
        self.node(id).work(&request).await.unwrap().assignment
    }

    /// Does what a node does with a proposal: checks it, signs it, sends it.
    pub async fn accept(&self, id: u8, proposal: &Proposal) -> Result<(), SendError> {
        let terms = self.terms(id, proposal);
        let transaction = tx::accept(&proposal.transaction, &terms, &operator(id)).unwrap();
        let height = self.net.rpc.block_height(Processed).await.unwrap();
        let prepared = Prepared { transaction, last_valid_block_height: height + BLOCKHASH_LIFETIME_BLOCKS };
        submit(&self.net.rpc, &prepared, Confirmed).await.map(drop)
    }

    pub fn terms(&self, id: u8, proposal: &Proposal) -> LeaseTerms {
        LeaseTerms {
            job: Pubkey::new_from_array(proposal.job.get()),
            provider: provider(id),
            nonce: proposal.nonce,
            operator: operator(id).pubkey(),
            matcher: key(DISPATCHER).pubkey(),
            unit_price: proposal.unit_price.get(),
            cap: proposal.cap.get(),
            expires_at: proposal.expires_at.secs(),
        }
    }

    pub async fn live_leases(&self) -> u32 {
        self.client.job_why(self.job).await.unwrap().data.live_leases
    }

    pub async fn until(&self, what: &str, mut holds: impl AsyncFnMut() -> bool) {
        let reached = async {
            while !holds().await {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        assert!(tokio::time::timeout(PATIENCE, reached).await.is_ok(), "not in time: {what}");
    }

    pub async fn stop(self) {
        self.shutdown.cancel();
        self.running.stopped().await;
        self.indexer.task.await.unwrap();
        self.store.close().await;
        self.net.chain.shutdown().await;
    }
}

pub fn number(provider: KeyStr) -> u8 {
    (0..3).find(|id| self::provider(*id).to_bytes() == provider.get()).unwrap()
}

fn offer(id: u8) -> Offer {
    Offer {
        provider: KeyStr(provider(id).to_bytes()),
        region: "eu-west".into(),
        resource_class: "cpu-small".into(),
        unit_kind: "fuel".into(),
        unit_price: U64Str(40_000),
        slots: 2,
        cached: Vec::new(),
        machine: None,
    }
}

async fn provide(net: &Net, id: u8) {
    let owner = key(21 + id);
    net.airdrop(&owner.pubkey()).await;
    net.airdrop(&operator(id).pubkey()).await;
    let payout = net.give(&owner.pubkey(), &net.payment_mint, 0).await;
    let from = net.give(&owner.pubkey(), &net.stake_mint, STAKE).await;
    let label = |text: &str| *Label::parse(text).unwrap().bytes();
    let args = RegisterProviderArgs {
        operator: operator(id).pubkey(),
        commission_bps: 500,
        resource_class: label("cpu-small"),
        region: label("eu-west"),
        metadata_hash: [4; 32],
    };
    let register = ix::register_provider(&owner.pubkey(), &payout, args);
    let stake = ix::stake(&owner.pubkey(), &provider(id), &from, STAKE);
    net.send(&[register, stake], &[&owner]).await.unwrap();
}

/// Uploads a module, twelve inputs and the specification over them. Returns the hash of the last.
async fn upload(client: &ApiClient) -> [u8; 32] {
    client.put_blob(Bytes::from_static(MODULE)).await.unwrap();
    let mut shards = Vec::new();
    for index in 0..12 {
        let input = Bytes::from(format!("shard {index} of the test"));
        let bytes = U64Str(u64::try_from(input.len()).unwrap());
        shards.push(ShardInput { input: HashHex(body_hash(&input)), bytes });
        client.put_blob(input).await.unwrap();
    }
    let spec = JobSpec {
        version: VERSION,
        tier: "batch".into(),
        resource_class: "cpu-small".into(),
        region: "eu-west".into(),
        module: HashHex(body_hash(MODULE)),
        shards,
        fuel_limit: U64Str(80_000),
        memory_limit_bytes: U64Str(64 << 20),
        time_limit_ms: U64Str(20_000),
        est_units_per_shard: U64Str(50_000),
        regions: Vec::new(),
        deny: Vec::new(),
        service: mira_wire::service::Service::default(),
    };
    let bytes = Bytes::from(spec.to_bytes().unwrap());
    let hash = body_hash(&bytes);
    client.put_blob(bytes).await.unwrap();
    hash
}

async fn create_job(net: &Net, spec_hash: [u8; 32]) -> KeyStr {
    let requester = key(REQUESTER);
    net.airdrop(&requester.pubkey()).await;
    let from = net.give(&requester.pubkey(), &net.payment_mint, FUNDS).await;
    let now = net.now().await;
    let args = CreateJobArgs {
        job_id: job_id(now, 1).unwrap(),
        voucher_signer: key(14).pubkey(),
        dispatcher: Some(key(DISPATCHER).pubkey()),
        spec_hash,
        tier: Tier::Batch.as_u8(),
        unit_kind: UnitKind::Fuel.as_u8(),
        max_unit_price: 50_000,
        min_provider_stake: 1_000,
        max_share_bps: 5_000,
        max_leases: 8,
        deadline: now + 3_000,
    };
    let job = pda::job(&requester.pubkey(), args.job_id);
    let create = ix::create_job(&requester.pubkey(), &net.payment_mint, args);
    net.send(&[create, ix::fund_job(&requester.pubkey(), &job, &from, FUNDS)], &[&requester]).await.unwrap();
    KeyStr(job.to_bytes())
}
