//! Every rejection of the program: `mira_core`'s errors, one to one and in the same order, so that the
//! code a client sees is 6000 plus `mira_core::Error::index`.
//!
//! Anchor's own errors (codes below 6000) answer what its account types check: a missing signature,
//! an account of the wrong kind, a wrong derived address.

use anchor_lang::prelude::*;

/// Why the program refused. Each message says what to do.
#[error_code]
#[derive(PartialEq, Eq)]
pub enum MiraError {
    /// The amounts do not fit in 64 bits; use smaller ones.
    #[msg("the amounts do not fit in 64 bits; use smaller ones")]
    MathOverflow,
    /// A network parameter is outside its hard bounds; see core::params.
    #[msg("a network parameter is outside its hard bounds; see core::params")]
    InvalidParams,
    /// The mint is not the one this network fixed; use the mint shown by `mira doctor`.
    #[msg("the mint is not the one this network fixed; use the mint shown by `mira doctor`")]
    WrongMint,
    /// Only classic SPL token mints and accounts are accepted.
    #[msg("only classic SPL token mints and accounts are accepted")]
    WrongTokenProgram,
    /// Only the program's upgrade authority may initialize the network.
    #[msg("only the program's upgrade authority may initialize the network")]
    NotUpgradeAuthority,
    /// This key may not do that; sign with the key the account names.
    #[msg("this key may not do that; sign with the key the account names")]
    WrongSigner,
    /// An account does not belong to the others; pass the one the state names.
    #[msg("an account does not belong to the others; pass the one the state names")]
    WrongAccount,
    /// The amount is zero, or too small to count; give a larger one.
    #[msg("the amount is zero, or too small to count; give a larger one")]
    AmountZero,
    /// Labels are 1 to 16 characters of a-z, 0-9 and '-'.
    #[msg("labels are 1 to 16 characters of a-z, 0-9 and '-'")]
    InvalidLabel,
    /// Unknown tier; use interactive, batch, training or pipeline.
    #[msg("unknown tier; use interactive, batch, training or pipeline")]
    InvalidTier,
    /// Unknown unit kind; use gpu_millis, tokens, fuel or items.
    #[msg("unknown unit kind; use gpu_millis, tokens, fuel or items")]
    InvalidUnitKind,
    /// The spec hash or the voucher signer is empty; give both.
    #[msg("the spec hash or the voucher signer is empty; give both")]
    InvalidSpec,
    /// The owner's own active stake is below the network's minimum; stake more.
    #[msg("the owner's own active stake is below the network's minimum; stake more")]
    StakeBelowMinimum,
    /// The pool holds shares but no stake; it takes no deposits.
    #[msg("the pool holds shares but no stake; it takes no deposits")]
    StakePoolBroken,
    /// One base unit would buy more than 1,000,000 shares; the pool takes no deposits.
    #[msg("one base unit would buy more than 1,000,000 shares; the pool takes no deposits")]
    StakeRatioTooHigh,
    /// A position holds at most 8 unbonding tickets; withdraw one first.
    #[msg("a position holds at most 8 unbonding tickets; withdraw one first")]
    TooManyTickets,
    /// The ticket has not matured; wait until its unlock time.
    #[msg("the ticket has not matured; wait until its unlock time")]
    TicketLocked,
    /// The position has no ticket at that index.
    #[msg("the position has no ticket at that index")]
    NoSuchTicket,
    /// The position has fewer active shares than that.
    #[msg("the position has fewer active shares than that")]
    InsufficientShares,
    /// With open leases the owner's own stake must stay at the minimum; close the leases first.
    #[msg("with open leases the owner's own stake must stay at the minimum; close the leases first")]
    OwnStakeBelowMinimum,
    /// The stake would no longer cover the exposure of leases; stake more or end leases.
    #[msg("the stake would no longer cover the exposure of leases; stake more or end leases")]
    ExposureExceedsStake,
    /// The provider is draining or jailed and takes no new lease.
    #[msg("the provider is draining or jailed and takes no new lease")]
    ProviderNotActive,
    /// The provider's active stake is below what the job asks for.
    #[msg("the provider's active stake is below what the job asks for")]
    ProviderStakeTooLow,
    /// Job_id >> 24 must be the present unix second or shortly before; make a new id.
    #[msg("job_id >> 24 must be the present unix second or shortly before; make a new id")]
    JobIdOutOfWindow,
    /// The job is closing or closed.
    #[msg("the job is closing or closed")]
    JobNotOpen,
    /// The job is closing already.
    #[msg("the job is closing already")]
    JobAlreadyClosing,
    /// The job is too young to be closed; wait for two job-id windows from its creation.
    #[msg("the job is too young to be closed; wait for two job-id windows from its creation")]
    JobTooYoung,
    /// The job is open and its deadline plus grace has not passed; begin closing it first.
    #[msg("the job is open and its deadline plus grace has not passed; begin closing it first")]
    JobNotDue,
    /// The job has unreleased leases; release them first.
    #[msg("the job has unreleased leases; release them first")]
    JobHasLeases,
    /// The deadline is not in the future.
    #[msg("the deadline is not in the future")]
    DeadlineInPast,
    /// The deadline is further away than the network allows.
    #[msg("the deadline is further away than the network allows")]
    DeadlineTooFar,
    /// The price is zero; give at least 1 base unit per 1,000,000 units.
    #[msg("the price is zero; give at least 1 base unit per 1,000,000 units")]
    PriceZero,
    /// The price is above the job's maximum.
    #[msg("the price is above the job's maximum")]
    PriceAboveMaximum,
    /// Max_share_bps must be 1 to 10,000, commission_bps 0 to 10,000.
    #[msg("max_share_bps must be 1 to 10,000, commission_bps 0 to 10,000")]
    ShareOutOfRange,
    /// The job has as many open leases as it allows, or allows none.
    #[msg("the job has as many open leases as it allows, or allows none")]
    LeaseLimitReached,
    /// The cap is zero; reserve at least 1 base unit.
    #[msg("the cap is zero; reserve at least 1 base unit")]
    CapZero,
    /// The cap is above the share of the job's funding that one lease may reserve.
    #[msg("the cap is above the share of the job's funding that one lease may reserve")]
    CapAboveShare,
    /// The job's free escrow is less than the cap; fund the job or lower the cap.
    #[msg("the job's free escrow is less than the cap; fund the job or lower the cap")]
    EscrowInsufficient,
    /// The lease is longer than the network allows.
    #[msg("the lease is longer than the network allows")]
    LeaseTooLong,
    /// The lease's expiry is not in the future.
    #[msg("the lease's expiry is not in the future")]
    LeaseExpiryInPast,
    /// The lease would outlive the job's deadline.
    #[msg("the lease would outlive the job's deadline")]
    LeaseExpiryPastDeadline,
    /// The lease's escrow was released; it pays nothing more.
    #[msg("the lease's escrow was released; it pays nothing more")]
    LeaseAlreadyReleased,
    /// The lease's escrow is not released; release it first.
    #[msg("the lease's escrow is not released; release it first")]
    LeaseNotReleased,
    /// The lease ends at that time or earlier already.
    #[msg("the lease ends at that time or earlier already")]
    LeaseAlreadyClosed,
    /// The lease may still be settled; wait until settle_until.
    #[msg("the lease may still be settled; wait until settle_until")]
    LeaseNotDue,
    /// The lease may still be disputed; wait until dispute_until.
    #[msg("the lease may still be disputed; wait until dispute_until")]
    DisputeWindowOpen,
    /// The lease has an open dispute; resolve it first.
    #[msg("the lease has an open dispute; resolve it first")]
    LeaseDisputed,
    /// An ed25519 instruction must stand directly before settle.
    #[msg("an ed25519 instruction must stand directly before settle")]
    VoucherMissing,
    /// The ed25519 instruction must hold exactly one signature in the standard layout.
    #[msg("the ed25519 instruction must hold exactly one signature in the standard layout")]
    VoucherMalformed,
    /// The voucher is not signed by the lease's voucher signer.
    #[msg("the voucher is not signed by the lease's voucher signer")]
    VoucherWrongKey,
    /// The signed message is not this lease's voucher for these amounts.
    #[msg("the signed message is not this lease's voucher for these amounts")]
    VoucherWrongMessage,
    /// The voucher pays no more than is settled already.
    #[msg("the voucher pays no more than is settled already")]
    NothingToSettle,
    /// The fee shard holds no unswept fees.
    #[msg("the fee shard holds no unswept fees")]
    NothingToSweep,
    /// An account would break its invariant; this is a bug, nothing was changed.
    #[msg("an account would break its invariant; this is a bug, nothing was changed")]
    InvariantBroken,
    /// The network is paused: nothing new begins until the admin resumes it; every exit stays open.
    #[msg("the network is paused: nothing new begins until the admin resumes it; every exit stays open")]
    Paused,
    /// That is how it is already; give another value.
    #[msg("that is how it is already; give another value")]
    NothingChanges,
    /// No admin is proposed; the admin proposes one first.
    #[msg("no admin is proposed; the admin proposes one first")]
    NoPendingAdmin,
    /// The list is too long, names a key twice or holds the empty key.
    #[msg("the list is too long, names a key twice or holds the empty key")]
    InvalidKeySet,
    /// The treasury holds less than that; withdraw less.
    #[msg("the treasury holds less than that; withdraw less")]
    TreasuryInsufficient,
    /// The provider is jailed; wait until jailed_until.
    #[msg("the provider is jailed; wait until jailed_until")]
    ProviderJailed,
    /// The new deadline is not later than the present one.
    #[msg("the new deadline is not later than the present one")]
    DeadlineNotLater,
    /// Unknown kind of dispute; use no_show, bad_result or over_report.
    #[msg("unknown kind of dispute; use no_show, bad_result or over_report")]
    InvalidDisputeKind,
    /// The lease was disputed before; once is all.
    #[msg("the lease was disputed before; once is all")]
    LeaseChallenged,
    /// The time to dispute the lease is over.
    #[msg("the time to dispute the lease is over")]
    DisputeWindowClosed,
    /// The dispute was answered already.
    #[msg("the dispute was answered already")]
    DisputeAnswered,
    /// The time to answer the dispute is over.
    #[msg("the time to answer the dispute is over")]
    ResponseTooLate,
    /// Only a contested dispute is voted on.
    #[msg("only a contested dispute is voted on")]
    DisputeNotContested,
    /// The time to vote on the dispute is over.
    #[msg("the time to vote on the dispute is over")]
    VoteTooLate,
    /// This verifier has voted on the dispute.
    #[msg("this verifier has voted on the dispute")]
    AlreadyVoted,
    /// A party of the lease may not vote on its dispute.
    #[msg("a party of the lease may not vote on its dispute")]
    PartyMayNotVote,
    /// The verifiers changed since the dispute was contested; it can only be dismissed.
    #[msg("the verifiers changed since the dispute was contested; it can only be dismissed")]
    VerifierSetChanged,
    /// The dispute is not decided; wait for an answer, a majority or its deadline.
    #[msg("the dispute is not decided; wait for an answer, a majority or its deadline")]
    DisputeNotDue,
    /// The epoch's index must be the last final one's plus 1.
    #[msg("the epoch's index must be the last final one's plus 1")]
    EpochWrongIndex,
    /// The last epoch is younger than the network's epoch; wait.
    #[msg("the last epoch is younger than the network's epoch; wait")]
    EpochTooEarly,
    /// An epoch is pending; finalize or cancel it first.
    #[msg("an epoch is pending; finalize or cancel it first")]
    EpochPending,
    /// No epoch is pending; a strict majority has to approve one first.
    #[msg("no epoch is pending; a strict majority has to approve one first")]
    EpochNotPending,
    /// The epoch's totals fall, or grow by more than the reward share of its fees.
    #[msg("the epoch's totals fall, or grow by more than the reward share of its fees")]
    EpochOutOfBounds,
    /// The epoch counts fees that are not swept yet; sweep the fee shards first.
    #[msg("the epoch counts fees that are not swept yet; sweep the fee shards first")]
    EpochFeesNotSwept,
    /// The epoch may still be cancelled; wait for the end of its window.
    #[msg("the epoch may still be cancelled; wait for the end of its window")]
    EpochWindowOpen,
    /// Only the guardian cancels, inside the window; anyone does when the epoch is stale.
    #[msg("only the guardian cancels, inside the window; anyone does when the epoch is stale")]
    EpochNotCancellable,
    /// The proof does not lead from this provider and amount to the final root.
    #[msg("the proof does not lead from this provider and amount to the final root")]
    InvalidProof,
    /// Nothing is left to claim.
    #[msg("nothing is left to claim")]
    NothingToClaim,
    /// The claims would exceed the final root's total.
    #[msg("the claims would exceed the final root's total")]
    ClaimExceedsTotal,
    /// The provider's payout account cannot receive; its owner names another one.
    #[msg("the provider's payout account cannot receive; its owner names another one")]
    PayoutUnusable,
}

macro_rules! mirror {
    ($($name:ident),+ $(,)?) => {
        impl From<mira_core::Error> for MiraError {
            fn from(error: mira_core::Error) -> Self {
                match error { $(mira_core::Error::$name => Self::$name,)+ }
            }
        }
    };
}

mirror! {
    MathOverflow, InvalidParams, WrongMint, WrongTokenProgram, NotUpgradeAuthority, WrongSigner, WrongAccount,
    AmountZero, InvalidLabel, InvalidTier, InvalidUnitKind, InvalidSpec, StakeBelowMinimum, StakePoolBroken,
    StakeRatioTooHigh, TooManyTickets, TicketLocked, NoSuchTicket, InsufficientShares, OwnStakeBelowMinimum,
    ExposureExceedsStake, ProviderNotActive, ProviderStakeTooLow, JobIdOutOfWindow, JobNotOpen, JobAlreadyClosing,
    JobTooYoung, JobNotDue, JobHasLeases, DeadlineInPast, DeadlineTooFar, PriceZero, PriceAboveMaximum,
    ShareOutOfRange, LeaseLimitReached, CapZero, CapAboveShare, EscrowInsufficient, LeaseTooLong, LeaseExpiryInPast,
    LeaseExpiryPastDeadline, LeaseAlreadyReleased, LeaseNotReleased, LeaseAlreadyClosed, LeaseNotDue,
    DisputeWindowOpen, LeaseDisputed, VoucherMissing, VoucherMalformed, VoucherWrongKey, VoucherWrongMessage,
    NothingToSettle, NothingToSweep, InvariantBroken, Paused, NothingChanges, NoPendingAdmin, InvalidKeySet,
    TreasuryInsufficient, ProviderJailed, DeadlineNotLater, InvalidDisputeKind, LeaseChallenged, DisputeWindowClosed,
    DisputeAnswered, ResponseTooLate, DisputeNotContested, VoteTooLate, AlreadyVoted, PartyMayNotVote,
    VerifierSetChanged, DisputeNotDue, EpochWrongIndex, EpochTooEarly, EpochPending, EpochNotPending,
    EpochOutOfBounds, EpochFeesNotSwept, EpochWindowOpen, EpochNotCancellable, InvalidProof, NothingToClaim,
    ClaimExceedsTotal, PayoutUnusable,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mirrors_core_in_order_and_words() {
        for error in mira_core::Error::ALL {
            let mirrored = MiraError::from(*error);
            assert_eq!(mirrored.name(), error.name());
            assert_eq!(mirrored.to_string(), error.message());
            assert_eq!(u32::from(mirrored), anchor_lang::error::ERROR_CODE_OFFSET + error.index());
        }
    }
}
