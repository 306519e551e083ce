//! A whole network in this process: chain, indexer, API with its dispatcher, and provider nodes, on
//! loopback ports and one folder. `mira demo` runs work on it and stops it; `mira up` keeps it. The chain
//! can also be one that is up already: then everything else is here, and the chain stays.

mod cluster;
pub(crate) mod genesis;
mod health;
mod keys;
mod pace;
mod params;
mod providers;

use std::{path::PathBuf, sync::Arc, time::Duration};

use mira_api::{Api, ApiConfig, Limits};
use mira_chain::{local::LocalChain, pda, rpc::Rpc};
use mira_core::params::Params;
use mira_indexer::{Indexer, SourceKind};
use mira_node::executor::Executor;
use mira_store::Store;
use mira_wire::clock;
use solana_commitment_config::CommitmentLevel;
use solana_sdk::{signature::Keypair, signer::Signer};
use tokio_util::sync::CancellationToken;

use crate::{
    error::Error,
    settings::{Mint, NetworkFile},
    transactions,
};
use cluster::Site;
pub use cluster::{Cluster, Running};
pub use genesis::Genesis;
pub use keys::{Role, derive};
pub use pace::Pace;
pub use params::{local_params, params_at};
pub use providers::Provider;

/// Decimals of both mints.
pub const DECIMALS: u8 = 6;
/// One token of either mint, base units.
pub const TOKEN: u64 = 1_000_000;

/// A node that is silent for so long is suspended; nodes beat three times as often.
const HEARTBEAT_TIMEOUT_MS: u64 = 1_500;
/// How long a dispatch epoch lasts: whoever tries a network out does not wait ten minutes for a proof.
const EPOCH_MS: u64 = 60_000;
/// A lease that is not opened for so long, and not in four times finality, is proposed to another.
const PROPOSAL_TTL: Duration = Duration::from_secs(15);
/// How long the index may take for what is confirmed, besides the time that finality takes.
const INDEX_TIMEOUT: Duration = Duration::from_secs(60);

/// What to start.
pub struct NetworkConfig {
    /// What all keys, prices and simulated round-trip times derive from.
    pub seed: u64,
    /// The chain.
    pub cluster: Cluster,
    /// What the indexer asks the chain for.
    pub source: SourceKind,
    /// Port of the API; `None` takes a free one.
    pub api_port: Option<u16>,
    /// How many provider nodes.
    pub providers: u16,
    /// Where database, blobs and journals go.
    pub folder: PathBuf,
    /// The parameters of the `Local` profile; a network that is there has its own.
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
    /// What is fixed about it.
    pub genesis: Genesis,
    /// Admin of the network, and mint authority of both mints.
    pub admin: Arc<Keypair>,
    /// How fast the chain is.
    pub pace: Pace,
    /// Where the index begins; the chain's beginning if `None`.
    pub start_slot: Option<u64>,
    /// The chain's slot and clock, unix seconds, before anything of this network's was sent.
    pub since: mira_chain::rpc::ChainClock,
    seed: u64,
    own_chain: Option<LocalChain>,
    api: mira_api::Running,
    services: CancellationToken,
}

impl Network {
    /// Starts everything and waits until every node's offer was taken.
    pub async fn start(config: &NetworkConfig) -> Result<Self, Error> {
        let Site { rpc, ws_url, admin, pace, own } = config.cluster.open(config.seed).await?;
        let failed = |error: mira_chain::rpc::RpcError| Error::failed("reading the chain", error);
        let since = rpc.clock(CommitmentLevel::Confirmed).await.map_err(failed)?;
        let (start_slot, lamports) = match own {
            Some(_) => (None, genesis::PLENTY),
            None => {
                providers::require_new(&rpc, config.seed).await?;
                (Some(transactions::first_slot(&rpc).await?), genesis::ENOUGH)
            }
        };
        genesis::fund(&rpc, &admin.pubkey(), lamports, pace).await?;
        let genesis = genesis::open(&rpc, config.seed, &admin, &config.params).await?;
        let store = open_store(config).await?;
        let services = CancellationToken::new();
        let follow = mira_indexer::Config {
            start_slot,
            poll: pace.slot(),
            source: config.source,
            ..mira_indexer::Config::default()
        };
        let indexer = Indexer::spawn(follow, store.clone(), rpc.clone(), services.child_token());
        let api = start_api(config, &rpc, &store, &indexer, &services).await?;
        let file = network_file(config, &rpc, (ws_url, &admin), &api, &genesis)?;
        let (providers, seed) = (Vec::new(), config.seed);
        let mut network = Self {
            rpc,
            store,
            indexer,
            providers,
            file,
            genesis,
            admin,
            pace,
            start_slot,
            since,
            seed,
            own_chain: own,
            api,
            services,
        };
        network.providers = providers::start(&network, config).await?;
        Ok(network)
    }

    /// The key of a role on this network.
    pub fn key(&self, role: Role) -> Keypair {
        derive(self.seed, role)
    }

    /// Waits until the index holds everything that is confirmed now.
    pub async fn settle_index(&self) -> Result<u64, Error> {
        let slot = self.rpc.slot(CommitmentLevel::Confirmed).await;
        let slot = slot.map_err(|error| Error::failed("reading the slot", error))?;
        let within = self.pace.patience(INDEX_TIMEOUT, 4);
        let reached = tokio::time::timeout(within, self.indexer.reached(slot)).await;
        match reached {
            Ok(Ok(())) => Ok(slot),
            Ok(Err(error)) => Err(Error::failed("indexing", error)),
            Err(_) => Err(Error::failed("indexing", format!("slot {slot} was not indexed in {within:?}"))),
        }
    }

    /// Drains the nodes, then stops API, indexer and, if it is the network's own, the chain, in this order.
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
        if let Some(chain) = self.own_chain {
            chain.shutdown().await;
        }
        Ok(())
    }
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
        dispatch_poll: config.cluster.pace().slot(),
        dispatch_hold: mira_api::dispatch::settings::HOLD,
        dispatch_keep: mira_api::dispatch::Keep::default(),
        write_behind: false,
        health,
        clock: clock::system(),
        limits: Limits::default(),
    };
    Api::spawn(api, services.child_token()).await.map_err(|error| Error::failed("starting the API", error))
}

/// How the dispatcher of a local network decides: as anywhere, but as quick to notice as its chain allows.
pub fn engine(seed: u64, pace: Pace) -> mira_dispatch::Config {
    let ttl = PROPOSAL_TTL.max(pace.finality().saturating_mul(4));
    mira_dispatch::Config {
        seed: keys::dispatch_seed(seed),
        heartbeat_timeout_ms: HEARTBEAT_TIMEOUT_MS,
        proposal_ttl_ms: u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX),
        epoch_ms: EPOCH_MS,
        ..mira_dispatch::Config::default()
    }
}

fn network_file(
    config: &NetworkConfig,
    rpc: &Rpc,
    (ws_url, admin): (String, &Keypair),
    api: &mira_api::Running,
    genesis: &Genesis,
) -> Result<NetworkFile, Error> {
    let faucet = config.folder.join("faucet.json");
    crate::settings::save_keypair(&faucet, admin)?;
    let mint = |address: &solana_sdk::pubkey::Pubkey| Mint { address: address.to_string(), decimals: DECIMALS };
    Ok(NetworkFile {
        rpc_url: rpc.url(),
        ws_url,
        api_url: format!("http://{}", api.addr),
        program_id: pda::PROGRAM_ID.to_string(),
        cluster_id: crate::settings::show_key(&genesis.cluster_id),
        stake_mint: mint(&genesis.stake_mint),
        payment_mint: mint(&genesis.payment_mint),
        faucet_keypair: Some(faucet),
    })
}
