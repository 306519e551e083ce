//! Providers: what they say of themselves, their pool's totals, the exposure of their leases, what disputes
//! took from them and what was claimed for them.

use mira_chain::event::body::{
    DelegationRewardClaimed, DisputeResolved, LeaseEnded, LeaseOpened, ProviderRegistered, ProviderSettings,
    ProviderUpdated, RewardClaimed, StakeAdded, StakeWithdrawn, UnstakeCancelled, UnstakeRequested,
};
use mira_core::Error;
use mira_core::amount::{Payment, Shares, Stake};
use mira_core::reward::RewardIndex;
use mira_store::model::{Ordinal, ProjectionKey, ProviderRow, ProviderStatus};
use solana_sdk::pubkey::Pubkey;

use super::error::{Cause, agree};
use super::rows::Rows;
use super::value::{bps, provider_status};

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
        jailed_until: 0,
        total_stake: Stake::ZERO,
        total_shares: Shares::ZERO,
        unbonding_shares: Shares::ZERO,
        own_shares: Shares::ZERO,
        exposure: Stake::ZERO,
        commission: bps("commission_bps", e.commission_bps)?,
        next_commission: bps("commission_bps", e.commission_bps)?,
        next_commission_from: 0,
        reward_index: RewardIndex::ZERO,
        claimed: Payment::ZERO,
        open_leases: 0,
        resource_class: e.resource_class,
        region: e.region,
        metadata_hash: e.metadata_hash,
        registered_at: e.registered_at,
        seq: e.provider_seq,
        ord: *at,
    })
}

pub(super) fn updated(rows: &mut Rows, e: &ProviderUpdated, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut ProviderRow = rows.next(key(&e.provider), e.provider_seq, at)?;
    agree("jailed_until", e.jailed_until, row.jailed_until)?;
    agree("settings_before", &e.settings_before, &settings(row))?;
    let after = &e.settings_after;
    row.operator = after.operator.to_bytes();
    row.payout = after.payout.to_bytes();
    row.status = provider_status(after.status)?;
    row.commission = bps("commission_bps", after.commission_bps)?;
    row.next_commission = bps("next_commission_bps", after.next_commission_bps)?;
    row.next_commission_from = after.next_commission_from;
    row.resource_class = after.resource_class;
    row.region = after.region;
    row.metadata_hash = after.metadata_hash;
    Ok(())
}

/// What the row says of the provider, in the event's words.
fn settings(row: &ProviderRow) -> ProviderSettings {
    ProviderSettings {
        operator: Pubkey::new_from_array(row.operator),
        payout: Pubkey::new_from_array(row.payout),
        status: row.status.code(),
        commission_bps: row.commission.get(),
        next_commission_bps: row.next_commission.get(),
        next_commission_from: row.next_commission_from,
        resource_class: row.resource_class,
        region: row.region,
        metadata_hash: row.metadata_hash,
    }
}

pub(super) fn stake_added(rows: &mut Rows, e: &StakeAdded, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut ProviderRow = rows.next(key(&e.provider), e.provider_seq, at)?;
    agree("reward_index", RewardIndex::new(e.reward_index), row.reward_index)?;
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
    agree("reward_index", RewardIndex::new(e.reward_index), row.reward_index)?;
    agree("unbonding_shares_before", Shares::new(e.unbonding_shares_before), row.unbonding_shares)?;
    row.unbonding_shares = row.unbonding_shares.checked_add(Shares::new(e.shares))?;
    agree("unbonding_shares_after", Shares::new(e.unbonding_shares_after), row.unbonding_shares)?;
    if row.owner == e.staker.to_bytes() {
        row.own_shares = row.own_shares.checked_sub(Shares::new(e.shares))?;
    }
    agree("own_shares_after", Shares::new(e.own_shares_after), row.own_shares)
}

pub(super) fn unstake_cancelled(rows: &mut Rows, e: &UnstakeCancelled, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut ProviderRow = rows.next(key(&e.provider), e.provider_seq, at)?;
    agree("reward_index", RewardIndex::new(e.reward_index), row.reward_index)?;
    agree("unbonding_shares_before", Shares::new(e.unbonding_shares_before), row.unbonding_shares)?;
    row.unbonding_shares = row.unbonding_shares.checked_sub(Shares::new(e.shares))?;
    agree("unbonding_shares_after", Shares::new(e.unbonding_shares_after), row.unbonding_shares)?;
    if row.owner == e.staker.to_bytes() {
        row.own_shares = row.own_shares.checked_add(Shares::new(e.shares))?;
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

/// Takes what a dispute took: all of it, from the owner's shares and then from every share. `freed` is
/// the lease's exposure if the dispute was upheld.
pub(super) fn dispute_resolved(rows: &mut Rows, e: &DisputeResolved, freed: Stake, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut ProviderRow = rows.next(key(&e.provider), e.provider_seq, at)?;
    let taken = Stake::new(e.slashed_own).checked_add(Stake::new(e.slashed_pool))?;
    agree("compensation + burned", Stake::new(e.compensation).checked_add(Stake::new(e.burned))?, taken)?;
    agree("taken ≤ exposure", taken <= freed, true)?;
    agree("total_stake_before", Stake::new(e.total_stake_before), row.total_stake)?;
    row.total_stake = row.total_stake.checked_sub(taken)?;
    row.total_shares = row.total_shares.checked_sub(Shares::new(e.burned_shares))?;
    row.own_shares = row.own_shares.checked_sub(Shares::new(e.burned_shares))?;
    agree("total_stake_after", Stake::new(e.total_stake_after), row.total_stake)?;
    agree("total_shares_after", Shares::new(e.total_shares_after), row.total_shares)?;
    agree("own_shares_after", Shares::new(e.own_shares_after), row.own_shares)?;
    agree("provider_exposure_before", Stake::new(e.provider_exposure_before), row.exposure)?;
    row.exposure = row.exposure.checked_sub(freed)?;
    agree("provider_exposure_after", Stake::new(e.provider_exposure_after), row.exposure)?;
    row.status = provider_status(e.status)?;
    row.jailed_until = e.jailed_until;
    Ok(())
}

pub(super) fn reward_claimed(rows: &mut Rows, e: &RewardClaimed, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut ProviderRow = rows.next(key(&e.provider), e.provider_seq, at)?;
    let (amount, shared) = (Payment::new(e.amount), Payment::new(e.shared_amount));
    agree("owner_amount + shared_amount", Payment::new(e.owner_amount).checked_add(shared)?, amount)?;
    agree("provider_claimed_before", Payment::new(e.provider_claimed_before), row.claimed)?;
    row.claimed = row.claimed.checked_add(amount)?;
    agree("provider_claimed_after", Payment::new(e.provider_claimed_after), row.claimed)?;
    agree("reward_index_before", RewardIndex::new(e.reward_index_before), row.reward_index)?;
    if !shared.is_zero() {
        let active = row.total_shares.checked_sub(row.unbonding_shares)?;
        row.reward_index = row.reward_index.grow_floor(shared, active)?;
    }
    agree("reward_index_after", RewardIndex::new(e.reward_index_after), row.reward_index)
}

/// Moves nothing of the provider's: its events only number those of its positions.
pub(super) fn delegation_claimed(rows: &mut Rows, e: &DelegationRewardClaimed, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut ProviderRow = rows.next(key(&e.provider), e.provider_seq, at)?;
    agree("reward_index", RewardIndex::new(e.reward_index), row.reward_index)
}
