//! Providers: registration, their pool's totals, and the exposure of their leases.

use mira_chain::event::body::{
    LeaseEnded, LeaseOpened, ProviderRegistered, StakeAdded, StakeWithdrawn, UnstakeRequested,
};
use mira_core::Error;
use mira_core::amount::{Shares, Stake};
use mira_store::model::{Ordinal, ProjectionKey, ProviderRow, ProviderStatus};
use solana_sdk::pubkey::Pubkey;

use super::error::{Cause, agree};
use super::rows::Rows;
use super::value::bps;

fn key(provider: &Pubkey) -> ProjectionKey {
    ProjectionKey::Provider { provider: provider.to_bytes() }
}

pub(super) fn registered(rows: &mut Rows, e: &ProviderRegistered, at: &Ordinal) -> Result<(), Cause> {
    rows.create(ProviderRow {
        provider: e.provider.to_bytes(),
        owner: e.owner.to_bytes(),
        operator: e.operator.to_bytes(),
        payout: e.payout.to_bytes(),
        status: ProviderStatus::Active,
        total_stake: Stake::ZERO,
        total_shares: Shares::ZERO,
        unbonding_shares: Shares::ZERO,
        own_shares: Shares::ZERO,
        exposure: Stake::ZERO,
        commission: bps("commission_bps", e.commission_bps)?,
        open_leases: 0,
        resource_class: e.resource_class,
        region: e.region,
        metadata_hash: e.metadata_hash,
        registered_at: e.registered_at,
        seq: e.provider_seq,
        ord: *at,
    })
}

pub(super) fn stake_added(rows: &mut Rows, e: &StakeAdded, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut ProviderRow = rows.next(key(&e.provider), e.provider_seq, at)?;
    agree("total_stake_before", Stake::new(e.total_stake_before), row.total_stake)?;
    row.total_stake = row.total_stake.checked_add(Stake::new(e.amount))?;
    row.total_shares = row.total_shares.checked_add(Shares::new(e.shares))?;
    agree("total_stake_after", Stake::new(e.total_stake_after), row.total_stake)?;
    agree("total_shares_after", Shares::new(e.total_shares_after), row.total_shares)?;
    if row.owner == e.staker.to_bytes() {
        row.own_shares = row.own_shares.checked_add(Shares::new(e.shares))?;
    }
    agree("own_shares_after", Shares::new(e.own_shares_after), row.own_shares)
}

pub(super) fn unstake_requested(rows: &mut Rows, e: &UnstakeRequested, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut ProviderRow = rows.next(key(&e.provider), e.provider_seq, at)?;
    agree("unbonding_shares_before", Shares::new(e.unbonding_shares_before), row.unbonding_shares)?;
    row.unbonding_shares = row.unbonding_shares.checked_add(Shares::new(e.shares))?;
    agree("unbonding_shares_after", Shares::new(e.unbonding_shares_after), row.unbonding_shares)?;
    if row.owner == e.staker.to_bytes() {
        row.own_shares = row.own_shares.checked_sub(Shares::new(e.shares))?;
    }
    agree("own_shares_after", Shares::new(e.own_shares_after), row.own_shares)
}

pub(super) fn stake_withdrawn(rows: &mut Rows, e: &StakeWithdrawn, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut ProviderRow = rows.next(key(&e.provider), e.provider_seq, at)?;
    agree("total_stake_before", Stake::new(e.total_stake_before), row.total_stake)?;
    row.total_stake = row.total_stake.checked_sub(Stake::new(e.amount))?;
    row.total_shares = row.total_shares.checked_sub(Shares::new(e.shares))?;
    row.unbonding_shares = row.unbonding_shares.checked_sub(Shares::new(e.shares))?;
    agree("total_stake_after", Stake::new(e.total_stake_after), row.total_stake)?;
    agree("total_shares_after", Shares::new(e.total_shares_after), row.total_shares)?;
    agree("unbonding_shares_after", Shares::new(e.unbonding_shares_after), row.unbonding_shares)
}

pub(super) fn lease_opened(rows: &mut Rows, e: &LeaseOpened, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut ProviderRow = rows.next(key(&e.provider), e.provider_seq, at)?;
    agree("provider_exposure_before", Stake::new(e.provider_exposure_before), row.exposure)?;
    row.exposure = row.exposure.checked_add(Stake::new(e.exposure))?;
    row.open_leases = row.open_leases.checked_add(1).ok_or(Error::MathOverflow)?;
    agree("provider_exposure_after", Stake::new(e.provider_exposure_after), row.exposure)
}

pub(super) fn lease_ended(rows: &mut Rows, e: &LeaseEnded, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut ProviderRow = rows.next(key(&e.provider), e.provider_seq, at)?;
    agree("provider_exposure_before", Stake::new(e.provider_exposure_before), row.exposure)?;
    row.exposure = row.exposure.checked_sub(Stake::new(e.exposure))?;
    row.open_leases = row.open_leases.checked_sub(1).ok_or(Error::MathOverflow)?;
    agree("provider_exposure_after", Stake::new(e.provider_exposure_after), row.exposure)?;
    agree("provider_open_leases_after", e.provider_open_leases_after, row.open_leases)
}
