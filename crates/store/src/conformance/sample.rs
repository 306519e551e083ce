//! Rows to store, told apart by a number.

use mira_core::Key;
use mira_core::amount::{Bps, Payment, Shares, Stake, StakePerMillion, UnitPrice, Units};
use mira_core::dispute::DisputeKind;
use mira_core::epoch::Approval;
use mira_core::params::{DisputeParams, Params, Profile, RewardParams};
use mira_core::position::Ticket;
use mira_core::reward::RewardIndex;
use mira_core::tier::{Tier, UnitKind};

use crate::model::{
    ChainSlot, DisputeRow, DisputeStatus, EpochRow, EpochStatus, FeeShardRow, JobRow, JobState, LeaseRow, NetworkRow,
    Ordinal, Projection, ProviderRow, ProviderStatus, RawEvent, RewardsRow, SlotState, StakePositionRow, UsageReport,
    Voucher,
};

/// A key that sorts by its number.
pub fn key(n: u32) -> Key {
    let mut key = [0xAA; 32];
    key[..4].copy_from_slice(&n.to_be_bytes());
    key
}

/// A number's lowest byte.
pub fn low(n: u32) -> u8 {
    n.to_be_bytes()[3]
}

/// A place in a slot.
pub fn ord(slot: u64, n: u32) -> Ordinal {
    let mut signature = [0x55; 64];
    signature[..4].copy_from_slice(&n.to_be_bytes());
    Ordinal { slot, signature, ix: u16::MAX, inner_ix: 0 }
}

pub fn chain_slot(slot: u64) -> ChainSlot {
    ChainSlot {
        slot,
        state: SlotState::Present,
        parent_slot: slot.saturating_sub(1),
        blockhash: [2; 32],
        parent_blockhash: [1; 32],
        block_time: Some(-1),
    }
}

pub fn event(slot: u64, n: u32) -> RawEvent {
    RawEvent { ord: ord(slot, n), block_time: None, discriminator: [3; 8], schema: 1, payload: vec![0, 255, low(n)] }
}

pub fn network() -> NetworkRow {
    NetworkRow {
        config: key(1),
        admin: key(2),
        pending_admin: None,
        guardian: key(12),
        stake_mint: key(3),
        payment_mint: key(4),
        cluster_id: key(5),
        profile: Profile::Local,
        paused: true,
        params: params(),
        verifier_set: u32::MAX,
        verifiers: (20..27).map(key).collect(),
        reward_authorities: Vec::new(),
        seq: 1,
        ord: ord(1, 1),
    }
}

/// Every number another, so that no two columns can be mixed up.
fn params() -> Params {
    Params {
        fee_bps: Bps::ONE,
        min_stake: Stake::MAX,
        stake_per_million: StakePerMillion::new(1 << 63),
        unbonding_secs: u32::MAX,
        max_lease_secs: 0,
        max_job_secs: 1,
        grace_secs: 2,
        dispute_window_secs: 3,
        job_id_window_secs: 4,
        dispute: DisputeParams {
            bond_bps: Bps::new(5).unwrap(),
            min_bond: Stake::new(6),
            respond_secs: 7,
            vote_secs: 8,
            jail_secs: 9,
            max_slash_bps: Bps::new(10).unwrap(),
        },
        reward: RewardParams { share_bps: Bps::new(11).unwrap(), epoch_secs: 12, challenge_secs: 13, stale_secs: 14 },
    }
}

pub fn provider(n: u32) -> ProviderRow {
    ProviderRow {
        provider: key(n),
        owner: key(1_000 + n % 3),
        operator: key(2_000 + n),
        payout: key(3_000 + n),
        status: ProviderStatus::ALL[n as usize % 3],
        jailed_until: i64::from(n),
        total_stake: Stake::MAX,
        total_shares: Shares::MAX,
        unbonding_shares: Shares::new(u128::from(u64::MAX) + 1),
        own_shares: Shares::ZERO,
        exposure: Stake::new(u64::from(n)),
        commission: Bps::ZERO,
        next_commission: Bps::ONE,
        next_commission_from: i64::MAX,
        reward_index: RewardIndex::new(u128::MAX),
        claimed: Payment::new(u64::from(n)),
        open_leases: n,
        resource_class: [low(n) % 2; 16],
        region: [low(n) % 5; 16],
        metadata_hash: [9; 32],
        registered_at: i64::MIN,
        seq: 1,
        ord: ord(5, 10_000 - n),
    }
}

pub fn position(provider: u32, staker: u32) -> StakePositionRow {
    let ticket = Ticket { shares: Shares::MAX, unlock_ts: i64::MAX };
    StakePositionRow {
        provider: key(provider),
        staker: key(staker),
        shares: Shares::new(u128::from(staker)),
        tickets: vec![ticket; staker as usize % 3],
        reward_entry: RewardIndex::new(1 << 64),
        reward_owed: Payment::MAX,
        closed: staker.is_multiple_of(2),
        seq: 2,
        ord: ord(6, staker),
    }
}

pub fn job(n: u32) -> JobRow {
    JobRow {
        job: key(n),
        requester: key(1_000 + n % 2),
        job_id: u64::try_from(i64::MAX).unwrap(),
        voucher_signer: key(7),
        dispatcher: (n.is_multiple_of(2)).then(|| key(8)),
        spec_hash: [4; 32],
        tier: Tier::ALL[n as usize % 4],
        unit_kind: UnitKind::Fuel,
        max_unit_price: UnitPrice::MAX,
        funded: Payment::MAX,
        committed: Payment::new(1),
        paid: Payment::new(1 << 32),
        refunded: Payment::ZERO,
        foreign_amount: Payment::ZERO,
        min_provider_stake: Stake::ZERO,
        max_share: Bps::ONE,
        max_leases: u16::MAX,
        open_leases: 0,
        leases_total: n,
        created_at: 1,
        deadline: i64::MAX - 2,
        young_until: 9,
        due_at: i64::MAX,
        closing_at: (n % 3 == 1).then_some(2),
        status: JobState::ALL[n as usize % 3],
        seq: 1,
        ord: ord(7, 10_000 - n),
    }
}

pub fn lease(n: u32, provider: u32) -> LeaseRow {
    LeaseRow {
        lease: key(n),
        job: key(n % 4),
        provider: key(provider),
        nonce: n,
        requester: key(1),
        voucher_signer: key(2),
        operator: key(3),
        matcher: key(4),
        unit_price: UnitPrice::new(5),
        fee: Bps::new(1).unwrap(),
        cap: Payment::MAX,
        exposure: Stake::MAX,
        stake_per_million: StakePerMillion::new(1 << 63),
        settled: Payment::ZERO,
        fee_paid: Payment::ZERO,
        units: Units::MAX,
        returned: Payment::ZERO,
        opened_at: 1,
        expires_at: 2,
        grace_secs: 1,
        dispute_window_secs: 1,
        settle_until: 3,
        dispute_until: 4,
        disputed: n.is_multiple_of(3),
        challenged: n.is_multiple_of(2),
        bond: Stake::new(u64::from(n)),
        rent_payer: key(5),
        released: n.is_multiple_of(5),
        ended: n.is_multiple_of(10),
        seq: 3,
        ord: ord(8, 10_000 - n),
    }
}

pub fn fee_shard(n: u8) -> FeeShardRow {
    let fee_shard = key(u32::from(n));
    FeeShardRow { fee_shard, shard: n, collected: Payment::MAX, swept: Payment::ZERO, seq: 1, ord: ord(9, 1) }
}

pub fn rewards() -> RewardsRow {
    RewardsRow {
        rewards: key(6),
        swept: Payment::new(256),
        claimed: Payment::new(1),
        paid_out: Payment::new(2),
        to_treasury: Payment::new(3),
        withdrawn: Payment::new(4),
        epoch: 5,
        root: [6; 32],
        cumulative_fees: Payment::new(7),
        cumulative_total: Payment::MAX,
        report_hash: [8; 32],
        seq: 1,
        ord: ord(9, 2),
    }
}

pub fn dispute(n: u32) -> DisputeRow {
    DisputeRow {
        dispute: key(n),
        lease: key(4_000 + n),
        provider: key(n % 3),
        challenger: key(1_000 + n % 2),
        kind: DisputeKind::try_from(low(n) % 3).unwrap(),
        status: DisputeStatus::ALL[n as usize % 6],
        bond: Stake::MAX,
        evidence: [1; 32],
        answer: [2; 32],
        opened_at: i64::MIN,
        respond_until: 3,
        vote_until: i64::MAX,
        vote_secs: u32::MAX,
        jail_secs: 4,
        max_slash: Bps::ONE,
        verifier_set: 5,
        voters_for: (0..n % 3).map(key).collect(),
        voters_against: (0..n % 4).map(|n| key(10 + n)).collect(),
        slashed_own: Stake::new(6),
        slashed_pool: Stake::new(1 << 63),
        compensation: Stake::new(8),
        burned: Stake::new(9),
        seq: 1,
        ord: ord(9, 10_000 - n),
    }
}

pub fn epoch(number: u32) -> EpochRow {
    EpochRow {
        number: u64::from(number),
        status: EpochStatus::ALL[number as usize % 4],
        root: [1; 32],
        cumulative_fees: Payment::MAX,
        cumulative_total: Payment::new(1 << 63),
        report_hash: [2; 32],
        digest: key(number),
        approvals: (0..number % 3).map(|n| Approval { authority: key(n), digest: key(n + number) }).collect(),
        share: Bps::new(5).unwrap(),
        final_from: 6,
        stale_from: i64::MAX,
        fees: Payment::new(7),
        to_treasury: Payment::new(8),
        finalized_at: number.is_multiple_of(2).then_some(-1),
        seq: 4,
        ord: ord(9, number),
    }
}

/// Some rows of every projection.
pub fn world() -> Vec<Projection> {
    let mut rows: Vec<Projection> = vec![network().into(), rewards().into()];
    rows.extend((0..16).map(|n| Projection::from(fee_shard(n))));
    rows.extend((0..20).map(|n| Projection::from(provider(n))));
    rows.extend((0..20).map(|n| Projection::from(position(n % 4, n))));
    rows.extend((0..30).map(|n| Projection::from(job(n))));
    rows.extend((0..40).map(|n| Projection::from(lease(n, n % 3))));
    rows.extend((0..12).map(|n| Projection::from(dispute(n))));
    // More than one byte of a number, so that they must sort as numbers.
    rows.extend((250..260).map(|number| Projection::from(epoch(number))));
    rows
}

pub fn report(lease: u32, seq: u64, units: u64) -> UsageReport {
    UsageReport {
        lease: key(lease),
        seq,
        cumulative_units: Units::new(units),
        items: 1,
        outputs_hash: [6; 32],
        signer: key(3),
        signature: [8; 64],
        received_ms: 1,
    }
}

pub fn voucher(lease: u32, amount: u64) -> Voucher {
    Voucher {
        lease: key(lease),
        cumulative_amount: Payment::new(amount),
        cumulative_units: Units::new(amount),
        signer: key(2),
        signature: [8; 64],
        received_ms: 1,
    }
}
