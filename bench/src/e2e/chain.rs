//! The chain of a run.

use super::Args;
use anyhow::Context;
use mira_chain::local::{LocalChain, LocalChainConfig};
use mira_chain::rpc::Rpc;
use mira_cli::load_keypair;
use mira_cli::network::{Role, Running, derive};
use solana_sdk::signer::Signer;
use std::sync::Arc;

/// Milliseconds per slot of a local chain: short, so that finality takes about a second.
const SLOT_MS: u64 = 40;

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
