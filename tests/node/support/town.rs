//! The chain with the program, one provider, one requester with a funded job, and a dispatcher's key.

use std::sync::Arc;

use mira_chain::account::{Job, Lease, Provider};
use mira_chain::ix::{self, CreateJobArgs, InitializeArgs, LeaseTerms, NetworkParams, RegisterProviderArgs};
use mira_chain::local::{LocalChain, LocalChainConfig};
use mira_chain::rpc::Rpc;
use mira_chain::send::send;
use mira_chain::{pda, token, tx, voucher};
use mira_core::amount::{Payment, StakePerMillion, UnitPrice, Units};
use mira_core::job::job_id;
use mira_core::params::{Params, Profile};
use mira_core::price::amount_ceil;
use mira_core::tier::{Tier, UnitKind};
use mira_testkit::network;
use mira_wire::node::Proposal;
use mira_wire::voucher::Voucher;
use mira_wire::{KeyStr, SigStr, Time, U64Str};
use solana_commitment_config::CommitmentLevel;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

const SLOT_MS: u64 = 20;
const SOL: u64 = 1_000_000_000;
const CONFIRMED: CommitmentLevel = CommitmentLevel::Confirmed;
/// Payment base units per million units of fuel.
pub const PRICE: u64 = 1_000_000;
const FUNDING: u64 = 4_000_000_000;

/// Leases of minutes, backed by little stake.
fn params() -> Params {
    Params { stake_per_million: StakePerMillion::new(100), ..network::with_leases_of(600) }
}

pub struct Town {
    pub chain: LocalChain,
    pub rpc: Rpc,
    pub operator: Arc<Keypair>,
    pub job: Pubkey,
    cluster: [u8; 32],
    admin: Keypair,
    owner: Keypair,
    dispatcher: Keypair,
    requester: Keypair,
    signer: Keypair,
    mint: Keypair,
}

impl Town {
    pub async fn build(seed: u64) -> Self {
        let admin = Keypair::new();
        let config = LocalChainConfig::new(seed, SLOT_MS, admin.pubkey());
        let chain = LocalChain::start(config).await.unwrap();
        let rpc = Rpc::new(chain.rpc_url());
        let cluster = rpc.genesis_hash().await.unwrap();
        let [owner, dispatcher, requester, signer, mint] = std::array::from_fn(|_| Keypair::new());
        let operator = Arc::new(Keypair::new());
        let job = Pubkey::default();
        let mut town = Self { chain, rpc, operator, job, cluster, admin, owner, dispatcher, requester, signer, mint };
        for key in [&town.admin, &town.owner, &town.operator, &town.requester] {
            town.rpc.request_airdrop(&key.pubkey(), 100 * SOL).await.unwrap();
        }
        town.found().await;
        town.settle_provider().await;
        town.job = town.post_job().await;
        town
    }

    pub async fn send(&self, instructions: &[Instruction], signers: &[&Keypair]) {
        if let Err(error) = send(&self.rpc, instructions, signers, CONFIRMED).await {
            panic!("transaction refused: {error}");
        }
    }

    fn account(&self, owner: &Keypair) -> Pubkey {
        token::associated(&owner.pubkey(), &self.mint.pubkey())
    }

    /// One mint for stake and payment, `initialize`, all fee shards.
    async fn found(&self) {
        let (admin, mint) = (self.admin.pubkey(), self.mint.pubkey());
        let rent = self.rpc.rent_exempt_lamports(token::MINT_LEN).await.unwrap();
        self.send(&token::create_mint(&admin, &mint, &admin, 6, rent), &[&self.admin, &self.mint]).await;
        for holder in [&self.owner, &self.requester] {
            let create = token::create_associated(&admin, &holder.pubkey(), &mint);
            let fill = token::mint_to(&mint, &self.account(holder), &admin, 2 * FUNDING);
            self.send(&[create, fill], &[&self.admin]).await;
        }
        let args = InitializeArgs {
            profile: Profile::Local.as_u8(),
            cluster_id: self.cluster,
            params: NetworkParams::from(&params()),
        };
        self.send(&[ix::initialize(&admin, &mint, &mint, args)], &[&self.admin]).await;
        for first in [0, 4, 8, 12] {
            let shards: Vec<_> = (first..first + 4).map(|shard| ix::init_fee_shard(&admin, &mint, shard)).collect();
            self.send(&shards, &[&self.admin]).await;
        }
    }

    async fn settle_provider(&self) {
        let register = RegisterProviderArgs {
            operator: self.operator.pubkey(),
            commission_bps: 0,
            resource_class: *b"cpu-small\0\0\0\0\0\0\0",
            region: *b"eu-west\0\0\0\0\0\0\0\0\0",
            metadata_hash: [1; 32],
        };
        let owner = self.owner.pubkey();
        let account = self.account(&self.owner);
        let register = ix::register_provider(&owner, &account, register);
        let stake = ix::stake(&owner, &self.provider(), &account, 1_000_000_000);
        self.send(&[register, stake], &[&self.owner]).await;
    }

    async fn post_job(&self) -> Pubkey {
        let (requester, now) = (self.requester.pubkey(), self.now().await);
        let args = CreateJobArgs {
            job_id: job_id(now, 1).unwrap(),
            voucher_signer: self.signer.pubkey(),
            dispatcher: Some(self.dispatcher.pubkey()),
            spec_hash: [2; 32],
            tier: Tier::Batch.as_u8(),
            unit_kind: UnitKind::Fuel.as_u8(),
            max_unit_price: PRICE,
            min_provider_stake: 1,
            max_share_bps: 10_000,
            max_leases: 8,
            deadline: now + 500,
        };
        let job = pda::job(&requester, args.job_id);
        let from = self.account(&self.requester);
        let create = ix::create_job(&requester, &self.mint.pubkey(), args);
        self.send(&[create, ix::fund_job(&requester, &job, &from, FUNDING)], &[&self.requester]).await;
        job
    }

    /// The chain's clock, unix seconds.
    pub async fn now(&self) -> i64 {
        self.rpc.clock(CommitmentLevel::Processed).await.unwrap().unix_timestamp
    }

    pub fn rpc_url(&self) -> &str {
        self.chain.rpc_url()
    }

    pub fn provider(&self) -> Pubkey {
        pda::provider(&self.owner.pubkey())
    }

    pub async fn lease(&self, lease: &[u8; 32]) -> Option<Lease> {
        self.rpc.state(&Pubkey::new_from_array(*lease), CONFIRMED).await.unwrap()
    }

    pub async fn job_account(&self) -> Job {
        self.rpc.state(&self.job, CONFIRMED).await.unwrap().unwrap()
    }

    pub async fn provider_account(&self) -> Provider {
        self.rpc.state(&self.provider(), CONFIRMED).await.unwrap().unwrap()
    }

    /// Terms that the node should accept.
    pub async fn terms(&self, cap: u64) -> LeaseTerms {
        LeaseTerms {
            job: self.job,
            provider: self.provider(),
            nonce: self.job_account().await.leases_total,
            operator: self.operator.pubkey(),
            matcher: self.dispatcher.pubkey(),
            unit_price: PRICE,
            cap,
            expires_at: self.now().await + 300,
        }
    }

    pub async fn propose(&self, cap: u64) -> Proposal {
        let terms = self.terms(cap).await;
        let blockhash = self.rpc.latest_blockhash().await.unwrap().blockhash;
        Proposal {
            id: U64Str(u64::from(terms.nonce) + 1),
            job: KeyStr(terms.job.to_bytes()),
            provider: KeyStr(terms.provider.to_bytes()),
            nonce: terms.nonce,
            unit_price: U64Str(terms.unit_price),
            cap: U64Str(terms.cap),
            expires_at: Time::from_secs(terms.expires_at),
            transaction: tx::propose(&terms, &self.dispatcher, blockhash).unwrap(),
        }
    }

    /// The lease that a proposal would open.
    pub fn lease_of(&self, proposal: &Proposal) -> [u8; 32] {
        pda::lease(&self.job, &self.provider(), proposal.nonce).to_bytes()
    }

    /// A voucher for all of `units` at the agreed price.
    pub fn voucher(&self, lease: &[u8; 32], units: u64) -> Voucher {
        let amount = amount_ceil(Units::new(units), UnitPrice::new(PRICE)).unwrap();
        self.voucher_of(lease, amount, units, &self.signer)
    }

    /// A voucher for the same, signed by somebody else.
    pub fn forged(&self, lease: &[u8; 32], units: u64) -> Voucher {
        self.voucher_of(lease, Payment::new(units), units, &self.dispatcher)
    }

    fn voucher_of(&self, lease: &[u8; 32], amount: Payment, units: u64, signer: &Keypair) -> Voucher {
        let key = Pubkey::new_from_array(*lease);
        let voucher = voucher::voucher(self.cluster, &key, amount, Units::new(units));
        Voucher {
            lease: KeyStr(*lease),
            cumulative_amount: U64Str(amount.get()),
            cumulative_units: U64Str(units),
            signature: SigStr(voucher::sign(signer, &voucher).unwrap()),
        }
    }

    /// The requester begins to close the job.
    pub async fn begin_close(&self) {
        self.send(&[ix::begin_close_job(&self.requester.pubkey(), &self.job)], &[&self.requester]).await;
    }

    /// Whether `usage` is the operator's over this lease on this cluster.
    pub fn usage_verifies(&self, usage: &mira_wire::usage::UsageReport) -> bool {
        let report = mira_core::usage::Report {
            program_id: pda::PROGRAM_ID.to_bytes(),
            cluster_id: self.cluster,
            lease: usage.lease.get(),
            seq: usage.seq.get(),
            cumulative_units: Units::new(usage.cumulative_units.get()),
            items: usage.items,
            outputs_hash: usage.outputs_hash.get(),
        };
        let message = mira_core::usage::message::<mira_core::hash::Sha2>(&report);
        mira_wire::request::verify_strict(&self.operator.pubkey().to_bytes(), &usage.signature.get(), &message)
    }
}
