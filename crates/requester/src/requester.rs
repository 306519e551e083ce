//! A requester connected to one network.

use std::sync::Arc;

use mira_chain::{
    account::{Config, Kind},
    cluster::{self, ClusterError},
    pda,
    rpc::Rpc,
};
use mira_wire::{
    client::ApiClient,
    clock::Clock,
    quote::{Quote, QuoteRequest},
};
use solana_commitment_config::CommitmentLevel;
use solana_sdk::{
    instruction::Instruction,
    pubkey::Pubkey,
    signature::{Keypair, Signature},
    signer::Signer,
};

use crate::Error;

/// Who asks, and where.
#[derive(Clone)]
pub struct Settings {
    /// The Mira API.
    pub api_url: String,
    /// The cluster.
    pub rpc_url: String,
    /// The requester's key: owns jobs, pays.
    pub wallet: Arc<Keypair>,
    /// The hot key that signs vouchers; may be the wallet.
    pub voucher_signer: Arc<Keypair>,
    /// The wall clock, to measure how long things take.
    pub clock: Clock,
}

/// What is fixed about the network.
#[derive(Clone, Debug)]
pub struct Network {
    /// Its own record on chain, as it was when connecting. Mints, cluster and profile never change; parameters
    /// and a pause do, and are read anew where they matter.
    pub config: Config,
    /// The API's dispatcher, which new jobs name.
    pub dispatcher: Pubkey,
}

/// What the wallet holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balances {
    /// Payment base units in the associated account.
    pub payment: u64,
    /// Lamports.
    pub lamports: u64,
}

/// A transaction that landed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// What it was for.
    pub what: &'static str,
    /// Its signature.
    pub signature: Signature,
    /// Its fee, where the cluster told it.
    pub fee_lamports: Option<u64>,
    /// From sending to confirmation.
    pub ms: u64,
}

/// A requester on a network.
pub struct Requester {
    pub(crate) settings: Settings,
    pub(crate) api: ApiClient,
    pub(crate) rpc: Rpc,
    pub(crate) network: Network,
}

impl Requester {
    /// Connects, and makes sure that cluster, network record and API belong together.
    ///
    /// # Errors
    /// [`Error::WrongNetwork`]; what cannot be reached.
    pub async fn connect(settings: Settings) -> Result<Self, Error> {
        let rpc = Rpc::new(&settings.rpc_url);
        let api = ApiClient::new(&settings.api_url)?;
        let config: Option<Config> = rpc.state(&pda::config(), CommitmentLevel::Confirmed).await?;
        let config = config
            .ok_or_else(|| Error::WrongNetwork("this cluster has no Mira network; check the RPC URL".to_owned()))?;
        let genesis = rpc.genesis_hash().await?;
        let served = api.network().await?.data;
        let trusted = cluster::check(&config, &genesis);
        if trusted == Err(ClusterError::Another) || served.cluster_id.get() != genesis {
            let message = "cluster, network record and API do not name the same cluster; check both URLs";
            return Err(Error::WrongNetwork(message.to_owned()));
        }
        if served.program_id.get() != pda::PROGRAM_ID.to_bytes() {
            return Err(Error::WrongNetwork("the API serves another program; check its URL".to_owned()));
        }
        trusted.map_err(|error| Error::WrongNetwork(error.to_string()))?;
        let dispatcher = Pubkey::new_from_array(served.dispatcher.get());
        Ok(Self { settings, api, rpc, network: Network { config, dispatcher } })
    }

    /// What is fixed about the network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The API.
    pub fn api(&self) -> &ApiClient {
        &self.api
    }

    /// The cluster.
    pub fn rpc(&self) -> &Rpc {
        &self.rpc
    }

    /// The requester's address.
    pub fn address(&self) -> Pubkey {
        self.settings.wallet.pubkey()
    }

    /// What the wallet holds.
    ///
    /// # Errors
    /// The cluster's.
    pub async fn balances(&self) -> Result<Balances, Error> {
        let mint = self.network.config.payment_mint;
        let payment = self.rpc.token_balance(&self.address(), &mint, CommitmentLevel::Confirmed).await?;
        let lamports = self.rpc.balance(&self.address(), CommitmentLevel::Confirmed).await?;
        Ok(Balances { payment, lamports })
    }

    /// What a job would cost; nothing is sent to the chain.
    ///
    /// # Errors
    /// The API's.
    pub async fn quote(&self, request: &QuoteRequest) -> Result<Quote, Error> {
        Ok(self.api.quote(request).await?.data)
    }

    pub(crate) async fn account<T: Kind>(&self, key: &Pubkey) -> Result<Option<T>, Error> {
        Ok(self.rpc.state(key, CommitmentLevel::Confirmed).await?)
    }

    pub(crate) async fn chain_now(&self) -> Result<i64, Error> {
        Ok(self.rpc.clock(CommitmentLevel::Confirmed).await?.unix_timestamp)
    }

    /// Sends with the wallet as payer and waits until it is confirmed.
    pub(crate) async fn send(&self, what: &'static str, instructions: &[Instruction]) -> Result<Sent, Error> {
        let before = (self.settings.clock)();
        let signers = [&*self.settings.wallet];
        let sent = mira_chain::send::send(&self.rpc, instructions, &signers, CommitmentLevel::Confirmed).await;
        let sent = sent.map_err(|reason| Error::Send { what, reason })?;
        let ms = (self.settings.clock)().saturating_sub(before);
        Ok(Sent { what, signature: sent.signature, fee_lamports: sent.fee_lamports, ms })
    }
}
