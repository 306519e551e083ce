//! The first transactions of a local network: mints, `initialize`, and the fee shards.

use std::time::Duration;

use mira_chain::{
    ix::{self, InitializeArgs, NetworkParams},
    rpc::Rpc,
    token,
};
use mira_core::{Hash, fee_shard::FEE_SHARDS, params::Profile};
use solana_commitment_config::CommitmentLevel;
use solana_sdk::{instruction::Instruction, pubkey::Pubkey, signature::Keypair, signer::Signer};

use super::{DECIMALS, NetworkConfig, Role, derive};
use crate::error::Error;

/// What the admin starts with: enough for everybody's fees and rent.
const ADMIN_LAMPORTS: u64 = 100_000_000_000_000;
/// How many fee shards one transaction opens: four accounts of each are new to it.
const SHARDS_PER_TRANSACTION: usize = 4;
const AIRDROP_TIMEOUT: Duration = Duration::from_secs(30);

/// What is fixed about the network.
pub struct Genesis {
    pub cluster_id: Hash,
    pub stake_mint: Pubkey,
    pub payment_mint: Pubkey,
}

/// Creates the network.
pub async fn create(rpc: &Rpc, config: &NetworkConfig, admin: &Keypair) -> Result<Genesis, Error> {
    airdrop(rpc, &admin.pubkey()).await?;
    let failed = |error: mira_chain::rpc::RpcError| Error::failed("creating the network", error);
    let cluster_id = rpc.genesis_hash().await.map_err(failed)?;
    let rent = rpc.rent_exempt_lamports(token::MINT_LEN).await.map_err(failed)?;
    let stake_mint = derive(config.seed, Role::StakeMint);
    let payment_mint = derive(config.seed, Role::PaymentMint);
    let payer = admin.pubkey();
    let mut mints = Vec::new();
    for mint in [&stake_mint, &payment_mint] {
        mints.extend(token::create_mint(&payer, &mint.pubkey(), &payer, DECIMALS, rent));
    }
    send(rpc, &mints, &[admin, &stake_mint, &payment_mint]).await?;
    let params = NetworkParams::from(&config.params);
    let args = InitializeArgs { profile: Profile::Local.as_u8(), cluster_id, params };
    let initialize = ix::initialize(&payer, &stake_mint.pubkey(), &payment_mint.pubkey(), args);
    send(rpc, &[initialize], &[admin]).await?;
    let shards: Vec<Instruction> =
        (0..FEE_SHARDS).map(|shard| ix::init_fee_shard(&payer, &payment_mint.pubkey(), shard)).collect();
    for some in shards.chunks(SHARDS_PER_TRANSACTION) {
        send(rpc, some, &[admin]).await?;
    }
    Ok(Genesis { cluster_id, stake_mint: stake_mint.pubkey(), payment_mint: payment_mint.pubkey() })
}

/// Sends one transaction of the network's making and waits until it is confirmed.
pub async fn send(rpc: &Rpc, instructions: &[Instruction], signers: &[&Keypair]) -> Result<(), Error> {
    let sent = mira_chain::send::send(rpc, instructions, signers, CommitmentLevel::Confirmed).await;
    sent.map(|_| ()).map_err(|error| Error::failed("creating the network", error))
}

/// The local chain's own faucet fills the admin's account; all others are filled from there.
async fn airdrop(rpc: &Rpc, to: &Pubkey) -> Result<(), Error> {
    let failed = |error: mira_chain::rpc::RpcError| Error::failed("funding the admin", error);
    rpc.request_airdrop(to, ADMIN_LAMPORTS).await.map_err(failed)?;
    let arrived = async {
        while rpc.balance(to, CommitmentLevel::Confirmed).await.map_err(failed)? == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    };
    match tokio::time::timeout(AIRDROP_TIMEOUT, arrived).await {
        Ok(result) => result,
        Err(_) => Err(Error::failed("funding the admin", "the local chain's faucet did not pay in time")),
    }
}
