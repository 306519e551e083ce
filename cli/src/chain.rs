//! The cluster, for commands that send: it is the right one, amounts are there, and what the program
//! refuses reads as a sentence.

use mira_chain::{
    account::{self, Config, FeeShard, Kind, Provider, RewardState, StakePosition},
    cluster, pda,
    rpc::Rpc,
};
use mira_core::amount::{Shares, Stake};
use solana_commitment_config::CommitmentLevel;
use solana_sdk::{instruction::Instruction, pubkey::Pubkey, signature::Keypair};

use crate::{error::Error, settings::Settings};

/// A cluster with Mira on it.
pub struct Chain {
    rpc: Rpc,
    config: Config,
    commitment: CommitmentLevel,
}

impl Chain {
    /// Connects and makes sure that the network's own record names this very cluster, and that it is not a
    /// `Local` network on a public one.
    pub async fn connect(settings: &Settings) -> Result<Self, Error> {
        let commitment = settings.commitment.level();
        let rpc = Rpc::new(&settings.rpc_url());
        let config: Option<Config> = rpc.state(&pda::config(), commitment).await.map_err(unreadable)?;
        let config = config.ok_or_else(|| {
            Error::invalid("this cluster has no Mira network", "give the right cluster with --url, or run `mira up`")
        })?;
        let genesis = rpc.genesis_hash().await.map_err(unreachable)?;
        let unusable = "do not send anything here: check --url and --network";
        cluster::check(&config, &genesis).map_err(|error| Error::invalid(error.to_string(), unusable))?;
        Ok(Self { rpc, config, commitment })
    }

    /// The network's own record.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The chain's clock, unix seconds.
    pub async fn now(&self) -> Result<i64, Error> {
        Ok(self.rpc.clock(self.commitment).await.map_err(unreachable)?.unix_timestamp)
    }

    /// Whether there is an account.
    pub async fn exists(&self, key: &Pubkey) -> Result<bool, Error> {
        Ok(self.rpc.account(key, self.commitment).await.map_err(unreachable)?.is_some())
    }

    /// A provider that must exist.
    pub async fn provider(&self, key: &Pubkey) -> Result<Provider, Error> {
        let help = "register it first: mira provider register";
        self.state(key).await?.ok_or_else(|| Error::invalid(format!("there is no provider at {key}"), help))
    }

    /// A staker's position, which must exist.
    pub async fn position(&self, provider: &Pubkey, staker: &Pubkey) -> Result<StakePosition, Error> {
        let help = "stake first: mira provider stake AMOUNT";
        let found = self.state(&pda::stake_position(provider, staker)).await?;
        found.ok_or_else(|| Error::invalid(format!("{staker} has no stake with provider {provider}"), help))
    }

    /// The reward vault's books, which a network has from its beginning.
    pub async fn rewards(&self) -> Result<RewardState, Error> {
        let help = "check --url, and that this version of mira knows the network's layouts";
        self.state(&pda::rewards()).await?.ok_or_else(|| Error::invalid("the network has no reward vault", help))
    }

    /// A fee shard, if it was opened.
    pub async fn fee_shard(&self, shard: u8) -> Result<Option<FeeShard>, Error> {
        self.state(&pda::fee_shard(shard)).await
    }

    async fn state<T: Kind>(&self, key: &Pubkey) -> Result<Option<T>, Error> {
        self.rpc.state(key, self.commitment).await.map_err(unreadable)
    }

    /// What the owner's active shares are worth, base units.
    pub fn own_stake(&self, provider: &Provider) -> Result<u64, Error> {
        self.stake_value(provider, provider.own_shares)
    }

    /// What shares of a provider's pool are worth, base units.
    pub fn stake_value(&self, provider: &Provider, shares: u128) -> Result<u64, Error> {
        let pool = provider.to_core().map_err(corrupt)?.pool;
        Ok(pool.value_floor(Shares::new(shares)).map_err(corrupt)?.get())
    }

    /// The fewest shares of a provider's pool that are worth `amount` base units.
    pub fn shares_ceil(&self, provider: &Provider, amount: u64) -> Result<u128, Error> {
        let pool = provider.to_core().map_err(corrupt)?.pool;
        Ok(pool.shares_ceil(Stake::new(amount)).map_err(corrupt)?.get())
    }

    /// An owner's balance in its associated account, base units.
    pub async fn token_balance(&self, owner: &Pubkey, mint: &Pubkey) -> Result<u64, Error> {
        self.rpc.token_balance(owner, mint, self.commitment).await.map_err(|error| Error::failed("reading", error))
    }

    /// Makes sure that `key` is a token account of `mint`.
    pub async fn require_token_account(&self, key: &Pubkey, mint: &Pubkey) -> Result<(), Error> {
        let help = format!("give a classic token account of mint {mint}");
        let found = self.rpc.token_account(key, self.commitment).await;
        match found.map_err(|error| Error::invalid(error.to_string(), help.clone()))? {
            Some(account) if account.mint == *mint => Ok(()),
            Some(account) => Err(Error::invalid(format!("{key} holds tokens of mint {}", account.mint), help)),
            None => Err(Error::invalid(format!("there is no account at {key}"), help)),
        }
    }

    /// Signs, sends and waits; gives the transaction's signature.
    pub async fn send(
        &self,
        what: &'static str,
        payer: &Keypair,
        others: &[&Keypair],
        instructions: &[Instruction],
    ) -> Result<String, Error> {
        let mut signers = vec![payer];
        signers.extend(others);
        let sent = mira_chain::send::send(&self.rpc, instructions, &signers, self.commitment).await;
        Ok(sent.map_err(|error| Error::failed(what, error))?.signature.to_string())
    }
}

fn unreachable(error: mira_chain::rpc::RpcError) -> Error {
    Error::invalid(error.to_string(), "check --url and that the cluster is up (`mira doctor`)")
}

fn unreadable(error: account::AccountError) -> Error {
    Error::invalid(error.to_string(), "check --url, and that this version of mira knows the network's layouts")
}

fn corrupt(error: impl std::fmt::Display) -> Error {
    Error::failed("reading the provider", error)
}
