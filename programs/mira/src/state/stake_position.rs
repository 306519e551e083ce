//! One staker's part of one provider's pool.

use super::checked;
use anchor_lang::prelude::*;
use mira_core::amount::{Payment, Shares};
use mira_core::position;
use mira_core::reward::RewardIndex;

/// A position holds at most this many tickets.
pub const MAX_TICKETS: usize = position::MAX_TICKETS;

/// Shares on their way out.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, InitSpace, PartialEq, Eq)]
pub struct Ticket {
    /// What the withdrawal burns.
    pub shares: u128,
    /// The unix second from which it can be withdrawn.
    pub unlock_ts: i64,
}

/// A position, at `["stake", provider, staker]`. Its events are numbered by its provider. It closes
/// when it has no shares and nothing is owed.
#[account]
#[derive(Debug, InitSpace, PartialEq, Eq)]
pub struct StakePosition {
    /// The provider staked on.
    pub provider: Pubkey,
    /// Whose stake it is.
    pub staker: Pubkey,
    /// Active shares, tickets excluded.
    pub shares: u128,
    /// Unbonding tickets, in the order they were requested.
    #[max_len(MAX_TICKETS)]
    pub tickets: Vec<Ticket>,
    /// The pool's reward index when this position last looked, Q64.64.
    pub reward_entry: u128,
    /// Payment base units earned until then and not claimed.
    pub reward_owed: u64,
    /// Canonical bump of this address.
    pub bump: u8,
}

impl StakePosition {
    /// Bytes of the account, discriminator included.
    pub const SPACE: usize = Self::DISCRIMINATOR.len() + Self::INIT_SPACE;

    /// The books for core.
    pub fn to_core(&self) -> position::Position {
        let ticket =
            |ticket: &Ticket| position::Ticket { shares: Shares::new(ticket.shares), unlock_ts: ticket.unlock_ts };
        position::Position {
            shares: Shares::new(self.shares),
            tickets: self.tickets.iter().map(ticket).collect(),
            entry: RewardIndex::new(self.reward_entry),
            owed: Payment::new(self.reward_owed),
        }
    }

    /// Takes the books after a transition.
    pub fn apply(&mut self, books: &position::Position) -> Result<()> {
        let ticket = |ticket: &position::Ticket| Ticket { shares: ticket.shares.get(), unlock_ts: ticket.unlock_ts };
        self.shares = books.shares.get();
        self.tickets = books.tickets.iter().map(ticket).collect();
        self.reward_entry = books.entry.get();
        self.reward_owed = books.owed.get();
        self.invariant()
    }

    /// No empty tickets, and no more than fit.
    pub fn invariant(&self) -> Result<()> {
        checked(self.to_core().invariant())
    }
}
