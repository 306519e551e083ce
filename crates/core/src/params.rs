//! The network's parameters and the hard bounds no admin can cross.

use crate::amount::{Bps, Stake, StakePerMillion};
use crate::error::{Error, Result};

/// Whether real value is at stake. Set once, at `initialize`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Profile {
    /// A public network: the bounds protect people who are offline.
    Public = 0,
    /// A local chain: seconds are allowed, so that a demonstration ends. Clients refuse such a
    /// network on the genesis hash of any public cluster.
    Local = 1,
}

impl Profile {
    /// The number an account or event holds.
    pub const fn as_u8(self) -> u8 {
        self as u8
    }

    /// The lower-case name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Profile::Public => "public",
            Profile::Local => "local",
        }
    }
}

impl TryFrom<u8> for Profile {
    type Error = Error;

    fn try_from(value: u8) -> Result<Self> {
        match value {
            0 => Ok(Profile::Public),
            1 => Ok(Profile::Local),
            _ => Err(Error::InvalidParams),
        }
    }
}

const HOUR: u32 = 60 * 60;
const DAY: u32 = 24 * HOUR;

/// A fee of zero would let wash trading earn rewards for nothing.
pub const FEE_BPS_MIN: u16 = 1;
/// Above a fifth the network would be dearer than what it replaces.
pub const FEE_BPS_MAX: u16 = 2_000;
/// A lease always exposes some stake, else nobody loses by cheating.
pub const STAKE_PER_MILLION_MIN: u64 = 1;
/// A thousand base units of stake for one of payment: more is a typing error, and would overflow
/// the exposure of large caps.
pub const STAKE_PER_MILLION_MAX: u64 = 1_000_000_000;
/// Public: an outage shorter than this confiscates nothing.
pub const PUBLIC_GRACE_SECS_MIN: u32 = 6 * HOUR;
/// Public: a requester needs time to look at results before exposure is freed.
pub const PUBLIC_DISPUTE_WINDOW_SECS_MIN: u32 = HOUR;
/// Public: clocks of clients differ by seconds, transactions wait for minutes; the program's
/// promise that no job address returns rests on this very number.
pub const PUBLIC_JOB_ID_WINDOW_SECS: u32 = 300;
/// Waiting longer than this for one's own money is a trap.
pub const GRACE_SECS_MAX: u32 = 7 * DAY;
/// The same for a provider's exposure.
pub const DISPUTE_WINDOW_SECS_MAX: u32 = 14 * DAY;
/// Escrow of a lease is locked that long at most if both sides vanish.
pub const MAX_LEASE_SECS_MAX: u32 = 30 * DAY;
/// Escrow of a job is locked that long at most if its requester vanishes.
pub const MAX_JOB_SECS_MAX: u32 = 365 * DAY;
/// Stakers get their stake back within this.
pub const UNBONDING_SECS_MAX: u32 = 90 * DAY;

/// What the admin governs, within the bounds above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Params {
    /// Share of every settlement that becomes a fee.
    pub fee_bps: Bps,
    /// The owner's own active stake below which a provider opens no lease.
    pub min_stake: Stake,
    /// Exposure per payment: stake base units per 1,000,000 payment base units.
    pub stake_per_million: StakePerMillion,
    /// From a request to unstake to the withdrawal.
    pub unbonding_secs: u32,
    /// The longest lease.
    pub max_lease_secs: u32,
    /// The longest job, from creation to deadline.
    pub max_job_secs: u32,
    /// From a lease's end to the release of its escrow.
    pub grace_secs: u32,
    /// From then to the release of its exposure.
    pub dispute_window_secs: u32,
    /// How old the unix second in a new job's id may be.
    pub job_id_window_secs: u32,
}

impl Params {
    /// Refuses with [`Error::InvalidParams`] what crosses a bound of `profile`.
    pub fn validate(&self, profile: Profile) -> Result<()> {
        let held = u64::from(self.max_lease_secs)
            .saturating_add(u64::from(self.grace_secs))
            .saturating_add(u64::from(self.dispute_window_secs));
        let common = (FEE_BPS_MIN..=FEE_BPS_MAX).contains(&self.fee_bps.get())
            && !self.min_stake.is_zero()
            && (STAKE_PER_MILLION_MIN..=STAKE_PER_MILLION_MAX)
                .contains(&self.stake_per_million.get())
            && (1..=MAX_LEASE_SECS_MAX).contains(&self.max_lease_secs)
            && (self.max_lease_secs..=MAX_JOB_SECS_MAX).contains(&self.max_job_secs)
            && (1..=GRACE_SECS_MAX).contains(&self.grace_secs)
            && (1..=DISPUTE_WINDOW_SECS_MAX).contains(&self.dispute_window_secs)
            && (1..=PUBLIC_JOB_ID_WINDOW_SECS).contains(&self.job_id_window_secs)
            // A ticket stays slashable for as long as a lease it backed can be disputed.
            && u64::from(self.unbonding_secs) >= held
            && self.unbonding_secs <= UNBONDING_SECS_MAX;
        let profiled = match profile {
            Profile::Local => true,
            Profile::Public => {
                self.grace_secs >= PUBLIC_GRACE_SECS_MIN
                    && self.dispute_window_secs >= PUBLIC_DISPUTE_WINDOW_SECS_MIN
                    && self.job_id_window_secs == PUBLIC_JOB_ID_WINDOW_SECS
            }
        };
        if common && profiled { Ok(()) } else { Err(Error::InvalidParams) }
    }
}

#[cfg(test)]
mod tests;
