//! Every rejection of the protocol, in one enum.
//!
//! The program's `MiraError` lists the same names in the same order, so [`Error::index`] plus
//! Anchor's first custom code (6000) is the code a client sees. New errors go to the end.

use core::fmt;

/// The result of everything in this crate that can be refused.
pub type Result<T> = core::result::Result<T, Error>;

macro_rules! errors {
    ($($name:ident => $message:literal,)+) => {
        /// Why the protocol refused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u32)]
        pub enum Error {
            $(#[doc = $message] $name,)+
        }

        impl Error {
            /// All errors in the order of their [`Error::index`].
            pub const ALL: &'static [Error] = &[$(Error::$name,)+];

            /// The error's stable name, as clients and problem types show it.
            pub const fn name(self) -> &'static str {
                match self { $(Error::$name => stringify!($name),)+ }
            }

            /// What went wrong and what to do about it.
            pub const fn message(self) -> &'static str {
                match self { $(Error::$name => $message,)+ }
            }
        }
    };
}

errors! {
    MathOverflow => "the amounts do not fit in 64 bits; use smaller ones",
    InvalidParams => "a network parameter is outside its hard bounds; see core::params",
    WrongMint => "the mint is not the one this network fixed; use the mint shown by `mira doctor`",
    WrongTokenProgram => "only classic SPL token mints and accounts are accepted",
    NotUpgradeAuthority => "only the program's upgrade authority may initialize the network",
    WrongSigner => "this key may not do that; sign with the key the account names",
    WrongAccount => "an account does not belong to the others; pass the one the state names",
    AmountZero => "the amount is zero, or too small to count; give a larger one",
    InvalidLabel => "labels are 1 to 16 characters of a-z, 0-9 and '-'",
    InvalidTier => "unknown tier; use interactive, batch, training or pipeline",
    InvalidUnitKind => "unknown unit kind; use gpu_millis, tokens, fuel or items",
    InvalidSpec => "the spec hash or the voucher signer is empty; give both",
    StakeBelowMinimum => "the owner's own active stake is below the network's minimum; stake more",
    StakePoolBroken => "the pool holds shares but no stake; it takes no deposits",
    StakeRatioTooHigh => "one base unit would buy more than 1,000,000 shares; the pool takes no deposits",
    TooManyTickets => "a position holds at most 8 unbonding tickets; withdraw one first",
    TicketLocked => "the ticket has not matured; wait until its unlock time",
    NoSuchTicket => "the position has no ticket at that index",
    InsufficientShares => "the position has fewer active shares than that",
    OwnStakeBelowMinimum => "with open leases the owner's own stake must stay at the minimum; close the leases first",
    ExposureExceedsStake => "the stake would no longer cover the exposure of leases; stake more or end leases",
    ProviderNotActive => "the provider is draining or jailed and takes no new lease",
    ProviderStakeTooLow => "the provider's active stake is below what the job asks for",
    JobIdOutOfWindow => "job_id >> 24 must be the present unix second or shortly before; make a new id",
    JobNotOpen => "the job is closing or closed",
    JobAlreadyClosing => "the job is closing already",
    JobTooYoung => "the job is too young to be closed; wait for two job-id windows from its creation",
    JobNotDue => "the job is open and its deadline plus grace has not passed; begin closing it first",
    JobHasLeases => "the job has unreleased leases; release them first",
    DeadlineInPast => "the deadline is not in the future",
    DeadlineTooFar => "the deadline is further away than the network allows",
    PriceZero => "the price is zero; give at least 1 base unit per 1,000,000 units",
    PriceAboveMaximum => "the price is above the job's maximum",
    ShareOutOfRange => "max_share_bps must be 1 to 10,000, commission_bps 0 to 10,000",
    LeaseLimitReached => "the job has as many open leases as it allows, or allows none",
    CapZero => "the cap is zero; reserve at least 1 base unit",
    CapAboveShare => "the cap is above the share of the job's funding that one lease may reserve",
    EscrowInsufficient => "the job's free escrow is less than the cap; fund the job or lower the cap",
    LeaseTooLong => "the lease is longer than the network allows",
    LeaseExpiryInPast => "the lease's expiry is not in the future",
    LeaseExpiryPastDeadline => "the lease would outlive the job's deadline",
    LeaseAlreadyReleased => "the lease's escrow was released; it pays nothing more",
    LeaseNotReleased => "the lease's escrow is not released; release it first",
    LeaseAlreadyClosed => "the lease ends at that time or earlier already",
    LeaseNotDue => "the lease may still be settled; wait until settle_until",
    DisputeWindowOpen => "the lease may still be disputed; wait until dispute_until",
    LeaseDisputed => "the lease has an open dispute; resolve it first",
    VoucherMissing => "an ed25519 instruction must stand directly before settle",
    VoucherMalformed => "the ed25519 instruction must hold exactly one signature in the standard layout",
    VoucherWrongKey => "the voucher is not signed by the lease's voucher signer",
    VoucherWrongMessage => "the signed message is not this lease's voucher for these amounts",
    NothingToSettle => "the voucher pays no more than is settled already",
    NothingToSweep => "the fee shard holds no unswept fees",
    InvariantBroken => "an account would break its invariant; this is a bug, nothing was changed",
    Paused => "the network is paused: nothing new begins until the admin resumes it; every exit stays open",
    NothingChanges => "that is how it is already; give another value",
    NoPendingAdmin => "no admin is proposed; the admin proposes one first",
    InvalidKeySet => "the list is too long, names a key twice or holds the empty key",
    TreasuryInsufficient => "the treasury holds less than that; withdraw less",
    ProviderJailed => "the provider is jailed; wait until jailed_until",
    DeadlineNotLater => "the new deadline is not later than the present one",
    InvalidDisputeKind => "unknown kind of dispute; use no_show, bad_result or over_report",
    LeaseChallenged => "the lease was disputed before; once is all",
    DisputeWindowClosed => "the time to dispute the lease is over",
    DisputeAnswered => "the dispute was answered already",
    ResponseTooLate => "the time to answer the dispute is over",
    DisputeNotContested => "only a contested dispute is voted on",
    VoteTooLate => "the time to vote on the dispute is over",
    AlreadyVoted => "this verifier has voted on the dispute",
    PartyMayNotVote => "a party of the lease may not vote on its dispute",
    VerifierSetChanged => "the verifiers changed since the dispute was contested; it can only be dismissed",
    DisputeNotDue => "the dispute is not decided; wait for an answer, a majority or its deadline",
    EpochWrongIndex => "the epoch's index must be the last final one's plus 1",
    EpochTooEarly => "the last epoch is younger than the network's epoch; wait",
    EpochPending => "an epoch is pending; finalize or cancel it first",
    EpochNotPending => "no epoch is pending; a strict majority has to approve one first",
    EpochOutOfBounds => "the epoch's totals fall, or grow by more than the reward share of its fees",
    EpochFeesNotSwept => "the epoch counts fees that are not swept yet; sweep the fee shards first",
    EpochWindowOpen => "the epoch may still be cancelled; wait for the end of its window",
    EpochNotCancellable => "only the guardian cancels, inside the window; anyone does when the epoch is stale",
    InvalidProof => "the proof does not lead from this provider and amount to the final root",
    NothingToClaim => "nothing is left to claim",
    ClaimExceedsTotal => "the claims would exceed the final root's total",
    PayoutUnusable => "the provider's payout account cannot receive; its owner names another one",
}

impl Error {
    /// The error's number, from 0, in declaration order.
    pub const fn index(self) -> u32 {
        self as u32
    }

    /// The error with that number, or `None`.
    pub fn from_index(index: u32) -> Option<Error> {
        Self::ALL.get(usize::try_from(index).ok()?).copied()
    }

    /// The error with that name, or `None`.
    pub fn from_name(name: &str) -> Option<Error> {
        Self::ALL.iter().copied().find(|error| error.name() == name)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_indices_lead_back() {
        for (index, error) in Error::ALL.iter().enumerate() {
            assert_eq!(error.index() as usize, index);
            assert_eq!(Error::from_index(error.index()), Some(*error));
            assert_eq!(Error::from_name(error.name()), Some(*error));
        }
        assert_eq!(Error::from_index(u32::MAX), None);
        assert_eq!(Error::from_name("NoSuchError"), None);
    }
}
