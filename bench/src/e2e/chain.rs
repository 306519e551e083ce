//! The chain of a run, and what is read of it and sent to it.

use super::Args;
use anyhow::Context;
use mira_chain::account::{Config, RewardState};
use mira_chain::local::{LocalChain, LocalChainConfig};
use mira_chain::pda;
use mira_chain::rpc::Rpc;
use mira_cli::load_keypair;
use mira_cli::network::{Network, Role, Running, derive};
use solana_commitment_config::CommitmentLevel::Confirmed;
use solana_sdk::instruction::Instruction;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;
use std::sync::Arc;
use std::time::Duration;

/// Milliseconds per slot of a local chain: short, so that finality takes about a second.
const SLOT_MS: u64 = 40;
/// How long the chain's clock may take for a deadline, besides the deadline itself and finality.
const CLOCK: Duration = Duration::from_secs(60);

/// The chain of a run.
pub struct Chain {
    /// It answers, and is fit for a network of ours.
    pub running: Running,
    /// Where it answers.
    pub rpc: Rpc,
    /// Its handle, if it is a local one.
    pub own: Option<LocalChain>,
}

/// Starts a local chain, or looks at the one that was named.
pub async fn open(args: &Args, seed: u64) -> anyhow::Result<Chain> {
    let admin = match &args.admin {
        Some(path) => load_keypair(path).map_err(|error| anyhow::anyhow!(error.told()))?,
        None => derive(seed, Role::Admin),
    };
    let own = match &args.url {
        Some(_) => None,
        None => {
            let config = LocalChainConfig::new(seed, SLOT_MS, admin.pubkey());
            Some(LocalChain::start(config).await.context("cannot start a local chain")?)
        }
    };
    let (url, ws_url) = match &own {
        Some(chain) => (chain.rpc_url().to_owned(), Some(chain.ws_url())),
        None => (args.url.clone().unwrap_or_default(), args.ws_url.as_deref()),
    };
    let running = Running::connect(&url, ws_url, Arc::new(admin)).await;
    let running = running.map_err(|error| anyhow::anyhow!(error.told()))?;
    Ok(Chain { running, rpc: Rpc::new(&url), own })
}

/// The network's record.
pub async fn config(network: &Network) -> anyhow::Result<Config> {
    network.rpc.state(&pda::config(), Confirmed).await?.context("the network's record is gone")
}

/// The books of the reward vault.
pub async fn rewards(network: &Network) -> anyhow::Result<RewardState> {
    network.rpc.state(&pda::rewards(), Confirmed).await?.context("the network's reward vault is gone")
}

/// Sends one transaction and waits until it is confirmed; the first signer pays.
pub async fn send(network: &Network, instructions: &[Instruction], signers: &[&Keypair]) -> anyhow::Result<()> {
    mira_chain::send::send(&network.rpc, instructions, signers, Confirmed).await?;
    Ok(())
}

/// Waits until the chain's clock shows a time.
pub async fn until(network: &Network, time: i64) -> anyhow::Result<()> {
    let ahead = time.saturating_sub(network.rpc.clock(Confirmed).await?.unix_timestamp);
    let ahead = Duration::from_secs(u64::try_from(ahead).unwrap_or(0));
    let within = network.pace.patience(CLOCK.saturating_add(ahead), 2);
    let reached = async {
        while network.rpc.clock(Confirmed).await?.unix_timestamp < time {
            tokio::time::sleep(network.pace.slot()).await;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(within, reached).await.with_context(|| format!("the chain's clock did not reach {time}"))?
}
