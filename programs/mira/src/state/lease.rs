//! A lease: escrow of one job reserved for one provider, backed by its stake.

use super::{checked, next_seq, stored_bps};
use crate::error::MiraError;
use anchor_lang::prelude::*;
use mira_core::amount::{Payment, Stake, StakePerMillion, UnitPrice, Units};
use mira_core::lease;

/// A lease, at `["lease", job, provider, nonce]`. Amounts are payment base units, fees included.
#[account]
#[derive(Debug, InitSpace, PartialEq, Eq)]
pub struct Lease {
    /// The job that pays.
    pub job: Pubkey,
    /// The provider that works.
    pub provider: Pubkey,
    /// `job.leases_total` at the opening: no lease address is ever used twice.
    pub nonce: u32,
    /// The job's requester.
    pub requester: Pubkey,
    /// The key whose vouchers pay, as the job named it at the opening.
    pub voucher_signer: Pubkey,
    /// The provider's operator at the opening.
    pub operator: Pubkey,
    /// Payment base units per 1,000,000 units.
    pub unit_price: u64,
    /// Share of the settlements that becomes a fee, of 10,000, fixed at the opening.
    pub fee_bps: u16,
    /// The most it can ever pay.
    pub cap: u64,
    /// Stake base units it holds of the provider; nothing after a lost dispute.
    pub exposure: u64,
    /// Stake base units per 1,000,000 payment base units at the opening.
    pub stake_per_million: u64,
    /// Paid so far.
    pub settled: u64,
    /// The largest number of units a paid voucher named.
    pub units: u64,
    /// Unix second of its opening.
    pub opened_at: i64,
    /// Unix second of its end.
    pub expires_at: i64,
    /// From its end to the release of its escrow, as the network had it at the opening.
    pub grace_secs: u32,
    /// From then to the release of its exposure, as the network had it at the opening.
    pub dispute_window_secs: u32,
    /// Unix second from which the escrow may be released; a closing job may bring it forward.
    pub settle_until: i64,
    /// Unix second from which it may end.
    pub dispute_until: i64,
    /// Whether the escrow was released.
    pub released: bool,
    /// Whether a dispute is open.
    pub disputed: bool,
    /// Whether there ever was one.
    pub challenged: bool,
    /// Who paid the rent and gets it back.
    pub rent_payer: Pubkey,
    /// Number of this aggregate's last event.
    pub seq: u64,
    /// Canonical bump of this address.
    pub bump: u8,
}

impl Lease {
    /// Bytes of the account, discriminator included.
    pub const SPACE: usize = Self::DISCRIMINATOR.len() + Self::INIT_SPACE;

    /// The books for core.
    pub fn to_core(&self) -> Result<lease::Lease> {
        Ok(lease::Lease {
            cap: Payment::new(self.cap),
            exposure: Stake::new(self.exposure),
            stake_per_million: StakePerMillion::new(self.stake_per_million),
            settled: Payment::new(self.settled),
            units: Units::new(self.units),
            unit_price: UnitPrice::new(self.unit_price),
            fee: stored_bps(self.fee_bps)?,
            opened_at: self.opened_at,
            expires_at: self.expires_at,
            grace_secs: self.grace_secs,
            dispute_window_secs: self.dispute_window_secs,
            settle_until: self.settle_until,
            dispute_until: self.dispute_until,
            released: self.released,
            disputed: self.disputed,
            challenged: self.challenged,
        })
    }

    /// Takes the books after a transition and counts its event. What a lease never changes (its
    /// parties and its terms) is left alone.
    pub fn apply(&mut self, books: &lease::Lease) -> Result<()> {
        self.exposure = books.exposure.get();
        self.settled = books.settled.get();
        self.units = books.units.get();
        self.settle_until = books.settle_until;
        self.dispute_until = books.dispute_until;
        self.released = books.released;
        self.disputed = books.disputed;
        self.challenged = books.challenged;
        self.seq = next_seq(self.seq)?;
        self.invariant()
    }

    /// Within its cap and its times.
    pub fn invariant(&self) -> Result<()> {
        require!(self.seq > 0, MiraError::InvariantBroken);
        checked(self.to_core()?.invariant())
    }
}
