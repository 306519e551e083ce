//! A dispute: a challenger's bond against a lease's exposure, and how it is decided.
//!
//! The owner answers or loses by silence; a contested dispute goes to the verifiers, of whom a strict
//! majority of the whole set decides; without one it is dismissed. Nothing here waits for anyone: every
//! stage has a deadline after which anybody resolves it.

use crate::amount::{Bps, Stake};
use crate::error::{Error, Result};
use crate::fee::stake_share_ceil;
use crate::job::after;
use crate::lease::Lease;
use crate::network::{Network, strict_majority};
use crate::params::Params;
use crate::position::Position;
use crate::price::stake_value_floor;
use crate::provider::{Provider, Slashed};
use crate::{Hash, Key};

/// What the challenger says went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum DisputeKind {
    /// The provider did not work.
    NoShow = 0,
    /// It returned a wrong result.
    BadResult = 1,
    /// It claims more units than it served.
    OverReport = 2,
}

impl DisputeKind {
    /// The number an account or event holds.
    pub const fn as_u8(self) -> u8 {
        self as u8
    }
}

impl TryFrom<u8> for DisputeKind {
    type Error = Error;

    fn try_from(value: u8) -> Result<Self> {
        match value {
            0 => Ok(DisputeKind::NoShow),
            1 => Ok(DisputeKind::BadResult),
            2 => Ok(DisputeKind::OverReport),
            _ => Err(Error::InvalidDisputeKind),
        }
    }
}

/// How far a dispute is. A resolved one has no account any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Stage {
    /// Waits for the owner's answer.
    Open = 0,
    /// The owner conceded.
    Conceded = 1,
    /// The owner contests; the verifiers vote.
    Contested = 2,
}

impl Stage {
    /// The number an account holds.
    pub const fn as_u8(self) -> u8 {
        self as u8
    }
}

impl TryFrom<u8> for Stage {
    type Error = Error;

    fn try_from(value: u8) -> Result<Self> {
        match value {
            0 => Ok(Stage::Open),
            1 => Ok(Stage::Conceded),
            2 => Ok(Stage::Contested),
            _ => Err(Error::InvariantBroken),
        }
    }
}

/// How a dispute ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Verdict {
    /// The challenger was right: slash, jail, bond back.
    Upheld = 0,
    /// The challenger was wrong: the bond goes to the provider's owner.
    Rejected = 1,
    /// Nobody decided: the bond goes back.
    Dismissed = 2,
}

impl Verdict {
    /// The number an event holds.
    pub const fn as_u8(self) -> u8 {
        self as u8
    }
}

/// The dispute's books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dispute {
    /// Who paid the bond.
    pub challenger: Key,
    /// What for.
    pub kind: DisputeKind,
    /// Held in the stake vault.
    pub bond: Stake,
    /// Hash of what the challenger shows.
    pub evidence: Hash,
    /// Hash of what the owner answers; zero until it contests.
    pub answer: Hash,
    /// How far it is.
    pub stage: Stage,
    /// Unix second of the challenge.
    pub opened_at: i64,
    /// The owner answers before this unix second.
    pub respond_until: i64,
    /// The verifiers vote before this unix second; 0 until it is contested.
    pub vote_until: i64,
    /// From answer to that, fixed at the challenge.
    pub vote_secs: u32,
    /// How long a lost dispute jails, fixed at the challenge.
    pub jail_secs: u32,
    /// The largest part of the pool it takes, fixed at the challenge.
    pub max_slash: Bps,
    /// Under which set of verifiers it was contested.
    pub verifier_set: u32,
    /// One bit for each verifier that voted, by its place in the set.
    pub voted: u8,
    /// Votes for the challenger.
    pub votes_for: u8,
    /// Votes against.
    pub votes_against: u8,
}

/// What `open_dispute` changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Challenged {
    /// The new dispute.
    pub dispute: Dispute,
    /// The lease after.
    pub lease: Lease,
}

/// What `resolve_dispute` changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// How it ended.
    pub verdict: Verdict,
    /// The lease after.
    pub lease: Lease,
    /// The provider after.
    pub provider: Provider,
    /// The slash, if the dispute was upheld.
    pub slashed: Option<Slashed>,
    /// Of what was taken, to the requester.
    pub compensation: Stake,
    /// Of what was taken, burned: the rest, by subtraction.
    pub burned: Stake,
}

/// The bond for challenging a lease of that exposure.
pub fn bond_ceil(exposure: Stake, params: &Params) -> Result<Stake> {
    Ok(stake_share_ceil(exposure, params.dispute.bond_bps)?.max(params.dispute.min_bond))
}

impl Dispute {
    /// Challenges a lease. The caller has checked that the requester or the voucher signer signs.
    ///
    /// Refuses: [`Error::LeaseChallenged`], [`Error::DisputeWindowClosed`].
    pub fn open(
        lease: &Lease,
        challenger: Key,
        kind: DisputeKind,
        evidence: Hash,
        now: i64,
        params: &Params,
    ) -> Result<Challenged> {
        if lease.challenged {
            return Err(Error::LeaseChallenged);
        }
        if now >= lease.dispute_until {
            return Err(Error::DisputeWindowClosed);
        }
        let dispute = Dispute {
            challenger,
            kind,
            bond: bond_ceil(lease.exposure, params)?,
            evidence,
            answer: [0; 32],
            stage: Stage::Open,
            opened_at: now,
            respond_until: after(now, params.dispute.respond_secs)?,
            vote_until: 0,
            vote_secs: params.dispute.vote_secs,
            jail_secs: params.dispute.jail_secs,
            max_slash: params.dispute.max_slash_bps,
            verifier_set: 0,
            voted: 0,
            votes_for: 0,
            votes_against: 0,
        };
        Ok(Challenged { dispute, lease: Lease { disputed: true, challenged: true, ..*lease } })
    }

    /// The owner concedes (no answer) or contests with the hash of its answer.
    ///
    /// Refuses: [`Error::DisputeAnswered`], [`Error::ResponseTooLate`].
    pub fn respond(&self, answer: Option<Hash>, verifier_set: u32, now: i64) -> Result<Dispute> {
        if self.stage != Stage::Open {
            return Err(Error::DisputeAnswered);
        }
        if now >= self.respond_until {
            return Err(Error::ResponseTooLate);
        }
        match answer {
            None => Ok(Dispute { stage: Stage::Conceded, ..*self }),
            Some(answer) => {
                let vote_until = after(now, self.vote_secs)?;
                Ok(Dispute { stage: Stage::Contested, answer, vote_until, verifier_set, ..*self })
            }
        }
    }

    /// Counts a verifier's vote. `parties` are the keys that may not judge.
    ///
    /// Refuses: [`Error::DisputeNotContested`], [`Error::VerifierSetChanged`], [`Error::WrongSigner`] for
    /// anyone who is no verifier, [`Error::PartyMayNotVote`], [`Error::VoteTooLate`],
    /// [`Error::AlreadyVoted`].
    pub fn vote(&self, network: &Network, voter: &Key, parties: &[Key], uphold: bool, now: i64) -> Result<Dispute> {
        if self.stage != Stage::Contested {
            return Err(Error::DisputeNotContested);
        }
        if self.verifier_set != network.verifier_set {
            return Err(Error::VerifierSetChanged);
        }
        let place = network.verifiers.iter().position(|key| key == voter).ok_or(Error::WrongSigner)?;
        if parties.contains(voter) || *voter == self.challenger {
            return Err(Error::PartyMayNotVote);
        }
        if now >= self.vote_until {
            return Err(Error::VoteTooLate);
        }
        let bit = u32::try_from(place).ok().and_then(|place| 1u8.checked_shl(place)).ok_or(Error::InvariantBroken)?;
        if self.voted & bit != 0 {
            return Err(Error::AlreadyVoted);
        }
        let count = |votes: u8, one: bool| votes.checked_add(u8::from(one)).ok_or(Error::MathOverflow);
        let (votes_for, votes_against) = (count(self.votes_for, uphold)?, count(self.votes_against, !uphold)?);
        Ok(Dispute { voted: self.voted | bit, votes_for, votes_against, ..*self })
    }

    /// How it ends, if it is decided or due. Refuses with [`Error::DisputeNotDue`].
    pub fn verdict(&self, network: &Network, now: i64) -> Result<Verdict> {
        let not_yet = Err(Error::DisputeNotDue);
        match self.stage {
            Stage::Conceded => Ok(Verdict::Upheld),
            Stage::Open if now >= self.respond_until => Ok(Verdict::Upheld),
            Stage::Open => not_yet,
            Stage::Contested if self.verifier_set != network.verifier_set => Ok(Verdict::Dismissed),
            Stage::Contested if strict_majority(self.votes_for.into(), network.verifiers.len()) => Ok(Verdict::Upheld),
            Stage::Contested if strict_majority(self.votes_against.into(), network.verifiers.len()) => {
                Ok(Verdict::Rejected)
            }
            Stage::Contested if now >= self.vote_until => Ok(Verdict::Dismissed),
            Stage::Contested => not_yet,
        }
    }

    /// Ends it. `owner` is the provider's owner's position, an empty one if there is none.
    ///
    /// Refuses as [`Dispute::verdict`] does, and as [`Provider::slash`].
    pub fn resolve(
        &self,
        network: &Network,
        lease: &Lease,
        provider: &Provider,
        owner: &Position,
        now: i64,
    ) -> Result<Resolved> {
        let verdict = self.verdict(network, now)?;
        let lease = Lease { disputed: false, ..*lease };
        let untouched = Resolved {
            verdict,
            lease,
            provider: *provider,
            slashed: None,
            compensation: Stake::ZERO,
            burned: Stake::ZERO,
        };
        if verdict != Verdict::Upheld {
            return Ok(untouched);
        }
        let slashed = provider.slash(owner, lease.exposure, self.max_slash, after(now, self.jail_secs)?)?;
        // Never more than the owner's own, so that nobody is slashed on purpose to rob delegators; never
        // more than the payment that was lost.
        let lost = stake_value_floor(lease.settled, lease.stake_per_million)?;
        let compensation = slashed.from_own.min(lost);
        let burned = slashed.taken()?.checked_sub(compensation)?;
        let lease = Lease { exposure: Stake::ZERO, ..lease };
        Ok(Resolved { lease, provider: slashed.provider, slashed: Some(slashed), compensation, burned, ..untouched })
    }

    /// Times, votes and stage agree, else [`Error::InvariantBroken`].
    pub fn invariant(&self) -> Result<()> {
        let contested = self.stage == Stage::Contested;
        let counted = self.voted.count_ones() == u32::from(self.votes_for).saturating_add(self.votes_against.into());
        let timed = self.opened_at < self.respond_until && (contested == (self.vote_until > 0));
        let quiet = contested || self.voted == 0;
        if counted && timed && quiet && !self.bond.is_zero() { Ok(()) } else { Err(Error::InvariantBroken) }
    }
}

#[cfg(test)]
mod tests;
