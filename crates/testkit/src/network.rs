//! A network on a local chain over JSON-RPC, and a story of work from stake to refund.

mod judgement;
mod setting;

pub use setting::{params, with_leases_of};

use mira_chain::ix::{
    self, CreateJobArgs, InitializeArgs, LeaseTerms, NetworkParams, RegisterProviderArgs, SettleAccounts,
};
use mira_chain::local::{LocalChain, LocalChainConfig};
use mira_chain::rpc::Rpc;
use mira_chain::send::{Confirmed, send};
use mira_chain::{pda, token, voucher};
use mira_core::amount::{Payment, Units};
use mira_core::job::job_id;
use mira_core::params::{Params, Profile};
use mira_store::Store;
use mira_store::model::{UsageReport, Voucher};
use solana_commitment_config::CommitmentLevel;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::{Keypair, Signature};
use solana_sdk::signer::Signer;
use std::sync::Mutex;
use std::time::Duration;

const SLOT_MS: u64 = 20;
const SOL: u64 = 1_000_000_000;
const SHARDS: [u8; 4] = [0, 4, 8, 12];

/// Everything of one running network.
pub struct Network {
    /// The chain.
    pub chain: LocalChain,
    /// Its JSON-RPC.
    pub rpc: Rpc,
    cluster: [u8; 32],
    params: Params,
    /// The network's admin, who mints, delegates stake and dispatches too.
    pub admin: Keypair,
    /// The provider's owner.
    pub owner: Keypair,
    /// The provider's operator.
    pub operator: Keypair,
    /// Who orders work.
    pub requester: Keypair,
    /// Who signs the requester's vouchers.
    pub signer: Keypair,
    /// The mint of stake.
    pub stake_mint: Keypair,
    /// The mint of payments.
    pub payment_mint: Keypair,
    sent: Mutex<Vec<Signature>>,
}

impl Network {
    /// A chain with the program on it, keys with lamports, and no network yet.
    pub async fn start(seed: u64) -> Self {
        Self::with(seed, SLOT_MS, params()).await
    }

    /// The same at another pace, for a network with other parameters.
    pub async fn with(seed: u64, slot_ms: u64, params: Params) -> Self {
        let admin = Keypair::new();
        let config = LocalChainConfig::new(seed, slot_ms, admin.pubkey());
        let chain = LocalChain::start(config).await.unwrap();
        let rpc = Rpc::new(chain.rpc_url());
        let cluster = rpc.genesis_hash().await.unwrap();
        let [owner, operator, requester, signer, stake_mint, payment_mint] = std::array::from_fn(|_| Keypair::new());
        let sent = Mutex::default();
        let network = Self {
            chain,
            rpc,
            cluster,
            params,
            admin,
            owner,
            operator,
            requester,
            signer,
            stake_mint,
            payment_mint,
            sent,
        };
        for key in [&network.admin, &network.owner, &network.operator, &network.requester] {
            network.rpc.request_airdrop(&key.pubkey(), 100 * SOL).await.unwrap();
        }
        network
    }

    /// Sends one transaction; the first signer pays.
    pub async fn send(&self, instructions: &[Instruction], signers: &[&Keypair]) -> Confirmed {
        match send(&self.rpc, instructions, signers, CommitmentLevel::Confirmed).await {
            Ok(confirmed) => {
                self.sent.lock().unwrap().push(confirmed.signature);
                confirmed
            }
            Err(error) => panic!("transaction refused: {error}"),
        }
    }

    /// The transactions sent so far, in their order.
    pub fn sent(&self) -> Vec<Signature> {
        self.sent.lock().unwrap().clone()
    }

    /// The chain's clock, unix seconds.
    pub async fn now(&self) -> i64 {
        self.rpc.clock(CommitmentLevel::Processed).await.unwrap().unix_timestamp
    }

    /// Waits until the chain's clock says so.
    pub async fn until(&self, time: i64) {
        while self.now().await < time {
            tokio::time::sleep(Duration::from_millis(SLOT_MS)).await;
        }
    }

    /// The owner's token account of a mint.
    pub fn account(&self, owner: &Keypair, mint: &Keypair) -> Pubkey {
        token::associated(&owner.pubkey(), &mint.pubkey())
    }

    /// The provider's address.
    pub fn provider(&self) -> Pubkey {
        pda::provider(&self.owner.pubkey())
    }

    /// Mints and their tokens, `initialize`, some fee shards, a provider with stake of two stakers.
    pub async fn furnish(&self) {
        let admin = self.admin.pubkey();
        let rent = self.rpc.rent_exempt_lamports(token::MINT_LEN).await.unwrap();
        for mint in [&self.stake_mint, &self.payment_mint] {
            let create = token::create_mint(&admin, &mint.pubkey(), &admin, 6, rent);
            self.send(&create, &[&self.admin, mint]).await;
            for holder in [&self.admin, &self.owner, &self.requester] {
                let account = self.account(holder, mint);
                let create = token::create_associated(&admin, &holder.pubkey(), &mint.pubkey());
                let fill = token::mint_to(&mint.pubkey(), &account, &admin, 5_000_000);
                self.send(&[create, fill], &[&self.admin]).await;
            }
        }
        let (stake, payment) = (self.stake_mint.pubkey(), self.payment_mint.pubkey());
        let args = InitializeArgs {
            profile: Profile::Local.as_u8(),
            cluster_id: self.cluster,
            params: NetworkParams::from(&self.params),
        };
        self.send(&[ix::initialize(&admin, &stake, &payment, args)], &[&self.admin]).await;
        for first in SHARDS {
            let shards: Vec<_> = (first..first + 4).map(|shard| ix::init_fee_shard(&admin, &payment, shard)).collect();
            self.send(&shards, &[&self.admin]).await;
        }
        let register = RegisterProviderArgs {
            operator: self.operator.pubkey(),
            commission_bps: 500,
            resource_class: *b"cpu-small\0\0\0\0\0\0\0",
            region: *b"eu-west\0\0\0\0\0\0\0\0\0",
            metadata_hash: [1; 32],
        };
        let payout = self.account(&self.owner, &self.payment_mint);
        self.send(&[ix::register_provider(&self.owner.pubkey(), &payout, register)], &[&self.owner]).await;
        for (staker, amount) in [(&self.owner, 1_000_000), (&self.admin, 500_000)] {
            let from = self.account(staker, &self.stake_mint);
            let stake = ix::stake(&staker.pubkey(), &self.provider(), &from, amount);
            self.send(&[stake], &[staker]).await;
        }
    }

    /// A job of four leases that lasts a minute.
    pub async fn job_args(&self, number: u32) -> CreateJobArgs {
        let now = self.now().await;
        CreateJobArgs {
            job_id: job_id(now, number).unwrap(),
            voucher_signer: self.signer.pubkey(),
            dispatcher: Some(self.admin.pubkey()),
            spec_hash: [2; 32],
            tier: 1,
            unit_kind: 2,
            max_unit_price: 5_000_000,
            min_provider_stake: 1,
            max_share_bps: 6_000,
            max_leases: 4,
            deadline: now + 60,
        }
    }

    /// [`Self::job_args`], created.
    pub async fn job(&self, number: u32) -> Pubkey {
        self.create(self.job_args(number).await).await
    }

    /// `create_job` and `fund_job`: gives the job's address.
    pub async fn create(&self, args: CreateJobArgs) -> Pubkey {
        let requester = self.requester.pubkey();
        let job = pda::job(&requester, args.job_id);
        let from = self.account(&self.requester, &self.payment_mint);
        let create = ix::create_job(&requester, &self.payment_mint.pubkey(), args);
        let fund = ix::fund_job(&requester, &job, &from, 1_000_000);
        self.send(&[create, fund], &[&self.requester]).await;
        job
    }

    /// Two payment units a unit, for five seconds.
    pub async fn lease_terms(&self, job: Pubkey, nonce: u32, cap: u64) -> LeaseTerms {
        LeaseTerms {
            job,
            provider: self.provider(),
            nonce,
            operator: self.operator.pubkey(),
            matcher: self.admin.pubkey(),
            unit_price: 2_000_000,
            cap,
            expires_at: self.now().await + 5,
        }
    }

    /// [`Self::lease_terms`], opened.
    pub async fn lease(&self, job: Pubkey, nonce: u32, cap: u64) -> Pubkey {
        self.open(&self.lease_terms(job, nonce, cap).await).await
    }

    /// `open_lease`, matched by the dispatcher.
    pub async fn open(&self, terms: &LeaseTerms) -> Pubkey {
        self.send(&[ix::open_lease(terms)], &[&self.operator, &self.admin]).await;
        terms.lease()
    }

    /// `settle` with a voucher over `units` at the lease's price.
    pub async fn settle(&self, job: Pubkey, lease: Pubkey, units: u64) -> Confirmed {
        let signed = voucher::voucher(self.cluster, &lease, Payment::new(units * 2), Units::new(units));
        let signature = voucher::sign(&self.signer, &signed).unwrap();
        let payout = self.account(&self.owner, &self.payment_mint);
        let submitter = self.operator.pubkey();
        let accounts = SettleAccounts { submitter, job, lease, provider: self.provider(), payout };
        let settle = ix::settle(&accounts, &self.signer.pubkey(), &signed, &signature);
        self.send(&settle, &[&self.operator]).await
    }

    /// Everything that can happen to two leases, their job and a delegator's stake. Gives the first
    /// lease and the units that were settled on it.
    pub async fn story(&self) -> (Pubkey, u64) {
        let (provider, delegator, operator) = (self.provider(), self.admin.pubkey(), self.operator.pubkey());
        let requester = self.requester.pubkey();
        self.send(&[ix::request_unstake(&delegator, &provider, 500_000)], &[&self.admin]).await;
        let unlocked = self.now().await + i64::from(self.params.unbonding_secs);
        let job = self.job(1).await;
        let (first, second) = (self.lease(job, 0, 400_000).await, self.lease(job, 1, 100_000).await);
        self.settle(job, first, 15_001).await;
        self.settle(job, first, 45_000).await;
        let close = ix::close_lease(&operator, &provider, &first);
        self.send(&[close, ix::release_lease(&operator, &job, &first)], &[&self.operator]).await;
        self.send(&[ix::close_lease(&requester, &provider, &second)], &[&self.requester]).await;
        self.send(&[ix::begin_close_job(&requester, &job)], &[&self.requester]).await;
        self.until(self.now().await + 2).await;
        let end = ix::end_lease(&operator, &provider, &first, &operator);
        self.send(&[end, ix::release_lease(&operator, &job, &second)], &[&self.operator]).await;
        self.until(self.now().await + 2).await;
        let destination = self.account(&self.requester, &self.payment_mint);
        let end = ix::end_lease(&operator, &provider, &second, &operator);
        let close = ix::close_job(&requester, &job, &requester, &destination);
        self.send(&[end], &[&self.operator]).await;
        self.send(&[close, ix::sweep_fees(&requester, pda::fee_shard_of(&first))], &[&self.requester]).await;
        self.until(unlocked + 1).await;
        let destination = self.account(&self.admin, &self.stake_mint);
        let withdraw = ix::withdraw_stake(&delegator, &provider, &delegator, &destination, 0);
        self.send(&[withdraw], &[&self.admin]).await;
        (first, 45_000)
    }

    /// The slot of now; everything that was sent is final once this one is.
    pub async fn slot(&self) -> u64 {
        self.rpc.slot(CommitmentLevel::Processed).await.unwrap()
    }

    /// Puts what provider and requester said of a lease into their books.
    pub async fn book(&self, store: &dyn Store, lease: Pubkey, units: u64) {
        let signed = voucher::voucher(self.cluster, &lease, Payment::new(units * 2), Units::new(units));
        let report = UsageReport {
            lease: lease.to_bytes(),
            seq: 1,
            cumulative_units: Units::new(units),
            items: 3,
            outputs_hash: [3; 32],
            signer: self.operator.pubkey().to_bytes(),
            signature: [4; 64],
            received_ms: 1,
        };
        let voucher = Voucher {
            lease: lease.to_bytes(),
            cumulative_amount: signed.cumulative_amount,
            cumulative_units: signed.cumulative_units,
            signer: self.signer.pubkey().to_bytes(),
            signature: voucher::sign(&self.signer, &signed).unwrap(),
            received_ms: 2,
        };
        store.put_usage(report).await.unwrap();
        store.put_voucher(voucher).await.unwrap();
    }
}
