//! Where swept fees are kept for the rewards, and how far the reward epochs are.

use super::{checked, next_seq, stored_bps};
use crate::error::MiraError;
use anchor_lang::prelude::*;
use mira_core::amount::Payment;
use mira_core::epoch::{self, Epochs};
use mira_core::network::MAX_REWARD_AUTHORITIES;
use mira_core::rewards::Rewards;

/// A reward root and the totals behind it, all of them lifetime amounts.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, Default, InitSpace, PartialEq, Eq)]
pub struct Epoch {
    /// Its number: the first is 1.
    pub index: u64,
    /// The root of the tree of providers and their lifetime amounts, `mira_core::merkle`.
    pub root: [u8; 32],
    /// Payment base units of all fees that the epochs so far count.
    pub cumulative_fees: u64,
    /// Payment base units of all rewards of the epochs so far.
    pub cumulative_total: u64,
    /// Hash of the report that anyone can recompute the root with.
    pub report_hash: [u8; 32],
}

impl Epoch {
    /// The same for core.
    pub fn to_core(&self) -> epoch::Epoch {
        epoch::Epoch {
            index: self.index,
            root: self.root,
            cumulative_fees: Payment::new(self.cumulative_fees),
            cumulative_total: Payment::new(self.cumulative_total),
            report_hash: self.report_hash,
        }
    }
}

impl From<&epoch::Epoch> for Epoch {
    fn from(epoch: &epoch::Epoch) -> Self {
        Self {
            index: epoch.index,
            root: epoch.root,
            cumulative_fees: epoch.cumulative_fees.get(),
            cumulative_total: epoch.cumulative_total.get(),
            report_hash: epoch.report_hash,
        }
    }
}

/// What a majority approved and nobody has finalized yet.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, InitSpace, PartialEq, Eq)]
pub struct PendingEpoch {
    /// What was approved.
    pub epoch: Epoch,
    /// The reward share when it was, of 10,000.
    pub share_bps: u16,
    /// Unix second from which anyone may finalize it.
    pub final_from: i64,
    /// Unix second from which anyone may cancel it.
    pub stale_from: i64,
}

/// One authority's last approval.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, InitSpace, PartialEq, Eq)]
pub struct EpochApproval {
    /// Whose.
    pub authority: Pubkey,
    /// `mira_core::epoch::Epoch::digest` of what it approved.
    pub digest: [u8; 32],
}

/// The books of the reward vault and the treasury, at `["rewards"]`; it is also the reward vault's
/// authority. Amounts are payment base units.
#[account]
#[derive(Debug, InitSpace, PartialEq, Eq)]
pub struct RewardState {
    /// Fees swept from all shards so far.
    pub swept: u64,
    /// Rewards claimed for providers so far.
    pub claimed: u64,
    /// Of these, what has left the vault.
    pub paid_out: u64,
    /// What finalized epochs sent to the treasury.
    pub to_treasury: u64,
    /// Of that, what the admin withdrew.
    pub withdrawn: u64,
    /// The epoch that claims are made against; index 0 before the first.
    pub last: Epoch,
    /// Unix second of its finalization, or of the network's beginning.
    pub last_at: i64,
    /// Number of this aggregate's last event; 0 until the first.
    pub seq: u64,
    /// Canonical bump of this address.
    pub bump: u8,
    /// Canonical bump of the vault.
    pub vault_bump: u8,
    /// What waits to become the next epoch.
    pub pending: Option<PendingEpoch>,
    /// At most one of each reward authority.
    #[max_len(MAX_REWARD_AUTHORITIES)]
    pub approvals: Vec<EpochApproval>,
}

impl RewardState {
    /// Bytes of the account, discriminator included.
    pub const SPACE: usize = Self::DISCRIMINATOR.len() + Self::INIT_SPACE;

    /// The books of a network that begins at `now`.
    pub fn begin(now: i64, bump: u8, vault_bump: u8) -> Self {
        Self {
            swept: 0,
            claimed: 0,
            paid_out: 0,
            to_treasury: 0,
            withdrawn: 0,
            last: Epoch::default(),
            last_at: now,
            seq: 0,
            bump,
            vault_bump,
            pending: None,
            approvals: Vec::new(),
        }
    }

    /// The books for core.
    pub fn to_core(&self) -> Result<Rewards> {
        let pending = |pending: &PendingEpoch| -> Result<epoch::Pending> {
            Ok(epoch::Pending {
                epoch: pending.epoch.to_core(),
                share: stored_bps(pending.share_bps)?,
                final_from: pending.final_from,
                stale_from: pending.stale_from,
            })
        };
        let approval = |approval: &EpochApproval| epoch::Approval {
            authority: approval.authority.to_bytes(),
            digest: approval.digest,
        };
        Ok(Rewards {
            swept: Payment::new(self.swept),
            claimed: Payment::new(self.claimed),
            paid_out: Payment::new(self.paid_out),
            to_treasury: Payment::new(self.to_treasury),
            withdrawn: Payment::new(self.withdrawn),
            epochs: Epochs {
                last: self.last.to_core(),
                last_at: self.last_at,
                pending: self.pending.as_ref().map(pending).transpose()?,
                approvals: self.approvals.iter().map(approval).collect(),
            },
        })
    }

    /// Takes the books after a transition and counts its event.
    pub fn apply(&mut self, books: &Rewards) -> Result<()> {
        self.swept = books.swept.get();
        self.claimed = books.claimed.get();
        self.paid_out = books.paid_out.get();
        self.to_treasury = books.to_treasury.get();
        self.withdrawn = books.withdrawn.get();
        self.apply_epochs(&books.epochs);
        self.seq = next_seq(self.seq)?;
        self.invariant()
    }

    fn apply_epochs(&mut self, epochs: &Epochs) {
        self.last = Epoch::from(&epochs.last);
        self.last_at = epochs.last_at;
        self.pending = epochs.pending.as_ref().map(|pending| PendingEpoch {
            epoch: Epoch::from(&pending.epoch),
            share_bps: pending.share.get(),
            final_from: pending.final_from,
            stale_from: pending.stale_from,
        });
        let approval = |approval: &epoch::Approval| EpochApproval {
            authority: Pubkey::new_from_array(approval.authority),
            digest: approval.digest,
        };
        self.approvals = epochs.approvals.iter().map(approval).collect();
    }

    /// The books balance, and nothing has moved before the first event.
    pub fn invariant(&self) -> Result<()> {
        require!(self.seq > 0 || self.swept == 0, MiraError::InvariantBroken);
        checked(self.to_core()?.invariant())
    }
}
