//! A provider's books: its pool, the owner's own part of it, the exposure its leases hold, and what its
//! stake has earned.

mod reward;
mod slash;

pub use reward::{DelegationClaimed, RewardClaimed};
pub use slash::Slashed;

use crate::amount::{Bps, Payment, Shares, Stake};
use crate::commission::Commission;
use crate::error::{Error, Result};
use crate::params::Params;
use crate::position::{Position, Ticket};
use crate::reward::RewardIndex;
use crate::stake_pool::Pool;

/// Whether a provider takes new leases. Nothing else depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum ProviderStatus {
    /// Takes leases.
    #[default]
    Active = 0,
    /// Its owner lets it run dry.
    Draining = 1,
    /// It lost a dispute.
    Jailed = 2,
}

impl ProviderStatus {
    /// The number an account holds.
    pub const fn as_u8(self) -> u8 {
        self as u8
    }
}

impl TryFrom<u8> for ProviderStatus {
    type Error = Error;

    fn try_from(value: u8) -> Result<Self> {
        match value {
            0 => Ok(ProviderStatus::Active),
            1 => Ok(ProviderStatus::Draining),
            2 => Ok(ProviderStatus::Jailed),
            _ => Err(Error::InvariantBroken),
        }
    }
}

/// The books.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Provider {
    /// Whether it takes new leases.
    pub status: ProviderStatus,
    /// All stake, the owner's and that of others.
    pub pool: Pool,
    /// Mirror of the owner's position: active shares, tickets excluded.
    pub own_shares: Shares,
    /// Sum of the exposure of all leases not ended.
    pub exposure: Stake,
    /// How many leases are not ended.
    pub open_leases: u32,
    /// Unix second from which a jailed provider may come back.
    pub jailed_until: i64,
    /// The owner's part of what delegators earn.
    pub commission: Commission,
    /// What an active share has earned since the registration.
    pub reward_index: RewardIndex,
    /// All rewards that were ever claimed for it.
    pub claimed: Payment,
}

/// What an owner may change of the books.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProviderUpdate {
    /// Takes leases, or runs dry.
    pub draining: Option<bool>,
    /// Another commission.
    pub commission: Option<Bps>,
}

/// What `stake` changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staked {
    /// The provider after.
    pub provider: Provider,
    /// The staker's position after.
    pub position: Position,
    /// The shares bought.
    pub shares: Shares,
}

/// What `request_unstake` changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnstakeRequested {
    /// The provider after.
    pub provider: Provider,
    /// The staker's position after.
    pub position: Position,
    /// The new ticket.
    pub ticket: Ticket,
}

/// What `cancel_unstake` changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnstakeCancelled {
    /// The provider after.
    pub provider: Provider,
    /// The staker's position after.
    pub position: Position,
    /// The ticket that is gone.
    pub ticket: Ticket,
}

/// What `withdraw_stake` changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StakeWithdrawn {
    /// The provider after.
    pub provider: Provider,
    /// The staker's position after.
    pub position: Position,
    /// The ticket that was burned.
    pub ticket: Ticket,
    /// What the staker receives.
    pub amount: Stake,
}

impl Provider {
    /// A new provider.
    pub fn register(commission: Bps) -> Provider {
        Provider { commission: Commission::fixed(commission), ..Provider::default() }
    }

    /// Changes status and commission. A rise of the commission waits for the time of unbonding.
    ///
    /// Refuses: [`Error::ProviderJailed`] to leave jail early.
    pub fn update(&self, update: &ProviderUpdate, now: i64, params: &Params) -> Result<Provider> {
        let mut after = *self;
        if let Some(draining) = update.draining {
            if self.status == ProviderStatus::Jailed && now < self.jailed_until {
                return Err(Error::ProviderJailed);
            }
            after.status = if draining { ProviderStatus::Draining } else { ProviderStatus::Active };
        }
        if let Some(rate) = update.commission {
            after.commission = self.commission.change(rate, now, params.unbonding_secs)?;
        }
        after.invariant()?;
        Ok(after)
    }

    /// Adds `amount` to the staker's position. `by_owner`: the staker is the provider's owner.
    ///
    /// Refuses as [`Pool::deposit`] does.
    pub fn stake(&self, position: &Position, amount: Stake, by_owner: bool) -> Result<Staked> {
        let deposit = self.pool.deposit(amount)?;
        let position = position.accrue(self.reward_index)?.add(deposit.shares)?;
        let own_shares = if by_owner { position.shares } else { self.own_shares };
        let provider = Provider { pool: deposit.pool, own_shares, ..*self };
        provider.invariant()?;
        Ok(Staked { provider, position, shares: deposit.shares })
    }

    /// Moves active shares of the staker into a ticket that matures after `unbonding_secs`.
    ///
    /// Refuses: [`Error::AmountZero`], [`Error::InsufficientShares`], [`Error::TooManyTickets`],
    /// [`Error::OwnStakeBelowMinimum`].
    pub fn request_unstake(
        &self,
        position: &Position,
        shares: Shares,
        by_owner: bool,
        now: i64,
        params: &Params,
    ) -> Result<UnstakeRequested> {
        let unlock_ts = now.checked_add(i64::from(params.unbonding_secs)).ok_or(Error::MathOverflow)?;
        let ticket = Ticket { shares, unlock_ts };
        let position = position.accrue(self.reward_index)?.request_unstake(ticket)?;
        let pool = self.pool.request_unstake(shares)?;
        let own_shares = if by_owner { position.shares } else { self.own_shares };
        let provider = Provider { pool, own_shares, ..*self };
        if by_owner && self.open_leases > 0 && provider.own_stake()? < params.min_stake {
            return Err(Error::OwnStakeBelowMinimum);
        }
        provider.invariant()?;
        Ok(UnstakeRequested { provider, position, ticket })
    }

    /// Makes the shares of the staker's ticket at `index` active again.
    ///
    /// Refuses: [`Error::NoSuchTicket`].
    pub fn cancel_unstake(&self, position: &Position, index: u8, by_owner: bool) -> Result<UnstakeCancelled> {
        let (position, ticket) = position.accrue(self.reward_index)?.cancel_unstake(index)?;
        let pool = self.pool.cancel_unstake(ticket.shares)?;
        let own_shares = if by_owner { position.shares } else { self.own_shares };
        let provider = Provider { pool, own_shares, ..*self };
        provider.invariant()?;
        Ok(UnstakeCancelled { provider, position, ticket })
    }

    /// Burns the staker's ticket at `index` and pays its value.
    ///
    /// Refuses: [`Error::NoSuchTicket`], [`Error::TicketLocked`], [`Error::ExposureExceedsStake`].
    pub fn withdraw_stake(&self, position: &Position, index: u8, now: i64) -> Result<StakeWithdrawn> {
        let (position, ticket) = position.withdraw(index, now)?;
        let withdrawal = self.pool.withdraw(ticket.shares)?;
        if withdrawal.pool.total_stake < self.exposure {
            return Err(Error::ExposureExceedsStake);
        }
        let provider = Provider { pool: withdrawal.pool, ..*self };
        provider.invariant()?;
        Ok(StakeWithdrawn { provider, position, ticket, amount: withdrawal.amount })
    }

    /// What the owner's own active shares are worth.
    pub fn own_stake(&self) -> Result<Stake> {
        self.pool.value_floor(self.own_shares)
    }

    /// Holds `exposure` for a new lease. Refuses: [`Error::ProviderNotActive`],
    /// [`Error::StakeBelowMinimum`], [`Error::ExposureExceedsStake`].
    pub fn reserve(&self, exposure: Stake, params: &Params) -> Result<Provider> {
        if self.status != ProviderStatus::Active {
            return Err(Error::ProviderNotActive);
        }
        if self.own_stake()? < params.min_stake {
            return Err(Error::StakeBelowMinimum);
        }
        let after = self.exposure.checked_add(exposure)?;
        if after > self.pool.active_value()? {
            return Err(Error::ExposureExceedsStake);
        }
        let open_leases = self.open_leases.checked_add(1).ok_or(Error::MathOverflow)?;
        Ok(Provider { exposure: after, open_leases, ..*self })
    }

    /// Frees the exposure of a lease that ended.
    pub fn free(&self, exposure: Stake) -> Result<Provider> {
        let open_leases = self.open_leases.checked_sub(1).ok_or(Error::InvariantBroken)?;
        Ok(Provider { exposure: self.exposure.checked_sub(exposure)?, open_leases, ..*self })
    }

    /// The stake covers the exposure, own shares are active ones, and exposure needs a lease, else
    /// [`Error::InvariantBroken`].
    pub fn invariant(&self) -> Result<()> {
        self.pool.invariant()?;
        self.commission.invariant()?;
        let covered = self.exposure <= self.pool.total_stake;
        let own = self.own_shares <= self.pool.active_shares()?;
        // A lease whose dispute was lost holds none.
        let leased = self.exposure.is_zero() || self.open_leases > 0;
        if covered && own && leased { Ok(()) } else { Err(Error::InvariantBroken) }
    }
}

#[cfg(test)]
mod tests;
