//! A network on a local chain: the program's bytecode behind real JSON-RPC, with leases on which settlements
//! can be sent.

use anyhow::Context;
use mira_chain::ix::{self, CreateJobArgs, InitializeArgs, LeaseTerms, NetworkParams, RegisterProviderArgs};
use mira_chain::local::{LocalChain, LocalChainConfig};
use mira_chain::rpc::Rpc;
use mira_chain::send::{Confirmed, send};
use mira_chain::{artifact, pda, token, voucher};
use mira_core::Hash;
use mira_core::amount::{Payment, Units};
use mira_core::hash::{Sha2, Sha256};
use mira_core::job::job_id;
use mira_core::params::Profile;
use solana_commitment_config::CommitmentLevel;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Milliseconds of a slot: finality takes 31 of them.
pub const SLOT_MS: u64 = 50;
/// Leases on which settlements are sent at the same time.
pub const LEASES: u32 = 8;

const LAMPORTS: u64 = 100_000_000_000;
const TOKENS: u64 = 1_000_000_000;
const CAP: u64 = 1_000_000;

/// Everything in seconds but the leases, which outlast the run.
const PARAMS: NetworkParams = NetworkParams {
    fee_bps: 100,
    min_stake: 1_000,
    stake_per_million: 500_000,
    unbonding_secs: 3_700,
    max_lease_secs: 3_600,
    max_job_secs: 7_200,
    grace_secs: 1,
    dispute_window_secs: 1,
    job_id_window_secs: 2,
    bond_bps: 1_000,
    min_bond: 10,
    respond_secs: 1,
    vote_secs: 1,
    jail_secs: 1,
    max_slash_bps: 5_000,
    reward_share_bps: 8_000,
    epoch_secs: 60,
    challenge_secs: 1,
    stale_secs: 60,
};

/// A running network: one provider, one job and [`LEASES`] leases.
pub struct Network {
    chain: LocalChain,
    rpc: Rpc,
    cluster: Hash,
    /// Owns and runs everything; signs vouchers too.
    actor: Keypair,
    payment: Pubkey,
    job: Pubkey,
    leases: Vec<(Pubkey, AtomicU64)>,
}

impl Network {
    /// Starts it.
    ///
    /// # Errors
    /// The chain does not start, or refuses one of the first transactions.
    pub async fn start(seed: u64) -> anyhow::Result<Self> {
        let key = |role: &str| Keypair::new_from_array(Sha2::hashv(&[role.as_bytes(), &seed.to_le_bytes()]));
        let (actor, stake, payment) = (key("actor"), key("stake mint"), key("payment mint"));
        let config = LocalChainConfig {
            rpc_port: None,
            ws_port: None,
            slot_ms: SLOT_MS,
            elf: artifact::program_elf().into(),
            program_id: pda::PROGRAM_ID,
            upgrade_authority: actor.pubkey(),
            seed,
        };
        let chain = LocalChain::start(config).await?;
        let rpc = Rpc::new(chain.rpc_url());
        let cluster = rpc.genesis_hash().await?;
        rpc.request_airdrop(&actor.pubkey(), LAMPORTS).await?;
        while rpc.balance(&actor.pubkey(), CommitmentLevel::Confirmed).await? == 0 {
            tokio::time::sleep(Duration::from_millis(SLOT_MS)).await;
        }
        let (job, leases) = (Pubkey::default(), Vec::new());
        let mut network = Self { chain, rpc, cluster, actor, payment: payment.pubkey(), job, leases };
        network.initialize(&stake, &payment).await?;
        network.provide(&stake.pubkey()).await?;
        network.offer().await?;
        Ok(network)
    }

    /// Stops it.
    pub async fn stop(self) {
        self.chain.shutdown().await;
    }

    /// A client of its own of the endpoint, whose calls can be counted.
    pub fn rpc(&self) -> Rpc {
        Rpc::new(self.chain.rpc_url())
    }

    /// Where its endpoint is.
    pub fn rpc_url(&self) -> String {
        self.rpc.url()
    }

    /// The newest finalized slot.
    ///
    /// # Errors
    /// The endpoint does not answer.
    pub async fn finalized(&self) -> anyhow::Result<u64> {
        Ok(self.rpc.slot(CommitmentLevel::Finalized).await?)
    }

    /// Settles one unit more on a lease and waits until that is confirmed.
    ///
    /// # Errors
    /// The chain refuses it.
    pub async fn settle(&self, lease: usize) -> anyhow::Result<Confirmed> {
        let (lease, settled) = &self.leases[lease];
        let units = settled.fetch_add(1, Ordering::Relaxed) + 1;
        // Two base units a unit, as the leases say.
        let signed = voucher::voucher(self.cluster, lease, Payment::new(units * 2), Units::new(units));
        let signature = voucher::sign(&self.actor, &signed).context("a voucher cannot be signed")?;
        let (submitter, payout) = (self.actor.pubkey(), self.account(&self.payment));
        let provider = pda::provider(&submitter);
        let accounts = ix::SettleAccounts { submitter, job: self.job, lease: *lease, provider, payout };
        self.send(&ix::settle(&accounts, &submitter, &signed, &signature), &[]).await
    }

    fn account(&self, mint: &Pubkey) -> Pubkey {
        token::associated(&self.actor.pubkey(), mint)
    }

    async fn send(&self, instructions: &[Instruction], others: &[&Keypair]) -> anyhow::Result<Confirmed> {
        let signers = [&[&self.actor][..], others].concat();
        Ok(send(&self.rpc, instructions, &signers, CommitmentLevel::Confirmed).await?)
    }

    async fn initialize(&self, stake: &Keypair, payment: &Keypair) -> anyhow::Result<()> {
        let admin = self.actor.pubkey();
        let rent = self.rpc.rent_exempt_lamports(token::MINT_LEN).await?;
        for mint in [stake, payment] {
            self.send(&token::create_mint(&admin, &mint.pubkey(), &admin, 6, rent), &[mint]).await?;
            let account = token::create_associated(&admin, &admin, &mint.pubkey());
            let fill = token::mint_to(&mint.pubkey(), &self.account(&mint.pubkey()), &admin, TOKENS);
            self.send(&[account, fill], &[]).await?;
        }
        let args = InitializeArgs { profile: Profile::Local.as_u8(), cluster_id: self.cluster, params: PARAMS };
        self.send(&[ix::initialize(&admin, &stake.pubkey(), &payment.pubkey(), args)], &[]).await?;
        let shards: Vec<_> =
            (0..pda::FEE_SHARDS).map(|shard| ix::init_fee_shard(&admin, &payment.pubkey(), shard)).collect();
        for some in shards.chunks(4) {
            self.send(some, &[]).await?;
        }
        Ok(())
    }

    async fn provide(&self, stake: &Pubkey) -> anyhow::Result<()> {
        let owner = self.actor.pubkey();
        let register = RegisterProviderArgs {
            operator: owner,
            commission_bps: 500,
            resource_class: *b"cpu-small\0\0\0\0\0\0\0",
            region: *b"eu-west\0\0\0\0\0\0\0\0\0",
            metadata_hash: [1; 32],
        };
        let register = ix::register_provider(&owner, &self.account(&self.payment), register);
        let stake = ix::stake(&owner, &pda::provider(&owner), &self.account(stake), TOKENS / 2);
        self.send(&[register, stake], &[]).await?;
        Ok(())
    }

    /// One job and its leases.
    async fn offer(&mut self) -> anyhow::Result<()> {
        let (actor, now) = (self.actor.pubkey(), self.now().await?);
        let args = CreateJobArgs {
            job_id: job_id(now, 1)?,
            voucher_signer: actor,
            dispatcher: None,
            spec_hash: [2; 32],
            tier: 1,
            unit_kind: 2,
            max_unit_price: 5_000_000,
            min_provider_stake: 1,
            max_share_bps: 10_000,
            max_leases: 16,
            deadline: now + 7_000,
        };
        self.job = pda::job(&actor, args.job_id);
        let create = ix::create_job(&actor, &self.payment, args);
        let fund = ix::fund_job(&actor, &self.job, &self.account(&self.payment), CAP * u64::from(LEASES));
        self.send(&[create, fund], &[]).await?;
        for nonce in 0..LEASES {
            let terms = LeaseTerms {
                job: self.job,
                provider: pda::provider(&actor),
                nonce,
                operator: actor,
                matcher: actor,
                unit_price: 2_000_000,
                cap: CAP,
                expires_at: self.now().await? + 3_500,
            };
            self.send(&[ix::open_lease(&terms)], &[]).await?;
            self.leases.push((terms.lease(), AtomicU64::new(0)));
        }
        Ok(())
    }

    async fn now(&self) -> anyhow::Result<i64> {
        Ok(self.rpc.clock(CommitmentLevel::Processed).await?.unix_timestamp)
    }
}
