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
    NothingToSettle, NothingToSweep, InvariantBroken,
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
