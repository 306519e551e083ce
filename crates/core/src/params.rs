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
/// Ten million whole tokens of six decimals, ten thousand of nine. The least bond may be as large: more
/// would let an admin make every lease unchallengeable, and shut owners' stake in while leases are open.
pub const MIN_STAKE_MAX: Stake = Stake::new(10_000_000_000_000);
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
/// A dispute without a bond would be free to spam.
pub const BOND_BPS_MIN: u16 = 1;
/// Who challenges risks at most half of what the accused does: a bond as large as the exposure would be
/// for those alone who are as rich as a provider.
pub const BOND_BPS_MAX: u16 = 5_000;
/// One lost dispute never takes more than half of a pool from delegators who judged none of it.
pub const MAX_SLASH_BPS_MAX: u16 = 5_000;
/// Public: silence loses, so an owner must be able to be away for a day.
pub const PUBLIC_RESPOND_SECS_MIN: u32 = DAY;
/// Public: verifiers are people.
pub const PUBLIC_VOTE_SECS_MIN: u32 = DAY;
/// An accused provider's exposure is held for answer and vote; longer than this would be a trap.
pub const RESPOND_SECS_MAX: u32 = 7 * DAY;
/// The same for the vote.
pub const VOTE_SECS_MAX: u32 = 7 * DAY;
/// A provider that is not wanted back for longer than this has the right to leave for good.
pub const JAIL_SECS_MAX: u32 = 90 * DAY;
/// Below the whole fees, so that paying oneself always loses: see the eighth invariant.
pub const REWARD_SHARE_BPS_MAX: u16 = 9_000;
/// Rewards that come later than monthly are none.
pub const EPOCH_SECS_MAX: u32 = 30 * DAY;
/// Public: the guardian needs time to see a wrong root.
pub const PUBLIC_CHALLENGE_SECS_MIN: u32 = 6 * HOUR;
/// Rewards wait for this long at most once they are agreed on.
pub const CHALLENGE_SECS_MAX: u32 = 14 * DAY;
/// Public: a stranger may cancel what is stale, so an outage shorter than this cancels no epoch.
pub const PUBLIC_STALE_SECS_MIN: u32 = 6 * HOUR;
/// A root that nobody finalizes is not in the way for longer than this.
pub const STALE_SECS_MAX: u32 = 30 * DAY;

/// What the admin governs, within the bounds above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Params {
    /// Share of every settlement that becomes a fee.
    pub fee_bps: Bps,
    /// The owner's own active stake below which a provider opens no lease.
    pub min_stake: Stake,
    /// Exposure per payment: stake base units per 1,000,000 payment base units.
    pub stake_per_million: StakePerMillion,
    /// From a request to unstake to the withdrawal, and from announcing a higher commission to it.
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
    /// Of disputes.
    pub dispute: DisputeParams,
    /// Of reward epochs.
    pub reward: RewardParams,
}

/// The parameters of disputes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DisputeParams {
    /// The challenger's bond, of the lease's exposure.
    pub bond_bps: Bps,
    /// The least bond.
    pub min_bond: Stake,
    /// From the challenge to the last moment for an answer.
    pub respond_secs: u32,
    /// From the answer to the last moment for a vote.
    pub vote_secs: u32,
    /// How long a provider that lost takes no lease.
    pub jail_secs: u32,
    /// The largest part of a pool that one dispute takes.
    pub max_slash_bps: Bps,
}

/// The parameters of reward epochs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RewardParams {
    /// The most of an epoch's fees that becomes rewards; the rest goes to the treasury.
    pub share_bps: Bps,
    /// From one final epoch to the next one's approval, at least.
    pub epoch_secs: u32,
    /// From the majority to the finalization: the guardian's time to cancel.
    pub challenge_secs: u32,
    /// From then until anyone may cancel what nobody finalized.
    pub stale_secs: u32,
}

impl Params {
    /// Refuses with [`Error::InvalidParams`] what crosses a bound of `profile`.
    pub fn validate(&self, profile: Profile) -> Result<()> {
        let common = self.amounts_hold() && self.times_hold() && self.disputes_hold() && self.rewards_hold();
        let profiled = match profile {
            Profile::Local => true,
            Profile::Public => self.public_holds(),
        };
        if common && profiled && self.unbonding_holds() { Ok(()) } else { Err(Error::InvalidParams) }
    }

    fn amounts_hold(&self) -> bool {
        (FEE_BPS_MIN..=FEE_BPS_MAX).contains(&self.fee_bps.get())
            && self.min_stake <= MIN_STAKE_MAX
            && (STAKE_PER_MILLION_MIN..=STAKE_PER_MILLION_MAX).contains(&self.stake_per_million.get())
    }

    fn times_hold(&self) -> bool {
        (1..=MAX_LEASE_SECS_MAX).contains(&self.max_lease_secs)
            && (self.max_lease_secs..=MAX_JOB_SECS_MAX).contains(&self.max_job_secs)
            && (1..=GRACE_SECS_MAX).contains(&self.grace_secs)
            && (1..=DISPUTE_WINDOW_SECS_MAX).contains(&self.dispute_window_secs)
            && (1..=PUBLIC_JOB_ID_WINDOW_SECS).contains(&self.job_id_window_secs)
    }

    fn disputes_hold(&self) -> bool {
        let dispute = &self.dispute;
        (BOND_BPS_MIN..=BOND_BPS_MAX).contains(&dispute.bond_bps.get())
            // Nobody needs more to challenge than to provide, so the least stake is not nothing either.
            && !dispute.min_bond.is_zero()
            && dispute.min_bond <= self.min_stake
            && (1..=RESPOND_SECS_MAX).contains(&dispute.respond_secs)
            && (1..=VOTE_SECS_MAX).contains(&dispute.vote_secs)
            && (1..=JAIL_SECS_MAX).contains(&dispute.jail_secs)
            && (1..=MAX_SLASH_BPS_MAX).contains(&dispute.max_slash_bps.get())
    }

    fn rewards_hold(&self) -> bool {
        let reward = &self.reward;
        reward.share_bps.get() <= REWARD_SHARE_BPS_MAX
            && (1..=EPOCH_SECS_MAX).contains(&reward.epoch_secs)
            && (1..=CHALLENGE_SECS_MAX).contains(&reward.challenge_secs)
            && (1..=STALE_SECS_MAX).contains(&reward.stale_secs)
    }

    /// A ticket stays slashable for as long as a lease it backed can be disputed and judged, and an
    /// epoch's work cannot be done with stake that is gone before its end.
    fn unbonding_holds(&self) -> bool {
        let judged = [self.grace_secs, self.dispute_window_secs, self.dispute.respond_secs, self.dispute.vote_secs];
        let held =
            judged.into_iter().fold(u64::from(self.max_lease_secs), |sum, secs| sum.saturating_add(u64::from(secs)));
        u64::from(self.unbonding_secs) >= held
            && self.unbonding_secs >= self.reward.epoch_secs
            && self.unbonding_secs <= UNBONDING_SECS_MAX
    }

    fn public_holds(&self) -> bool {
        self.grace_secs >= PUBLIC_GRACE_SECS_MIN
            && self.dispute_window_secs >= PUBLIC_DISPUTE_WINDOW_SECS_MIN
            && self.job_id_window_secs == PUBLIC_JOB_ID_WINDOW_SECS
            && self.dispute.respond_secs >= PUBLIC_RESPOND_SECS_MIN
            && self.dispute.vote_secs >= PUBLIC_VOTE_SECS_MIN
            && self.reward.challenge_secs >= PUBLIC_CHALLENGE_SECS_MIN
            && self.reward.stale_secs >= PUBLIC_STALE_SECS_MIN
    }
}

#[cfg(test)]
mod tests;
