//! Rows as the indexer would leave them. Every amount differs from every other, so that a mix-up shows.

use ed25519_dalek::SigningKey;
use mira_core::Key;
use mira_core::amount::{Bps, Payment, Shares, Stake, StakePerMillion, UnitPrice, Units};
use mira_core::dispute::DisputeKind;
use mira_core::epoch::Approval;
use mira_core::label::Label;
use mira_core::params::{DisputeParams, Params, Profile, RewardParams};
use mira_core::reward::RewardIndex;
use mira_core::tier::{Tier, UnitKind};
use mira_store::Store;
use mira_store::model::{
    ChainSlot, Claim, DisputeRow, DisputeStatus, EpochRow, EpochStatus, FeeShardRow, JobRow, JobState, LeaseRow,
    NetworkRow, Ordinal, Projection, ProviderRow, ProviderStatus, RawEvent, RewardsRow, SlotCommit, SlotState,
};
use mira_wire::request::RequestSigner;

/// The stream that indexers write.
pub const STREAM: &str = "finalized";
/// The chain's clock in these tests: unix seconds, also the server's.
pub const NOW: i64 = 1_767_225_600;
/// The cluster that vouchers name.
pub const CLUSTER: Key = [0xc1; 32];
/// The program that vouchers name.
pub const PROGRAM: Key = [0x99; 32];

/// A keypair by number.
pub fn signer(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

/// The public key of [`signer`].
pub fn key_of(number: u8) -> Key {
    RequestSigner::key(&signer(number))
}

/// Who signs what, by [`signer`] number.
pub const OPERATOR: u8 = 1;
/// Another provider's operator.
pub const OTHER_OPERATOR: u8 = 2;
/// The requester's voucher signer.
pub const VOUCHER_SIGNER: u8 = 3;
/// The dispatcher.
pub const DISPATCHER: u8 = 4;
/// Nobody.
pub const STRANGER: u8 = 5;

/// Addresses.
pub const PROVIDER: Key = [0x11; 32];
/// Another provider.
pub const OTHER_PROVIDER: Key = [0x12; 32];
/// A job.
pub const JOB: Key = [0x21; 32];
/// The requester's number for it: above 2^53, where JSON numbers lose digits.
pub const JOB_ID: u64 = (1_767_225_500 << 24) + 1;
/// A lease of [`JOB`] with [`PROVIDER`].
pub const LEASE: Key = [0x31; 32];
/// A dispute of [`LEASE`].
pub const DISPUTE: Key = [0x41; 32];

fn ord(inner_ix: u16) -> Ordinal {
    Ordinal { slot: 5, signature: [5; 64], ix: 0, inner_ix }
}

fn label(text: &str) -> [u8; 16] {
    *Label::parse(text).unwrap().bytes()
}

/// The network, with seconds as periods.
pub fn network() -> NetworkRow {
    NetworkRow {
        config: [0x01; 32],
        admin: [0x02; 32],
        pending_admin: None,
        guardian: [0x05; 32],
        stake_mint: [0x03; 32],
        payment_mint: [0x04; 32],
        cluster_id: CLUSTER,
        profile: Profile::Local,
        paused: false,
        params: params(),
        verifier_set: 1,
        verifiers: vec![[0x06; 32], [0x07; 32]],
        reward_authorities: vec![[0x08; 32]],
        seq: 1,
        ord: ord(0),
    }
}

fn params() -> Params {
    Params {
        fee_bps: Bps::new(500).unwrap(),
        min_stake: Stake::new(1_000),
        stake_per_million: StakePerMillion::new(100_000),
        unbonding_secs: 600,
        max_lease_secs: 300,
        max_job_secs: 3_600,
        grace_secs: 60,
        dispute_window_secs: 30,
        job_id_window_secs: 300,
        dispute: DisputeParams {
            bond_bps: Bps::new(1_100).unwrap(),
            min_bond: Stake::new(12),
            respond_secs: 13,
            vote_secs: 14,
            jail_secs: 15,
            max_slash_bps: Bps::new(1_600).unwrap(),
        },
        reward: RewardParams {
            share_bps: Bps::new(1_700).unwrap(),
            epoch_secs: 18,
            challenge_secs: 19,
            stale_secs: 20,
        },
    }
}

/// A provider with enough stake, whose operator is [`OPERATOR`].
pub fn provider() -> ProviderRow {
    ProviderRow {
        provider: PROVIDER,
        owner: [0x13; 32],
        operator: key_of(OPERATOR),
        payout: [0x14; 32],
        status: ProviderStatus::Active,
        jailed_until: NOW - 500,
        total_stake: Stake::new(900_000_000),
        total_shares: Shares::new(900_000_000),
        unbonding_shares: Shares::new(7),
        own_shares: Shares::new(800_000_000),
        exposure: Stake::new(40),
        commission: Bps::new(250).unwrap(),
        next_commission: Bps::new(250).unwrap(),
        next_commission_from: 0,
        reward_index: RewardIndex::ZERO,
        claimed: Payment::new(0),
        open_leases: 1,
        resource_class: label("cpu-small"),
        region: label("eu-west"),
        metadata_hash: [0x15; 32],
        registered_at: NOW - 1_000,
        seq: 2,
        ord: ord(1),
    }
}

/// A second provider of another owner, whose operator is [`OTHER_OPERATOR`].
pub fn other_provider() -> ProviderRow {
    ProviderRow {
        provider: OTHER_PROVIDER,
        owner: [0x16; 32],
        operator: key_of(OTHER_OPERATOR),
        region: label("us-east"),
        ord: ord(2),
        ..provider()
    }
}

/// An open, funded batch job that names [`DISPATCHER`].
pub fn job() -> JobRow {
    JobRow {
        job: JOB,
        requester: [0x22; 32],
        job_id: JOB_ID,
        voucher_signer: key_of(VOUCHER_SIGNER),
        dispatcher: Some(key_of(DISPATCHER)),
        spec_hash: [0x23; 32],
        tier: Tier::Batch,
        unit_kind: UnitKind::Fuel,
        max_unit_price: UnitPrice::new(2_000),
        funded: Payment::new(50_000_000),
        committed: Payment::new(0),
        paid: Payment::new(0),
        refunded: Payment::new(0),
        foreign_amount: Payment::new(0),
        min_provider_stake: Stake::new(1_000),
        max_share: Bps::new(10_000).unwrap(),
        max_leases: 8,
        open_leases: 0,
        leases_total: 0,
        created_at: NOW - 100,
        deadline: NOW + 2_000,
        young_until: NOW + 500,
        due_at: NOW + 2_060,
        closing_at: None,
        status: JobState::Open,
        seq: 2,
        ord: ord(3),
    }
}

/// A lease of [`job`] with [`provider`]: a cap of 10,000 at 1,000 per million units.
pub fn lease() -> LeaseRow {
    LeaseRow {
        lease: LEASE,
        job: JOB,
        provider: PROVIDER,
        nonce: 0,
        requester: [0x22; 32],
        voucher_signer: key_of(VOUCHER_SIGNER),
        operator: key_of(OPERATOR),
        matcher: key_of(DISPATCHER),
        unit_price: UnitPrice::new(1_000),
        fee: Bps::new(500).unwrap(),
        cap: Payment::new(10_000),
        exposure: Stake::new(1_001),
        stake_per_million: StakePerMillion::new(100_000),
        settled: Payment::new(100),
        fee_paid: Payment::new(5),
        units: Units::new(100_000),
        returned: Payment::new(0),
        opened_at: NOW - 50,
        expires_at: NOW + 250,
        grace_secs: 60,
        dispute_window_secs: 30,
        settle_until: NOW + 310,
        dispute_until: NOW + 340,
        disputed: false,
        challenged: false,
        bond: Stake::new(0),
        rent_payer: key_of(OPERATOR),
        released: false,
        ended: false,
        seq: 3,
        ord: ord(4),
    }
}

/// A job and its first lease, nothing settled, right after the lease was opened in a later slot.
pub fn opened(job: &JobRow) -> (JobRow, LeaseRow) {
    let ord = Ordinal { slot: 11, ..ord(0) };
    let lease =
        LeaseRow { settled: Payment::new(0), fee_paid: Payment::new(0), units: Units::new(0), seq: 1, ord, ..lease() };
    let job = JobRow { committed: lease.cap, open_leases: 1, leases_total: 1, seq: job.seq + 1, ord, ..job.clone() };
    (job, lease)
}

/// A fee shard.
pub fn fee_shard() -> FeeShardRow {
    FeeShardRow {
        fee_shard: [0x41; 32],
        shard: 1,
        collected: Payment::new(77),
        swept: Payment::new(33),
        seq: 3,
        ord: ord(5),
    }
}

/// The reward vault's books.
pub fn rewards() -> RewardsRow {
    RewardsRow {
        rewards: [0x42; 32],
        swept: Payment::new(33),
        claimed: Payment::new(0),
        paid_out: Payment::new(0),
        to_treasury: Payment::new(0),
        withdrawn: Payment::new(0),
        epoch: 0,
        root: [0; 32],
        cumulative_fees: Payment::new(0),
        cumulative_total: Payment::new(0),
        report_hash: [0; 32],
        seq: 1,
        ord: ord(6),
    }
}

/// A contested dispute of [`LEASE`] in which two verifiers voted.
pub fn dispute() -> DisputeRow {
    DisputeRow {
        dispute: DISPUTE,
        lease: LEASE,
        provider: PROVIDER,
        challenger: [0x22; 32],
        kind: DisputeKind::BadResult,
        status: DisputeStatus::Contested,
        bond: Stake::new(101),
        evidence: [0x42; 32],
        answer: [0x43; 32],
        opened_at: NOW - 40,
        respond_until: NOW - 30,
        vote_until: NOW + 20,
        vote_secs: 60,
        jail_secs: 300,
        max_slash: Bps::new(5_000).unwrap(),
        verifier_set: 2,
        voters_for: vec![[0x44; 32]],
        voters_against: vec![[0x45; 32]],
        slashed_own: Stake::ZERO,
        slashed_pool: Stake::ZERO,
        compensation: Stake::ZERO,
        burned: Stake::ZERO,
        seq: 4,
        ord: ord(6),
    }
}

/// A final epoch.
pub fn epoch(number: u8) -> EpochRow {
    EpochRow {
        number: number.into(),
        status: EpochStatus::Final,
        root: [number; 32],
        cumulative_fees: Payment::new(u64::from(number) * 1_000),
        cumulative_total: Payment::new(u64::from(number) * 700),
        report_hash: [0x52; 32],
        digest: [0x53; 32],
        approvals: vec![Approval { authority: [0x54; 32], digest: [0x53; 32] }],
        share: Bps::new(8_000).unwrap(),
        final_from: NOW - 20,
        stale_from: NOW + 30,
        fees: Payment::new(1_000),
        to_treasury: Payment::new(300),
        finalized_at: Some(NOW - 10),
        seq: 9 + u64::from(number),
        ord: ord(7),
    }
}

/// Writes rows and events as one more slot of the stream that indexers write: slot 10, or the one after the cursor.
pub async fn write(store: &dyn Store, writes: Vec<Projection>, events: Vec<RawEvent>) {
    let cursor = store.claim(STREAM).await.unwrap();
    let slot = cursor.slot.map_or(10, |slot| slot + 1);
    let blockhash: Key = cursor.blockhash.unwrap_or([9; 32]);
    let chain_slot = ChainSlot {
        slot,
        state: SlotState::Present,
        parent_slot: slot - 1,
        blockhash,
        parent_blockhash: blockhash,
        block_time: Some(NOW),
    };
    let commit = SlotCommit {
        claim: Claim { stream: STREAM.to_owned(), fence: cursor.fence, at: cursor.slot },
        slots: vec![chain_slot],
        events,
        writes,
        dead_letters: Vec::new(),
        slot,
        blockhash,
    };
    store.commit_slot(commit).await.unwrap();
}
