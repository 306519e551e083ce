//! Every instruction once, from the client's side: what is built is accepted, what is emitted is
//! decoded, and each aggregate's events are numbered without a gap.

use super::net::{Net, events, key};
use mira_chain::account::{Job, Lease, Provider, RewardState, StakePosition};
use mira_chain::event::{AggregateKind, Event};
use mira_chain::ix::{self, CreateJobArgs, LeaseTerms, RegisterProviderArgs, SettleAccounts};
use mira_chain::send::{BLOCKHASH_LIFETIME_BLOCKS, Prepared, submit};
use mira_chain::{pda, tx, voucher};
use mira_core::amount::{Payment, Units};
use mira_core::label::Label;
use mira_core::{Error, job};
use solana_commitment_config::CommitmentLevel::{Confirmed, Processed};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;
use std::collections::{BTreeMap, BTreeSet};

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: every_instruction_and_every_event]
}

const STAKE: u64 = 1_000_000;
const FUNDS: u64 = 10_000;
const CAP: u64 = 4_000;
const PAID: u64 = 1_500;

/// The parties, all with lamports.
struct Parties {
    net: Net,
    owner: Keypair,
    operator: Keypair,
    requester: Keypair,
    voucher_signer: Keypair,
    dispatcher: Keypair,
    provider: Pubkey,
    payout: Pubkey,
}

impl Parties {
    async fn gather() -> Self {
        let net = Net::start().await;
        net.send(&[net.initialize(&net.admin.pubkey())], &[&net.admin]).await.unwrap();
        let [owner, operator, requester, voucher_signer, dispatcher] = [11, 12, 13, 14, 15].map(key);
        for party in [&owner, &operator, &requester] {
            net.airdrop(&party.pubkey()).await;
        }
        let payout = net.give(&owner.pubkey(), &net.payment_mint, 0).await;
        let provider = pda::provider(&owner.pubkey());
        Self { net, owner, operator, requester, voucher_signer, dispatcher, provider, payout }
    }

    async fn provide(&self) {
        let owner = self.owner.pubkey();
        let label = |text: &str| *Label::parse(text).unwrap().bytes();
        let args = RegisterProviderArgs {
            operator: self.operator.pubkey(),
            commission_bps: 500,
            resource_class: label("cpu-small"),
            region: label("eu-west"),
            metadata_hash: [4; 32],
        };
        let from = self.net.give(&owner, &self.net.stake_mint, STAKE).await;
        let register = ix::register_provider(&owner, &self.payout, args);
        let stake = ix::stake(&owner, &self.provider, &from, STAKE);
        self.net.send(&[register, stake], &[&self.owner]).await.unwrap();
    }

    async fn create_job(&self) -> Pubkey {
        let (net, requester) = (&self.net, self.requester.pubkey());
        let from = net.give(&requester, &net.payment_mint, FUNDS).await;
        let now = net.now().await;
        let args = CreateJobArgs {
            job_id: job::job_id(now, 1).unwrap(),
            voucher_signer: self.voucher_signer.pubkey(),
            dispatcher: Some(self.dispatcher.pubkey()),
            spec_hash: [5; 32],
            tier: 1,
            unit_kind: 2,
            max_unit_price: 50_000,
            min_provider_stake: 1_000,
            max_share_bps: 10_000,
            max_leases: 4,
            deadline: now + 600,
        };
        let job = pda::job(&requester, args.job_id);
        let create = ix::create_job(&requester, &net.payment_mint, args);
        net.send(&[create, ix::fund_job(&requester, &job, &from, FUNDS)], &[&self.requester]).await.unwrap();
        job
    }

    /// The dispatcher proposes, the node checks, signs and sends.
    async fn open_lease(&self, job: &Pubkey) -> LeaseTerms {
        let net = &self.net;
        let nonce = net.rpc.state::<Job>(job, Confirmed).await.unwrap().unwrap().leases_total;
        let terms = LeaseTerms {
            job: *job,
            provider: self.provider,
            nonce,
            operator: self.operator.pubkey(),
            matcher: self.dispatcher.pubkey(),
            unit_price: 40_000,
            cap: CAP,
            expires_at: net.now().await + 4,
        };
        let blockhash = net.rpc.latest_blockhash().await.unwrap().blockhash;
        let proposal = tx::propose(&terms, &self.dispatcher, blockhash).unwrap();
        let transaction = tx::accept(&proposal, &terms, &self.operator).unwrap();
        let height = net.rpc.block_height(Processed).await.unwrap();
        let prepared = Prepared { transaction, last_valid_block_height: height + BLOCKHASH_LIFETIME_BLOCKS };
        submit(&net.rpc, &prepared, Confirmed).await.unwrap();
        let shard = pda::fee_shard_of(&terms.lease());
        let init = ix::init_fee_shard(&net.admin.pubkey(), &net.payment_mint, shard);
        net.send(&[init], &[&net.admin]).await.unwrap();
        terms
    }

    async fn settle(&self, terms: &LeaseTerms) {
        let net = &self.net;
        let lease = terms.lease();
        let accounts = SettleAccounts {
            submitter: self.operator.pubkey(),
            job: terms.job,
            lease,
            provider: self.provider,
            payout: self.payout,
        };
        let consent = voucher::voucher(net.genesis, &lease, Payment::new(PAID), Units::new(77));
        let signature = voucher::sign(&self.voucher_signer, &consent).unwrap();
        let signer = self.voucher_signer.pubkey();
        let by_stranger = voucher::sign(&self.operator, &consent).unwrap();
        let stolen = ix::settle(&accounts, &self.operator.pubkey(), &consent, &by_stranger);
        let error = net.send(&stolen, &[&self.operator]).await.unwrap_err();
        assert_eq!(error.refusal(), Some(Error::VoucherWrongKey));
        let forged = ix::settle(&accounts, &signer, &consent, &by_stranger);
        assert!(net.send(&forged, &[&self.operator]).await.is_err());

        let settle = ix::settle(&accounts, &signer, &consent, &signature);
        net.send(&settle, &[&self.operator]).await.unwrap();
        let replay = net.send(&settle, &[&self.operator]).await.unwrap_err();
        assert_eq!(replay.refusal(), Some(Error::NothingToSettle));
        let fee = PAID / 100;
        let earned = net.rpc.token_account(&self.payout, Confirmed).await.unwrap().unwrap().amount;
        assert_eq!(earned, PAID - fee);
        let shard = pda::fee_shard_of(&lease);
        net.send(&[ix::sweep_fees(&net.admin.pubkey(), shard)], &[&net.admin]).await.unwrap();
        let rewards = net.rpc.state::<RewardState>(&pda::rewards(), Confirmed).await.unwrap().unwrap();
        assert_eq!(rewards.swept, fee);
    }

    async fn wind_up(&self, terms: &LeaseTerms) {
        let (net, lease, operator) = (&self.net, terms.lease(), self.operator.pubkey());
        net.send(&[ix::close_lease(&operator, &self.provider, &lease)], &[&self.operator]).await.unwrap();
        let closed = net.rpc.state::<Lease>(&lease, Confirmed).await.unwrap().unwrap();
        net.until(closed.settle_until + 1).await;
        net.send(&[ix::release_lease(&operator, &terms.job, &lease)], &[&self.operator]).await.unwrap();
        net.until(closed.dispute_until + 1).await;
        let end = ix::end_lease(&operator, &self.provider, &lease, &closed.rent_payer);
        net.send(&[end], &[&self.operator]).await.unwrap();
        assert_eq!(net.rpc.state::<Lease>(&lease, Confirmed).await.unwrap(), None);

        let requester = self.requester.pubkey();
        net.send(&[ix::begin_close_job(&requester, &terms.job)], &[&self.requester]).await.unwrap();
        let job = net.rpc.state::<Job>(&terms.job, Confirmed).await.unwrap().unwrap();
        net.until(job.created_at + 5).await;
        let home = mira_chain::token::associated(&requester, &net.payment_mint);
        net.send(&[ix::close_job(&operator, &terms.job, &requester, &home)], &[&self.operator]).await.unwrap();
        assert_eq!(net.rpc.state::<Job>(&terms.job, Confirmed).await.unwrap(), None);
        let left = net.rpc.token_balance(&requester, &net.payment_mint, Confirmed).await.unwrap();
        assert_eq!(left, FUNDS - PAID);
    }

    /// Returns the slot of the last transaction.
    async fn unstake(&self) -> u64 {
        let (net, owner) = (&self.net, self.owner.pubkey());
        let position = pda::stake_position(&self.provider, &owner);
        let held = net.rpc.state::<StakePosition>(&position, Confirmed).await.unwrap().unwrap();
        let request = ix::request_unstake(&owner, &self.provider, held.shares);
        net.send(&[request], &[&self.owner]).await.unwrap();
        let held = net.rpc.state::<StakePosition>(&position, Confirmed).await.unwrap().unwrap();
        net.until(held.tickets[0].unlock_ts + 1).await;
        let home = mira_chain::token::associated(&owner, &net.stake_mint);
        let withdraw = ix::withdraw_stake(&self.operator.pubkey(), &self.provider, &owner, &home, 0);
        let sent = net.send(&[withdraw], &[&self.operator]).await.unwrap();
        assert_eq!(net.rpc.token_balance(&owner, &net.stake_mint, Confirmed).await.unwrap(), STAKE);
        let provider = net.rpc.state::<Provider>(&self.provider, Confirmed).await.unwrap().unwrap();
        assert_eq!((provider.total_stake, provider.exposure, provider.open_leases), (0, 0, 0));
        sent.slot
    }
}

async fn every_instruction_and_every_event() {
    let parties = Parties::gather().await;
    parties.provide().await;
    let job = parties.create_job().await;
    let terms = parties.open_lease(&job).await;
    parties.settle(&terms).await;
    parties.wind_up(&terms).await;
    let last = parties.unstake().await;

    let blocks = parties.net.blocks_to(last).await;
    assert_eq!(blocks.iter().map(|block| block.forged).sum::<u32>(), 0);
    let events = events(&blocks);
    let names: BTreeSet<&str> = events.iter().map(|(_, event)| event.name()).collect();
    assert_eq!(names.len(), 16, "{names:?}");
    let ids: BTreeSet<_> = events.iter().map(|(raw, _)| raw.id).collect();
    assert_eq!(ids.len(), events.len());

    let mut seqs: BTreeMap<(AggregateKind, [u8; 32]), u64> = BTreeMap::new();
    for (raw, event) in &events {
        for aggregate in event.aggregates() {
            let seq = seqs.entry((aggregate.kind, aggregate.key)).or_default();
            *seq += 1;
            assert_eq!(aggregate.seq, *seq, "{} in {}", event.name(), raw.id);
        }
        assert_eq!(event.encode(), (raw.discriminator, raw.payload.clone()));
        if let Event::LeaseSettled(settled) = event {
            assert_eq!((settled.gross, settled.fee, settled.settled_after), (PAID, PAID / 100, PAID));
        }
    }
    parties.net.chain.shutdown().await;
}
