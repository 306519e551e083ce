//! Rows as the indexer would leave them: a network, providers, one job and its leases.

use mira_core::Key;
use mira_core::amount::{Bps, Payment, Shares, Stake, StakePerMillion, UnitPrice, Units};
use mira_core::params::{DisputeParams, Params, Profile, RewardParams};
use mira_core::reward::RewardIndex;
use mira_core::tier::{Tier, UnitKind};
use mira_store::model::{JobRow, JobState, LeaseRow, NetworkRow, Ordinal, ProviderRow, ProviderStatus};
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;

use super::world::{DISPATCHER, JOB, NOW, label, provider_key};

pub(super) fn ord(slot: u64, inner_ix: u16) -> Ordinal {
    Ordinal { slot, signature: [5; 64], ix: 0, inner_ix }
}

fn params() -> Params {
    Params {
        fee_bps: Bps::new(100).unwrap(),
        min_stake: Stake::new(1_000),
        stake_per_million: StakePerMillion::new(1_000_000),
        unbonding_secs: 10_000,
        max_lease_secs: 3_600,
        max_job_secs: 7_200,
        grace_secs: 60,
        dispute_window_secs: 30,
        job_id_window_secs: 300,
        dispute: DisputeParams {
            bond_bps: Bps::new(1_000).unwrap(),
            min_bond: Stake::new(10),
            respond_secs: 60,
            vote_secs: 60,
            jail_secs: 60,
            max_slash_bps: Bps::new(5_000).unwrap(),
        },
        reward: RewardParams {
            share_bps: Bps::new(8_000).unwrap(),
            epoch_secs: 600,
            challenge_secs: 60,
            stale_secs: 60,
        },
    }
}

pub(super) fn network() -> NetworkRow {
    NetworkRow {
        config: [1; 32],
        admin: [2; 32],
        pending_admin: None,
        guardian: [2; 32],
        stake_mint: [3; 32],
        payment_mint: [4; 32],
        cluster_id: [5; 32],
        profile: Profile::Local,
        paused: false,
        params: params(),
        verifier_set: 0,
        verifiers: Vec::new(),
        reward_authorities: Vec::new(),
        seq: 1,
        ord: ord(1, 0),
    }
}

pub(super) fn provider(id: u8) -> ProviderRow {
    ProviderRow {
        provider: provider_key(id),
        owner: [0xa0 + id; 32],
        operator: [0xc0 + id; 32],
        payout: [6; 32],
        status: ProviderStatus::Active,
        jailed_until: 0,
        total_stake: Stake::new(1_000_000),
        total_shares: Shares::new(1_000_000),
        unbonding_shares: Shares::new(0),
        own_shares: Shares::new(1_000_000),
        exposure: Stake::ZERO,
        commission: Bps::ZERO,
        next_commission: Bps::ZERO,
        next_commission_from: 0,
        reward_index: RewardIndex::ZERO,
        claimed: Payment::ZERO,
        open_leases: 0,
        resource_class: *label("cpu").bytes(),
        region: *label("eu").bytes(),
        metadata_hash: [0; 32],
        registered_at: NOW - 1_000,
        seq: 1,
        ord: ord(1, u16::from(id) + 1),
    }
}

pub(super) fn job() -> JobRow {
    JobRow {
        job: JOB,
        requester: [0x22; 32],
        job_id: 1,
        voucher_signer: [0x23; 32],
        dispatcher: Some(Keypair::new_from_array(DISPATCHER).pubkey().to_bytes()),
        spec_hash: [0x24; 32],
        tier: Tier::Batch,
        unit_kind: UnitKind::Fuel,
        max_unit_price: UnitPrice::new(1_000_000),
        funded: Payment::new(4_000),
        committed: Payment::ZERO,
        paid: Payment::ZERO,
        refunded: Payment::ZERO,
        foreign_amount: Payment::ZERO,
        min_provider_stake: Stake::new(10),
        max_share: Bps::new(5_000).unwrap(),
        max_leases: 8,
        open_leases: 0,
        leases_total: 0,
        created_at: NOW - 10,
        deadline: NOW + 7_000,
        young_until: NOW + 590,
        due_at: NOW + 7_060,
        closing_at: None,
        status: JobState::Open,
        seq: 2,
        ord: ord(1, 90),
    }
}

pub(super) fn lease(lease: Key, nonce: u32, provider: Key, unit_price: UnitPrice, cap: Payment) -> LeaseRow {
    LeaseRow {
        lease,
        job: JOB,
        provider,
        nonce,
        requester: [0x22; 32],
        voucher_signer: [0x23; 32],
        operator: [0xc0; 32],
        matcher: [0x24; 32],
        unit_price,
        fee: Bps::new(100).unwrap(),
        cap,
        exposure: Stake::new(cap.get()),
        stake_per_million: StakePerMillion::new(1_000_000),
        settled: Payment::ZERO,
        fee_paid: Payment::ZERO,
        units: Units::ZERO,
        returned: Payment::ZERO,
        opened_at: NOW,
        expires_at: NOW + 3_000,
        grace_secs: 60,
        dispute_window_secs: 30,
        settle_until: NOW + 3_060,
        dispute_until: NOW + 3_090,
        disputed: false,
        challenged: false,
        bond: Stake::ZERO,
        rent_payer: [0xc0; 32],
        released: false,
        ended: false,
        seq: 1,
        ord: ord(2, u16::try_from(nonce).unwrap()),
    }
}
