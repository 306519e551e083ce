//! Providers and their stake.

use anchor_lang::prelude::*;

/// `register_provider` created a provider.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderRegistered {
    pub schema: u8,
    pub provider: Pubkey,
    pub provider_seq: u64,
    pub owner: Pubkey,
    pub operator: Pubkey,
    pub payout: Pubkey,
    pub commission_bps: u16,
    /// Zero-padded ASCII, `core::label::Label`.
    pub resource_class: [u8; 16],
    /// Zero-padded ASCII, `core::label::Label`.
    pub region: [u8; 16],
    pub metadata_hash: [u8; 32],
    pub registered_at: i64,
}

/// `update_provider` changed what a provider says of itself.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderUpdated {
    pub schema: u8,
    pub provider: Pubkey,
    pub provider_seq: u64,
    pub actor: Pubkey,
    pub operator: Pubkey,
    pub payout: Pubkey,
    pub status: u8,
    pub jailed_until: i64,
    pub commission_bps: u16,
    pub next_commission_bps: u16,
    pub next_commission_from: i64,
    /// Zero-padded ASCII, `core::label::Label`.
    pub resource_class: [u8; 16],
    /// Zero-padded ASCII, `core::label::Label`.
    pub region: [u8; 16],
    pub metadata_hash: [u8; 32],
}

/// `stake` added stake to a provider's pool.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StakeAdded {
    pub schema: u8,
    pub provider: Pubkey,
    pub provider_seq: u64,
    pub staker: Pubkey,
    pub amount: u64,
    pub shares: u128,
    pub total_stake_before: u64,
    pub total_stake_after: u64,
    pub total_shares_after: u128,
    pub position_shares_after: u128,
    pub own_shares_after: u128,
    /// Q64.64.
    pub reward_index: u128,
    pub position_owed_after: u64,
}

/// `request_unstake` moved active shares into an unbonding ticket.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnstakeRequested {
    pub schema: u8,
    pub provider: Pubkey,
    pub provider_seq: u64,
    pub staker: Pubkey,
    pub shares: u128,
    pub unlock_ts: i64,
    pub unbonding_shares_before: u128,
    pub unbonding_shares_after: u128,
    /// The position's active shares left, tickets excluded.
    pub position_shares_after: u128,
    pub own_shares_after: u128,
    /// Q64.64.
    pub reward_index: u128,
    pub position_owed_after: u64,
}

/// `cancel_unstake` made the shares of a ticket active again.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnstakeCancelled {
    pub schema: u8,
    pub provider: Pubkey,
    pub provider_seq: u64,
    pub staker: Pubkey,
    pub shares: u128,
    pub unlock_ts: i64,
    /// The index that the ticket had.
    pub ticket: u8,
    pub unbonding_shares_before: u128,
    pub unbonding_shares_after: u128,
    pub position_shares_after: u128,
    pub own_shares_after: u128,
    /// Q64.64.
    pub reward_index: u128,
    pub position_owed_after: u64,
}

/// `withdraw_stake` burned a matured ticket and paid its value.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StakeWithdrawn {
    pub schema: u8,
    pub provider: Pubkey,
    pub provider_seq: u64,
    pub staker: Pubkey,
    pub shares: u128,
    pub amount: u64,
    pub total_stake_before: u64,
    pub total_stake_after: u64,
    pub total_shares_after: u128,
    pub unbonding_shares_after: u128,
    pub unlock_ts: i64,
    /// Whether the position is closed.
    pub closed: bool,
}
