//! Providers and their stake.

use anchor_lang::prelude::*;

/// `register_provider` created a provider.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderRegistered {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The provider.
    pub provider: Pubkey,
    /// The number of this event among those of the provider, from 1.
    pub provider_seq: u64,
    /// The cold key, which signed.
    pub owner: Pubkey,
    /// The hot key: accepts leases and signs usage, cannot move stake.
    pub operator: Pubkey,
    /// The token account that settlements pay.
    pub payout: Pubkey,
    /// The owner's part of what delegators earn, of 10,000.
    pub commission_bps: u16,
    /// Zero-padded ASCII, `core::label::Label`.
    pub resource_class: [u8; 16],
    /// Zero-padded ASCII, `core::label::Label`.
    pub region: [u8; 16],
    /// Hash of what the provider publishes about itself.
    pub metadata_hash: [u8; 32],
    /// Unix second of the registration.
    pub registered_at: i64,
}

/// `update_provider` changed what a provider says of itself.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderUpdated {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The provider.
    pub provider: Pubkey,
    /// The number of this event among those of the provider, from 1.
    pub provider_seq: u64,
    /// The owner.
    pub actor: Pubkey,
    /// Unix second from which a jailed provider may come back; stays.
    pub jailed_until: i64,
    /// What it said of itself before.
    pub settings_before: ProviderSettings,
    /// What it says of itself now.
    pub settings_after: ProviderSettings,
}

/// What a provider says of itself: all that `update_provider` can change.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug, PartialEq, Eq)]
pub struct ProviderSettings {
    /// The hot key.
    pub operator: Pubkey,
    /// The token account that settlements pay.
    pub payout: Pubkey,
    /// `core::provider::ProviderStatus` as u8.
    pub status: u8,
    /// The owner's part of what delegators earn, of 10,000.
    pub commission_bps: u16,
    /// The higher part that was announced; the same while none is.
    pub next_commission_bps: u16,
    /// Unix second from which it holds; 0 while none is announced.
    pub next_commission_from: i64,
    /// Zero-padded ASCII, `core::label::Label`.
    pub resource_class: [u8; 16],
    /// Zero-padded ASCII, `core::label::Label`.
    pub region: [u8; 16],
    /// Hash of what the provider publishes about itself.
    pub metadata_hash: [u8; 32],
}

/// `stake` added stake to a provider's pool.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StakeAdded {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The provider.
    pub provider: Pubkey,
    /// The number of this event among those of the provider, from 1.
    pub provider_seq: u64,
    /// Whose position it is, and who signed.
    pub staker: Pubkey,
    /// Stake base units.
    pub amount: u64,
    /// Shares that they bought.
    pub shares: u128,
    /// Stake base units of the whole pool before.
    pub total_stake_before: u64,
    /// Stake base units of the whole pool after.
    pub total_stake_after: u64,
    /// All shares of the pool, those in tickets included.
    pub total_shares_after: u128,
    /// The position's active shares, those in tickets excluded.
    pub position_shares_after: u128,
    /// The owner's active shares, those in tickets excluded.
    pub own_shares_after: u128,
    /// What an active share has earned since the registration: payment base units, Q64.64.
    pub reward_index: u128,
    /// Payment base units that the position has earned and not been paid.
    pub position_owed_after: u64,
}

/// `request_unstake` moved active shares into an unbonding ticket.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnstakeRequested {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The provider.
    pub provider: Pubkey,
    /// The number of this event among those of the provider, from 1.
    pub provider_seq: u64,
    /// Whose position it is, and who signed.
    pub staker: Pubkey,
    /// Shares in the new ticket.
    pub shares: u128,
    /// Unix second from which the ticket can be withdrawn.
    pub unlock_ts: i64,
    /// Shares of the pool in tickets before.
    pub unbonding_shares_before: u128,
    /// Shares of the pool in tickets after.
    pub unbonding_shares_after: u128,
    /// The position's active shares, those in tickets excluded.
    pub position_shares_after: u128,
    /// The owner's active shares, those in tickets excluded.
    pub own_shares_after: u128,
    /// What an active share has earned since the registration: payment base units, Q64.64.
    pub reward_index: u128,
    /// Payment base units that the position has earned and not been paid.
    pub position_owed_after: u64,
}

/// `cancel_unstake` made the shares of a ticket active again.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnstakeCancelled {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The provider.
    pub provider: Pubkey,
    /// The number of this event among those of the provider, from 1.
    pub provider_seq: u64,
    /// Whose position it is, and who signed.
    pub staker: Pubkey,
    /// Shares of the ticket.
    pub shares: u128,
    /// Unix second from which the ticket could have been withdrawn.
    pub unlock_ts: i64,
    /// The index that the ticket had.
    pub ticket: u8,
    /// Shares of the pool in tickets before.
    pub unbonding_shares_before: u128,
    /// Shares of the pool in tickets after.
    pub unbonding_shares_after: u128,
    /// The position's active shares, those in tickets excluded.
    pub position_shares_after: u128,
    /// The owner's active shares, those in tickets excluded.
    pub own_shares_after: u128,
    /// What an active share has earned since the registration: payment base units, Q64.64.
    pub reward_index: u128,
    /// Payment base units that the position has earned and not been paid.
    pub position_owed_after: u64,
}

/// `withdraw_stake` burned a matured ticket and paid its value.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StakeWithdrawn {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The provider.
    pub provider: Pubkey,
    /// The number of this event among those of the provider, from 1.
    pub provider_seq: u64,
    /// The staker, or whoever cranked.
    pub actor: Pubkey,
    /// Whose position it is.
    pub staker: Pubkey,
    /// Shares of the ticket, which were burned.
    pub shares: u128,
    /// Stake base units that the staker was paid.
    pub amount: u64,
    /// Stake base units of the whole pool before.
    pub total_stake_before: u64,
    /// Stake base units of the whole pool after.
    pub total_stake_after: u64,
    /// All shares of the pool, those in tickets included.
    pub total_shares_after: u128,
    /// Shares of the pool in tickets after.
    pub unbonding_shares_after: u128,
    /// Unix second from which the ticket could be withdrawn.
    pub unlock_ts: i64,
    /// Whether the position is closed.
    pub closed: bool,
}
