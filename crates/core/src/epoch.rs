//! Reward epochs: how the reward authorities agree on a root, who can stop it, and what it can never do.
//!
//! All numbers are cumulative, so that a missed epoch loses nobody anything. The program trusts a
//! majority with the distribution of one epoch's reward share and with nothing else: the totals are
//! bounded by the fees that were really swept.

use crate::amount::{Bps, Payment};
use crate::error::{Error, Result};
use crate::fee::share_floor;
use crate::hash::Sha256;
use crate::job::after;
use crate::network::strict_majority;
use crate::params::RewardParams;
use crate::{Hash, Key};
use alloc::vec::Vec;

/// Starts what a proposal hashes.
pub const PROPOSAL_TAG: &[u8] = b"mira:reward-epoch:v1:";

/// A root and the totals behind it. All amounts are lifetime amounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Epoch {
    /// Its number: the first is 1.
    pub index: u64,
    /// The root of the tree of providers and their lifetime amounts.
    pub root: Hash,
    /// All fees that the epochs so far count.
    pub cumulative_fees: Payment,
    /// All rewards of the epochs so far: the sum of the leaves.
    pub cumulative_total: Payment,
    /// Hash of the report that anyone can recompute the root with.
    pub report_hash: Hash,
}

impl Epoch {
    /// What an authority approves: the hash of all fields, numbers little-endian.
    pub fn digest<H: Sha256>(&self) -> Hash {
        H::hashv(&[
            PROPOSAL_TAG,
            &self.index.to_le_bytes(),
            &self.root,
            &self.cumulative_fees.get().to_le_bytes(),
            &self.cumulative_total.get().to_le_bytes(),
            &self.report_hash,
        ])
    }
}

/// A majority's choice in its challenge window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    /// What was approved.
    pub epoch: Epoch,
    /// The reward share when it was.
    pub share: Bps,
    /// Unix second from which anyone may finalize it, and the guardian cannot cancel it any more.
    pub final_from: i64,
    /// Unix second from which anyone may cancel it.
    pub stale_from: i64,
}

/// One authority's last approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Whose.
    pub authority: Key,
    /// Of what.
    pub digest: Hash,
}

/// The epochs' books.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Epochs {
    /// The one that claims are made against; index 0 before the first.
    pub last: Epoch,
    /// Unix second of its finalization, or of the network's beginning.
    pub last_at: i64,
    /// What waits to become the next.
    pub pending: Option<Pending>,
    /// At most one of each authority.
    pub approvals: Vec<Approval>,
}

/// A finalization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finalized {
    /// The epochs after.
    pub epochs: Epochs,
    /// Of the epoch's fees, what the rewards leave: to the treasury.
    pub to_treasury: Payment,
}

impl Epochs {
    /// Records an approval in the place of the authority's earlier one; with a strict majority on one
    /// digest the epoch becomes pending.
    ///
    /// Refuses: [`Error::WrongSigner`], [`Error::EpochPending`], [`Error::EpochWrongIndex`],
    /// [`Error::EpochTooEarly`], [`Error::EpochOutOfBounds`], [`Error::NothingChanges`].
    pub fn approve(
        &self,
        authorities: &[Key],
        (authority, digest): (Key, Hash),
        epoch: &Epoch,
        now: i64,
        params: &RewardParams,
    ) -> Result<Epochs> {
        if !authorities.contains(&authority) {
            return Err(Error::WrongSigner);
        }
        if self.pending.is_some() {
            return Err(Error::EpochPending);
        }
        if epoch.index != self.last.index.checked_add(1).ok_or(Error::MathOverflow)? {
            return Err(Error::EpochWrongIndex);
        }
        if now < after(self.last_at, params.epoch_secs)? {
            return Err(Error::EpochTooEarly);
        }
        self.withheld(epoch, params.share_bps)?;
        let approval = Approval { authority, digest };
        if self.approvals.contains(&approval) {
            return Err(Error::NothingChanges);
        }
        let mut epochs = self.clone();
        epochs.approvals.retain(|earlier| earlier.authority != authority);
        epochs.approvals.push(approval);
        let agreeing = epochs.approvals.iter().filter(|other| other.digest == digest).count();
        if strict_majority(agreeing, authorities.len()) {
            let final_from = after(now, params.challenge_secs)?;
            let stale_from = after(final_from, params.stale_secs)?;
            epochs.pending = Some(Pending { epoch: *epoch, share: params.share_bps, final_from, stale_from });
        }
        Ok(epochs)
    }

    /// Drops the pending epoch and all approvals: the guardian inside its window, anyone once it is stale.
    ///
    /// Refuses: [`Error::EpochNotPending`], [`Error::EpochNotCancellable`].
    pub fn cancel(&self, by_guardian: bool, now: i64) -> Result<Epochs> {
        let pending = self.pending.ok_or(Error::EpochNotPending)?;
        let may = now >= pending.stale_from || (by_guardian && now < pending.final_from);
        if !may {
            return Err(Error::EpochNotCancellable);
        }
        Ok(self.cleared())
    }

    /// Makes the pending epoch the last one. `swept`: all fees that ever reached the reward vault.
    ///
    /// Refuses: [`Error::EpochNotPending`], [`Error::EpochWindowOpen`], [`Error::EpochFeesNotSwept`],
    /// [`Error::EpochOutOfBounds`].
    pub fn finalize(&self, swept: Payment, now: i64) -> Result<Finalized> {
        let pending = self.pending.ok_or(Error::EpochNotPending)?;
        if now < pending.final_from {
            return Err(Error::EpochWindowOpen);
        }
        if pending.epoch.cumulative_fees > swept {
            return Err(Error::EpochFeesNotSwept);
        }
        let to_treasury = self.withheld(&pending.epoch, pending.share)?;
        Ok(Finalized { epochs: Epochs { last: pending.epoch, last_at: now, ..self.cleared() }, to_treasury })
    }

    /// Without pending epoch and approvals, as after a change of the authorities.
    pub fn cleared(&self) -> Epochs {
        Epochs { last: self.last, last_at: self.last_at, pending: None, approvals: Vec::new() }
    }

    /// `Δfees − Δtotal`. Refuses with [`Error::EpochOutOfBounds`] unless `0 ≤ Δtotal ≤ floor(Δfees × share)`.
    fn withheld(&self, epoch: &Epoch, share: Bps) -> Result<Payment> {
        let beyond = |_| Error::EpochOutOfBounds;
        let fees = epoch.cumulative_fees.checked_sub(self.last.cumulative_fees).map_err(beyond)?;
        let total = epoch.cumulative_total.checked_sub(self.last.cumulative_total).map_err(beyond)?;
        if total > share_floor(fees, share)? {
            return Err(Error::EpochOutOfBounds);
        }
        fees.checked_sub(total)
    }

    /// Each authority approves once, and what is pending follows the last epoch within its bounds, else
    /// [`Error::InvariantBroken`].
    pub fn invariant(&self) -> Result<()> {
        let mut keys: Vec<Key> = self.approvals.iter().map(|approval| approval.authority).collect();
        keys.sort_unstable();
        keys.dedup();
        let follows = self.pending.is_none_or(|pending| {
            self.last.index.checked_add(1) == Some(pending.epoch.index)
                && pending.final_from < pending.stale_from
                && self.withheld(&pending.epoch, pending.share).is_ok()
        });
        let bounded = self.last.cumulative_total <= self.last.cumulative_fees;
        if keys.len() == self.approvals.len() && follows && bounded { Ok(()) } else { Err(Error::InvariantBroken) }
    }
}

#[cfg(test)]
mod tests;
