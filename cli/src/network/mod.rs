//! A whole network in this process: chain, indexer, API with its dispatcher, and provider nodes, on
//! loopback ports and one folder. `mira demo` runs work on it and stops it; `mira up` keeps it.

pub mod genesis;
mod health;
pub mod keys;
mod providers;

use std::{path::PathBuf, sync::Arc, time::Duration};

use mira_api::{Api, ApiConfig, Limits};
use mira_chain::{
    artifact,
    local::{LocalChain, LocalChainConfig},
    pda,
    rpc::Rpc,
};
use mira_core::{
    amount::{Bps, Stake, StakePerMillion},
    params::{DisputeParams, Params, RewardParams},
};
use mira_indexer::Indexer;
use mira_node::executor::Executor;
use mira_store::Store;
use mira_wire::clock;
use solana_sdk::{signature::Keypair, signer::Signer};
use tokio_util::sync::CancellationToken;

use crate::{
    error::Error,
    settings::{Mint, NetworkFile},
};
pub use keys::{Role, derive};
pub use providers::Provider;

/// Decimals of both mints.
pub const DECIMALS: u8 = 6;
/// One token of either mint, base units.
pub const TOKEN: u64 = 1_000_000;

/// A node that is silent for so long is suspended; nodes beat three times as often.
const HEARTBEAT_TIMEOUT_MS: u64 = 1_500;
/// A lease that is not opened for so long is proposed to another; finality takes two to four seconds.
const PROPOSAL_TTL_MS: u64 = 15_000;

/// What to start.
pub struct NetworkConfig {
    /// What all keys, prices and simulated round-trip times derive from.
    pub seed: u64,
    /// Milliseconds per slot; finality is 31 slots.
    pub slot_ms: u64,
    /// Ports; `None` takes free ones.
    pub rpc_port: Option<u16>,
    pub ws_port: Option<u16>,
    pub api_port: Option<u16>,
    /// How many provider nodes.
    pub providers: u16,
    /// Where database, blobs and journals go.
    pub folder: PathBuf,
    /// The parameters of the `Local` profile.
    pub params: Params,
    /// How the dispatcher decides.
    pub engine: mira_dispatch::Config,
    /// What the node of an index runs work with.
    pub executor: Box<dyn Fn(u16) -> Arc<dyn Executor> + Send + Sync>,
}

/// A running network.
pub struct Network {
    /// The cluster.
    pub rpc: Rpc,
    /// The indexer's database.
    pub store: Arc<dyn Store>,
    /// The indexer.
    pub indexer: mira_indexer::Handle,
    /// The provider nodes, in the order of their index.
    pub providers: Vec<Provider>,
    /// How others reach it.
    pub file: NetworkFile,
    seed: u64,
    chain: LocalChain,
    api: mira_api::Running,
    services: CancellationToken,
}

impl Network {
    /// Starts everything and waits until every node's offer was taken.
    pub async fn start(config: &NetworkConfig) -> Result<Self, Error> {
        let admin = derive(config.seed, Role::Admin);
        let chain = start_chain(config, &admin).await?;
        let rpc = Rpc::new(chain.rpc_url());
        let genesis = genesis::create(&rpc, config, &admin).await?;
        let store = open_store(config).await?;
        let services = CancellationToken::new();
        let poll = Duration::from_millis(config.slot_ms);
        let follow = mira_indexer::Config { poll, ..mira_indexer::Config::default() };
        let indexer = Indexer::spawn(follow, store.clone(), rpc.clone(), services.child_token());
        let api = start_api(config, &rpc, &store, &indexer, &services).await?;
        let file = network_file(config, &chain, &api, &genesis)?;
        let mut network =
            Self { rpc, store, indexer, providers: Vec::new(), file, seed: config.seed, chain, api, services };
        network.providers = providers::start(&network, config, &admin).await?;
        Ok(network)
    }

    /// The key of a role on this network.
    pub fn key(&self, role: Role) -> Keypair {
        derive(self.seed, role)
    }

    /// Waits until the index holds everything that is confirmed now.
    pub async fn settle_index(&self, within: Duration) -> Result<u64, Error> {
        let slot = self.rpc.slot(solana_commitment_config::CommitmentLevel::Confirmed).await;
        let slot = slot.map_err(|error| Error::failed("reading the slot", error))?;
        let reached = tokio::time::timeout(within, self.indexer.reached(slot)).await;
        match reached {
            Ok(Ok(())) => Ok(slot),
            Ok(Err(error)) => Err(Error::failed("indexing", error)),
            Err(_) => Err(Error::failed("indexing", format!("slot {slot} was not indexed in {within:?}"))),
        }
    }

    /// Drains the nodes, then stops API, indexer and chain, in this order.
    pub async fn stop(self) -> Result<(), Error> {
        for provider in &self.providers {
            provider.node.drain();
        }
        for provider in self.providers {
            provider.node.wait().await.map_err(|error| Error::failed("stopping a node", error))?;
        }
        self.services.cancel();
        self.api.stopped().await;
        self.indexer.task.await.map_err(|error| Error::failed("stopping the indexer", error))?;
        self.chain.shutdown().await;
        Ok(())
    }
}

async fn start_chain(config: &NetworkConfig, admin: &Keypair) -> Result<LocalChain, Error> {
    let local = LocalChainConfig {
        rpc_port: config.rpc_port,
        ws_port: config.ws_port,
        slot_ms: config.slot_ms,
        elf: artifact::program_elf().into(),
        program_id: pda::PROGRAM_ID,
        upgrade_authority: admin.pubkey(),
        seed: config.seed,
    };
    LocalChain::start(local).await.map_err(|error| Error::failed("starting the local chain", error))
}

async fn open_store(config: &NetworkConfig) -> Result<Arc<dyn Store>, Error> {
    std::fs::create_dir_all(&config.folder).map_err(|source| Error::Write { path: config.folder.clone(), source })?;
    let url = format!("sqlite:{}", config.folder.join("mira.sqlite").display());
    mira_store::open(&url).await.map_err(|error| Error::failed("opening the database", error))
}

async fn start_api(
    config: &NetworkConfig,
    rpc: &Rpc,
    store: &Arc<dyn Store>,
    indexer: &mira_indexer::Handle,
    services: &CancellationToken,
) -> Result<mira_api::Running, Error> {
    let health = health::bridge(indexer, services.child_token());
    let api = ApiConfig {
        bind: ([127, 0, 0, 1], config.api_port.unwrap_or(0)).into(),
        store: store.clone(),
        blobs_dir: config.folder.join("blobs"),
        dispatcher: derive(config.seed, Role::Dispatcher).to_bytes(),
        rpc_url: rpc.url(),
        program_id: pda::PROGRAM_ID.to_bytes(),
        engine: config.engine.clone(),
        dispatch_poll: Duration::from_millis(config.slot_ms),
        health,
        clock: clock::system(),
        limits: Limits::default(),
    };
    Api::spawn(api, services.child_token()).await.map_err(|error| Error::failed("starting the API", error))
}

/// How the dispatcher of a local network decides: as anywhere, but as quick to notice as short slots allow.
pub fn engine(seed: u64) -> mira_dispatch::Config {
    mira_dispatch::Config {
        seed: keys::dispatch_seed(seed),
        heartbeat_timeout_ms: HEARTBEAT_TIMEOUT_MS,
        proposal_ttl_ms: PROPOSAL_TTL_MS,
        ..mira_dispatch::Config::default()
    }
}

/// Parameters of a `Local` network: everything in seconds. A lease lasts minutes and can be disputed after
/// that, so stake unbonds in minutes too.
pub fn local_params() -> Params {
    // Constants below the whole.
    let bps = |rate| Bps::new(rate).unwrap_or(Bps::ONE);
    Params {
        fee_bps: bps(100),
        min_stake: Stake::new(1_000 * TOKEN),
        stake_per_million: StakePerMillion::new(1_000_000),
        unbonding_secs: 370,
        max_lease_secs: 300,
        max_job_secs: 3_600,
        grace_secs: 4,
        dispute_window_secs: 1,
        job_id_window_secs: 2,
        dispute: DisputeParams {
            bond_bps: bps(1_000),
            min_bond: Stake::new(10 * TOKEN),
            respond_secs: 30,
            vote_secs: 30,
            jail_secs: 60,
            max_slash_bps: bps(5_000),
        },
        reward: RewardParams { share_bps: bps(8_000), epoch_secs: 60, challenge_secs: 5, stale_secs: 60 },
    }
}

fn network_file(
    config: &NetworkConfig,
    chain: &LocalChain,
    api: &mira_api::Running,
    genesis: &genesis::Genesis,
) -> Result<NetworkFile, Error> {
    let faucet = config.folder.join("faucet.json");
    crate::settings::save_keypair(&faucet, &derive(config.seed, Role::Admin))?;
    let mint = |address: &solana_sdk::pubkey::Pubkey| Mint { address: address.to_string(), decimals: DECIMALS };
    Ok(NetworkFile {
        rpc_url: chain.rpc_url().to_owned(),
        ws_url: chain.ws_url().to_owned(),
        api_url: format!("http://{}", api.addr),
        program_id: pda::PROGRAM_ID.to_string(),
        cluster_id: crate::settings::show_key(&genesis.cluster_id),
        stake_mint: mint(&genesis.stake_mint),
        payment_mint: mint(&genesis.payment_mint),
        faucet_keypair: Some(faucet),
    })
}
