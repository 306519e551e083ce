//! Providers.

use mira_core::amount::Stake;
use mira_core::stake_pool::Pool;
use mira_store::model::{ProviderRow, ProviderStatus};
use mira_wire::provider::Provider;
use mira_wire::{HashHex, KeyStr, Time};

use super::label;

/// What the owner's own shares are worth, rounded down.
///
/// # Errors
/// The pool's numbers cannot be: the row is broken.
pub fn own_stake(row: &ProviderRow) -> Result<Stake, mira_core::Error> {
    let pool =
        Pool { total_stake: row.total_stake, total_shares: row.total_shares, unbonding_shares: row.unbonding_shares };
    pool.value_floor(row.own_shares)
}

/// A provider.
///
/// # Errors
/// As [`own_stake`].
pub fn provider(row: &ProviderRow) -> Result<Provider, mira_core::Error> {
    let announced = row.next_commission_from != 0;
    Ok(Provider {
        provider: KeyStr(row.provider),
        owner: KeyStr(row.owner),
        operator: KeyStr(row.operator),
        payout: KeyStr(row.payout),
        status: row.status.as_str().to_owned(),
        jailed_until: (row.status == ProviderStatus::Jailed).then(|| Time::from_secs(row.jailed_until)),
        resource_class: label(&row.resource_class),
        region: label(&row.region),
        metadata_hash: HashHex(row.metadata_hash),
        commission_bps: row.commission.get(),
        next_commission_bps: announced.then(|| row.next_commission.get()),
        next_commission_from: announced.then(|| Time::from_secs(row.next_commission_from)),
        total_stake: row.total_stake.get().into(),
        total_shares: row.total_shares.get().into(),
        unbonding_shares: row.unbonding_shares.get().into(),
        own_shares: row.own_shares.get().into(),
        own_stake: own_stake(row)?.get().into(),
        exposure: row.exposure.get().into(),
        open_leases: row.open_leases,
        registered_at: Time::from_secs(row.registered_at),
        seq: row.seq.into(),
    })
}
