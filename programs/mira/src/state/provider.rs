//! A provider: who it is, its stake and the exposure that its leases hold.

use super::{checked, next_seq, stored_bps};
use crate::error::MiraError;
use crate::event::ProviderSettings;
use anchor_lang::prelude::*;
use mira_core::amount::{Payment, Shares, Stake};
use mira_core::commission::Commission;
use mira_core::label::Label;
use mira_core::provider::{self, ProviderStatus};
use mira_core::reward::RewardIndex;
use mira_core::stake_pool::Pool;

/// A provider, at `["provider", owner]`. It is never closed: its rent is the price of the identity.
#[account]
#[derive(Debug, InitSpace, PartialEq, Eq)]
pub struct Provider {
    /// The cold key.
    pub owner: Pubkey,
    /// The hot key: accepts leases and signs usage, cannot move stake.
    pub operator: Pubkey,
    /// The payment-mint token account that settlements pay.
    pub payout: Pubkey,
    /// `mira_core::provider::ProviderStatus` as u8.
    pub status: u8,
    /// Unix second from which a jailed provider may come back.
    pub jailed_until: i64,
    /// Stake base units held for all shares.
    pub total_stake: u64,
    /// All shares, those in tickets included.
    pub total_shares: u128,
    /// Shares in unbonding tickets.
    pub unbonding_shares: u128,
    /// Mirror of the owner's position: active shares, tickets excluded.
    pub own_shares: u128,
    /// Stake base units that leases not ended hold.
    pub exposure: u64,
    /// The owner's part of what delegators earn, of 10,000.
    pub commission_bps: u16,
    /// The higher part that was announced; the same while none is.
    pub next_commission_bps: u16,
    /// Unix second from which it holds; 0 while none is announced.
    pub next_commission_from: i64,
    /// Payment base units that an active share has earned since the registration, Q64.64.
    pub reward_index: u128,
    /// Payment base units of rewards claimed for this provider so far.
    pub claimed: u64,
    /// Leases not ended.
    pub open_leases: u32,
    /// Zero-padded ASCII, `mira_core::label::Label`.
    pub resource_class: [u8; 16],
    /// Zero-padded ASCII, `mira_core::label::Label`.
    pub region: [u8; 16],
    /// Hash of what the provider publishes about itself.
    pub metadata_hash: [u8; 32],
    /// Unix second of the registration.
    pub registered_at: i64,
    /// Number of this aggregate's last event; its positions' events count here.
    pub seq: u64,
    /// Canonical bump of this address.
    pub bump: u8,
}

impl Provider {
    /// Bytes of the account, discriminator included.
    pub const SPACE: usize = Self::DISCRIMINATOR.len() + Self::INIT_SPACE;

    /// The books for core.
    pub fn to_core(&self) -> Result<provider::Provider> {
        Ok(provider::Provider {
            status: checked(ProviderStatus::try_from(self.status))?,
            pool: Pool {
                total_stake: Stake::new(self.total_stake),
                total_shares: Shares::new(self.total_shares),
                unbonding_shares: Shares::new(self.unbonding_shares),
            },
            own_shares: Shares::new(self.own_shares),
            exposure: Stake::new(self.exposure),
            open_leases: self.open_leases,
            jailed_until: self.jailed_until,
            commission: Commission {
                rate: stored_bps(self.commission_bps)?,
                next: stored_bps(self.next_commission_bps)?,
                from: self.next_commission_from,
            },
            reward_index: RewardIndex::new(self.reward_index),
            claimed: Payment::new(self.claimed),
        })
    }

    /// Takes the books after a transition and counts its event.
    pub fn apply(&mut self, books: &provider::Provider) -> Result<()> {
        self.status = books.status.as_u8();
        self.jailed_until = books.jailed_until;
        self.total_stake = books.pool.total_stake.get();
        self.total_shares = books.pool.total_shares.get();
        self.unbonding_shares = books.pool.unbonding_shares.get();
        self.own_shares = books.own_shares.get();
        self.exposure = books.exposure.get();
        self.open_leases = books.open_leases;
        self.commission_bps = books.commission.rate.get();
        self.next_commission_bps = books.commission.next.get();
        self.next_commission_from = books.commission.from;
        self.reward_index = books.reward_index.get();
        self.claimed = books.claimed.get();
        self.seq = next_seq(self.seq)?;
        self.invariant()
    }

    /// What it says of itself, for the event of a change.
    pub fn settings(&self) -> ProviderSettings {
        ProviderSettings {
            operator: self.operator,
            payout: self.payout,
            status: self.status,
            commission_bps: self.commission_bps,
            next_commission_bps: self.next_commission_bps,
            next_commission_from: self.next_commission_from,
            resource_class: self.resource_class,
            region: self.region,
            metadata_hash: self.metadata_hash,
        }
    }

    /// The books balance, the labels read.
    pub fn invariant(&self) -> Result<()> {
        checked(Label::validate(&self.resource_class))?;
        checked(Label::validate(&self.region))?;
        require!(self.seq > 0, MiraError::InvariantBroken);
        checked(self.to_core()?.invariant())
    }
}
