//! The first transactions of a network: mints, `initialize`, and the fee shards. Where they were made
//! before, nothing is made again.

use std::time::Duration;

use mira_chain::{
    account::Config,
    ix::{self, InitializeArgs, NetworkParams},
    pda,
    rpc::{Rpc, RpcError},
    token,
};
use mira_core::{
    Hash,
    fee_shard::FEE_SHARDS,
    params::{Params, Profile},
};
use solana_commitment_config::CommitmentLevel::Confirmed;
use solana_sdk::{instruction::Instruction, pubkey::Pubkey, signature::Keypair, signer::Signer};

use super::{DECIMALS, Pace, Role, derive};
use crate::error::Error;

const LAMPORTS_PER_SOL: u64 = 1_000_000_000;
/// What the admin of a chain of the network's own has: enough for everybody who comes.
pub const PLENTY: u64 = 100_000 * LAMPORTS_PER_SOL;
/// What the admin needs for five providers, a requester, and everybody's fees and rent.
pub const ENOUGH: u64 = 200 * LAMPORTS_PER_SOL;
/// How many fee shards one transaction opens: four accounts of each are new to it.
const SHARDS_PER_TRANSACTION: usize = 4;
const AIRDROP_TIMEOUT: Duration = Duration::from_secs(30);

/// What is fixed about the network.
#[derive(Clone, Copy)]
pub struct Genesis {
    /// The cluster's identity.
    pub cluster_id: Hash,
    /// The mint of stake.
    pub stake_mint: Pubkey,
    /// The mint of payment.
    pub payment_mint: Pubkey,
}

/// Creates the network, or takes the one that is there.
pub async fn open(rpc: &Rpc, seed: u64, admin: &Keypair, params: &Params) -> Result<Genesis, Error> {
    let cluster_id = rpc.genesis_hash().await.map_err(unmade)?;
    let config: Option<Config> = rpc.state(&pda::config(), Confirmed).await.map_err(unmade)?;
    let genesis = match config {
        Some(Config { stake_mint, payment_mint, .. }) => Genesis { cluster_id, stake_mint, payment_mint },
        None => create(rpc, seed, admin, cluster_id, params).await?,
    };
    let payer = admin.pubkey();
    let keys: Vec<Pubkey> = (0..FEE_SHARDS).map(pda::fee_shard).collect();
    let found = rpc.accounts(&keys, Confirmed).await.map_err(unmade)?.accounts;
    let missing = (0..FEE_SHARDS).zip(&found).filter(|(_, account)| account.is_none());
    let shards: Vec<Instruction> =
        missing.map(|(shard, _)| ix::init_fee_shard(&payer, &genesis.payment_mint, shard)).collect();
    for some in shards.chunks(SHARDS_PER_TRANSACTION) {
        send(rpc, some, &[admin]).await?;
    }
    Ok(genesis)
}

async fn create(rpc: &Rpc, seed: u64, admin: &Keypair, cluster_id: Hash, params: &Params) -> Result<Genesis, Error> {
    let rent = rpc.rent_exempt_lamports(token::MINT_LEN).await.map_err(unmade)?;
    let (stake_mint, payment_mint) = (derive(seed, Role::StakeMint), derive(seed, Role::PaymentMint));
    let payer = admin.pubkey();
    for mint in [&stake_mint, &payment_mint] {
        // An earlier run may have come so far and no further.
        if rpc.account(&mint.pubkey(), Confirmed).await.map_err(unmade)?.is_none() {
            let mint_it = token::create_mint(&payer, &mint.pubkey(), &payer, DECIMALS, rent);
            send(rpc, &mint_it, &[admin, mint]).await?;
        }
    }
    let args = InitializeArgs { profile: Profile::Local.as_u8(), cluster_id, params: NetworkParams::from(params) };
    let initialize = ix::initialize(&payer, &stake_mint.pubkey(), &payment_mint.pubkey(), args);
    send(rpc, &[initialize], &[admin]).await?;
    Ok(Genesis { cluster_id, stake_mint: stake_mint.pubkey(), payment_mint: payment_mint.pubkey() })
}

fn unmade(error: impl std::fmt::Display) -> Error {
    Error::failed("creating the network", error)
}

/// Sends one transaction of the network's making and waits until it is confirmed.
pub async fn send(rpc: &Rpc, instructions: &[Instruction], signers: &[&Keypair]) -> Result<(), Error> {
    mira_chain::send::send(rpc, instructions, signers, Confirmed).await.map(|_| ()).map_err(unmade)
}

/// Has the cluster's faucet fill the admin's account, unless it holds so much; all others are filled from there.
pub async fn fund(rpc: &Rpc, admin: &Pubkey, lamports: u64, pace: Pace) -> Result<(), Error> {
    let failed = |error: RpcError| Error::failed("funding the admin", error);
    let held = rpc.balance(admin, Confirmed).await.map_err(failed)?;
    if held >= lamports {
        return Ok(());
    }
    let poor = |reason: String| {
        let sol = |lamports: u64| lamports / LAMPORTS_PER_SOL;
        let message = format!("{admin} has {} SOL and needs {}: {reason}", sol(held), sol(lamports));
        Error::invalid(message, "send it the SOL, or start the validator with a faucet, as solana-test-validator does")
    };
    match rpc.request_airdrop(admin, lamports).await {
        Ok(_) => {}
        Err(error @ RpcError::Refused { .. }) => return Err(poor(format!("the faucet of this cluster: {error}"))),
        Err(error) => return Err(failed(error)),
    }
    let arrived = async {
        while rpc.balance(admin, Confirmed).await.map_err(failed)? < lamports {
            tokio::time::sleep(pace.slot() / 2).await;
        }
        Ok(())
    };
    match tokio::time::timeout(pace.patience(AIRDROP_TIMEOUT, 1), arrived).await {
        Ok(result) => result,
        Err(_) => Err(poor("the faucet of this cluster did not pay in time".to_owned())),
    }
}
