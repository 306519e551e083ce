//! The provider nodes of a local network: registered, staked, offering, in simulated regions and at
//! prices that derive from the seed.

use std::{sync::Arc, time::Duration};

use mira_chain::{
    ix::{self, RegisterProviderArgs},
    pda,
    rpc::Rpc,
    token,
};
use mira_core::{
    hash::{Sha2, Sha256},
    label::Label,
};
use mira_node::{Node, NodeConfig, NodeHandle};
use solana_commitment_config::CommitmentLevel;
use solana_sdk::{instruction::Instruction, pubkey::Pubkey, signer::Signer};
use tokio_util::sync::CancellationToken;

use super::{
    Network, NetworkConfig, Role, TOKEN,
    genesis::{self, Genesis},
    keys,
};
use crate::error::Error;

/// Regions that the dispatcher simulates round-trip times between.
const REGIONS: [&str; 5] = ["eu-west", "eu-north", "us-east", "us-west", "ap-south"];
/// What the machines are.
pub const RESOURCE_CLASS: &str = "cpu";
/// Each owner's stake: five times the least that opens a lease.
const STAKE: u64 = 5_000 * TOKEN;
/// For fees and the rent of leases.
const OPERATOR_LAMPORTS: u64 = 10_000_000_000;
/// Payment base units per million units of fuel: this, and up to a quarter more.
const BASE_PRICE: u64 = 1_000;
/// How long the offers may take, besides the time that finality takes.
const OFFER_TIMEOUT: Duration = Duration::from_secs(60);

/// A provider and its node.
pub struct Provider {
    /// Its account.
    pub key: Pubkey,
    /// Its node.
    pub node: NodeHandle,
}

/// Makes sure that nobody came to this chain with this seed's keys before.
pub async fn require_new(rpc: &Rpc, seed: u64) -> Result<(), Error> {
    let provider = pda::provider(&keys::derive(seed, Role::Owner(0)).pubkey());
    let found = rpc.account(&provider, CommitmentLevel::Confirmed).await;
    match found.map_err(|error| Error::failed("reading the chain", error))? {
        None => Ok(()),
        Some(_) => Err(Error::invalid(
            format!("the providers of seed {seed} are on this chain already"),
            "give another --seed: all keys follow from it",
        )),
    }
}

/// Registers and stakes all providers, starts their nodes, and waits until each can be placed on.
pub async fn start(network: &Network, config: &NetworkConfig) -> Result<Vec<Provider>, Error> {
    for index in 0..config.providers {
        register(network, config.seed, index).await?;
    }
    // A dispatcher takes offers of providers that are finalized.
    network.settle_index().await?;
    let mut providers = Vec::new();
    for index in 0..config.providers {
        let owner = keys::derive(config.seed, Role::Owner(index));
        let operator = keys::derive(config.seed, Role::Operator(index));
        let key = pda::provider(&owner.pubkey());
        let folder = config.folder.join(format!("node-{index}"));
        let mut node = NodeConfig::new(&network.file.api_url, &network.file.rpc_url, Arc::new(operator), key, folder);
        node.region = region(index).to_owned();
        node.resource_class = RESOURCE_CLASS.to_owned();
        node.unit_price = price(config.seed, index);
        let node = Node::spawn(node, (config.executor)(index), CancellationToken::new()).await;
        providers.push(Provider { key, node: node.map_err(|error| Error::failed("starting a node", error))? });
    }
    await_offers(network, config.providers).await?;
    Ok(providers)
}

/// One transaction: the owner's and the operator's lamports, stake tokens, `register_provider`, `stake`.
async fn register(network: &Network, seed: u64, index: u16) -> Result<(), Error> {
    let admin = &*network.admin;
    let owner = &keys::derive(seed, Role::Owner(index));
    let operator = &keys::derive(seed, Role::Operator(index)).pubkey();
    let Genesis { stake_mint, payment_mint, .. } = network.genesis;
    let (payer, who) = (admin.pubkey(), owner.pubkey());
    let stake_account = token::associated(&who, &stake_mint);
    let funding: [Instruction; 5] = [
        solana_system_interface::instruction::transfer(&payer, &who, OPERATOR_LAMPORTS),
        solana_system_interface::instruction::transfer(&payer, operator, OPERATOR_LAMPORTS),
        token::create_associated(&payer, &who, &stake_mint),
        token::mint_to(&stake_mint, &stake_account, &payer, STAKE),
        token::create_associated(&payer, &who, &payment_mint),
    ];
    genesis::send(&network.rpc, &funding, &[admin]).await?;
    let args = RegisterProviderArgs {
        operator: *operator,
        commission_bps: 1_000,
        resource_class: label(RESOURCE_CLASS)?,
        region: label(region(index))?,
        metadata_hash: [0; 32],
    };
    let provider = pda::provider(&who);
    let payout = token::associated(&who, &payment_mint);
    let joining = [ix::register_provider(&who, &payout, args), ix::stake(&who, &provider, &stake_account, STAKE)];
    genesis::send(&network.rpc, &joining, &[owner]).await
}

fn region(index: u16) -> &'static str {
    REGIONS[usize::from(index) % REGIONS.len()]
}

fn label(text: &str) -> Result<[u8; 16], Error> {
    Ok(*Label::parse(text).map_err(|error| Error::failed("registering a provider", error))?.bytes())
}

fn price(seed: u64, index: u16) -> u64 {
    let hash = Sha2::hashv(&[b"mira:local:price:v1", &seed.to_le_bytes(), &index.to_le_bytes()]);
    BASE_PRICE + u64::from(hash[0]) % (BASE_PRICE / 4)
}

/// Placement is the same for the same seed only if it begins when every node can be chosen.
async fn await_offers(network: &Network, wanted: u16) -> Result<(), Error> {
    let api = crate::settings::api_client(&network.file.api_url)?;
    let offered = async {
        loop {
            let seen = api.network().await?.data.coordination.healthy;
            if seen >= u32::from(wanted) {
                return Ok::<(), Error>(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    match tokio::time::timeout(network.pace.patience(OFFER_TIMEOUT, 2), offered).await {
        Ok(result) => result,
        Err(_) => Err(Error::failed("starting the nodes", "not every node could make its offer in time")),
    }
}
