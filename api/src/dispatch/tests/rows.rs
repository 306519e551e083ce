//! Rows as the indexer would leave them: providers, one job and its leases.

use mira_core::Key;
use mira_core::amount::{Bps, Payment, Shares, Stake, StakePerMillion, UnitPrice, Units};
use mira_core::params::{Params, RewardParams};
use mira_store::model::{JobRow, LeaseRow, NetworkRow, Ordinal, ProviderRow};
use mira_testkit::rows;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;

use super::world::{DISPATCHER, NOW, label, provider_key};

pub(super) fn ord(slot: u64, inner_ix: u16) -> Ordinal {
    Ordinal { slot, signature: [5; 64], ix: 0, inner_ix }
}

/// Leases of an hour, for which a payment unit holds a unit of stake. A fifth of the fees does not come back.
pub(super) fn network() -> NetworkRow {
    let network = rows::network();
    let params = Params {
        stake_per_million: StakePerMillion::new(1_000_000),
        max_lease_secs: 3_600,
        max_job_secs: 7_200,
        reward: RewardParams { share_bps: Bps::new(8_000).unwrap(), ..network.params.reward },
        ..network.params
    };
    NetworkRow { params, ord: ord(1, 0), ..network }
}

pub(super) fn provider(id: u8) -> ProviderRow {
    ProviderRow {
        provider: provider_key(id),
        owner: [0xa0 + id; 32],
        operator: [0xc0 + id; 32],
        jailed_until: 0,
        total_stake: Stake::new(1_000_000),
        total_shares: Shares::new(1_000_000),
        unbonding_shares: Shares::ZERO,
        own_shares: Shares::new(1_000_000),
        exposure: Stake::ZERO,
        open_leases: 0,
        resource_class: *label("cpu").bytes(),
        region: *label("eu").bytes(),
        ord: ord(1, u16::from(id) + 1),
        ..rows::provider()
    }
}

pub(super) fn job() -> JobRow {
    JobRow {
        job_id: 1,
        dispatcher: Some(Keypair::new_from_array(DISPATCHER).pubkey().to_bytes()),
        spec_hash: [0x24; 32],
        max_unit_price: UnitPrice::new(1_000_000),
        funded: Payment::new(4_000),
        min_provider_stake: Stake::new(10),
        max_share: Bps::new(5_000).unwrap(),
        created_at: NOW - 10,
        deadline: NOW + 7_000,
        young_until: NOW + 590,
        due_at: NOW + 7_060,
        ord: ord(1, 90),
        ..rows::job()
    }
}

pub(super) fn lease(lease: Key, nonce: u32, provider: Key, unit_price: UnitPrice, cap: Payment) -> LeaseRow {
    LeaseRow {
        lease,
        provider,
        nonce,
        operator: [0xc0; 32],
        matcher: [0x24; 32],
        unit_price,
        cap,
        exposure: Stake::new(cap.get()),
        stake_per_million: StakePerMillion::new(1_000_000),
        settled: Payment::ZERO,
        fee_paid: Payment::ZERO,
        units: Units::ZERO,
        opened_at: NOW,
        expires_at: NOW + 3_000,
        settle_until: NOW + 3_060,
        dispute_until: NOW + 3_090,
        seq: 1,
        ord: ord(2, u16::try_from(nonce).unwrap()),
        ..rows::lease()
    }
}
