//! A local chain with two mints, for the tests of this folder.

use mira_chain::event::{Event, RawEvent};
use mira_chain::ix::{self, InitializeArgs, NetworkParams};
use mira_chain::local::{LocalChain, LocalChainConfig};
use mira_chain::rpc::Rpc;
use mira_chain::send::{Confirmed, SendError, send};
use mira_chain::source::{BlockFetch, BlockSource, ClusterSource, RpcSource, SlotBlock};
use mira_chain::token;
use mira_core::params::Params;
use mira_testkit::network;
use solana_commitment_config::CommitmentLevel::{Confirmed as AtConfirmed, Finalized, Processed};
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;
use std::time::Duration;

/// Milliseconds per slot: finality takes about 1.5 s.
const SLOT_MS: u64 = 50;
/// A hundredth, so that fees are whole.
const FEE_BPS: u16 = 100;
const LAMPORTS: u64 = 10_000_000_000;
const WAIT: Duration = Duration::from_millis(50);

/// What the chain tests' networks run on.
pub fn params() -> NetworkParams {
    at_even_fees(&network::params())
}

fn at_even_fees(params: &Params) -> NetworkParams {
    NetworkParams { fee_bps: FEE_BPS, ..NetworkParams::from(params) }
}

/// A key that a test can name.
pub fn key(byte: u8) -> Keypair {
    Keypair::new_from_array([byte; 32])
}

/// A running chain.
pub struct Net {
    pub chain: LocalChain,
    pub rpc: Rpc,
    pub genesis: [u8; 32],
    pub admin: Keypair,
    pub stake_mint: Pubkey,
    pub payment_mint: Pubkey,
}

/// What [`LocalChain::start`] gets in these tests.
pub fn config(seed: u64) -> LocalChainConfig {
    LocalChainConfig::new(seed, SLOT_MS, key(1).pubkey())
}

impl Net {
    /// Starts a chain and makes the mints; the network is not initialized.
    pub async fn start() -> Self {
        let chain = LocalChain::start(config(7)).await.unwrap();
        let rpc = Rpc::new(chain.rpc_url());
        let genesis = rpc.genesis_hash().await.unwrap();
        let (stake, payment) = (key(2), key(3));
        let (stake_mint, payment_mint) = (stake.pubkey(), payment.pubkey());
        let net = Self { chain, rpc, genesis, admin: key(1), stake_mint, payment_mint };
        net.airdrop(&net.admin.pubkey()).await;
        let rent = net.rpc.rent_exempt_lamports(token::MINT_LEN).await.unwrap();
        let admin = net.admin.pubkey();
        let mints = [stake_mint, payment_mint].map(|mint| token::create_mint(&admin, &mint, &admin, 6, rent));
        net.send(mints.as_flattened(), &[&net.admin, &stake, &payment]).await.unwrap();
        net
    }

    /// The instruction that `authority` initializes the network with.
    pub fn initialize(&self, authority: &Pubkey) -> Instruction {
        self.initialize_with(authority, &network::params())
    }

    /// The same with parameters of the test's own.
    pub fn initialize_with(&self, authority: &Pubkey, params: &Params) -> Instruction {
        let args = InitializeArgs { profile: 1, cluster_id: self.genesis, params: at_even_fees(params) };
        ix::initialize(authority, &self.stake_mint, &self.payment_mint, args)
    }

    /// Lamports from the faucet, waited for.
    pub async fn airdrop(&self, to: &Pubkey) {
        self.rpc.request_airdrop(to, LAMPORTS).await.unwrap();
        while self.rpc.balance(to, AtConfirmed).await.unwrap() == 0 {
            tokio::time::sleep(WAIT).await;
        }
    }

    /// Base units of a mint in the owner's associated account.
    pub async fn give(&self, owner: &Pubkey, mint: &Pubkey, amount: u64) -> Pubkey {
        let (admin, account) = (self.admin.pubkey(), token::associated(owner, mint));
        let create = token::create_associated(&admin, owner, mint);
        self.send(&[create, token::mint_to(mint, &account, &admin, amount)], &[&self.admin]).await.unwrap();
        account
    }

    /// Sends and waits for `confirmed`; the first signer pays.
    pub async fn send(&self, instructions: &[Instruction], signers: &[&Keypair]) -> Result<Confirmed, SendError> {
        send(&self.rpc, instructions, signers, AtConfirmed).await
    }

    /// The chain's clock.
    pub async fn now(&self) -> i64 {
        self.rpc.clock(Processed).await.unwrap().unix_timestamp
    }

    /// Waits until the chain's clock shows `unix_secs`.
    pub async fn until(&self, unix_secs: i64) {
        while self.now().await < unix_secs {
            tokio::time::sleep(WAIT).await;
        }
    }

    /// All finalized blocks up to `slot`, which is waited for.
    pub async fn blocks_to(&self, slot: u64) -> Vec<SlotBlock> {
        let source = RpcSource::new(self.rpc.clone());
        while self.rpc.slot(Finalized).await.unwrap() < slot {
            tokio::time::sleep(WAIT).await;
        }
        let first = source.first_available_slot().await.unwrap();
        let mut blocks = Vec::new();
        for slot in source.produced_slots(first, slot).await.unwrap() {
            match source.block(slot).await.unwrap() {
                BlockFetch::Present(block) => blocks.push(block),
                other => panic!("slot {slot}: {other:?}"),
            }
        }
        blocks
    }
}

/// The events of blocks, decoded, with their raw form.
pub fn events(blocks: &[SlotBlock]) -> Vec<(RawEvent, Event)> {
    let decode = |raw: &RawEvent| (raw.clone(), raw.decode().unwrap());
    blocks.iter().flat_map(|block| &block.events).map(decode).collect()
}
