//! A lease: a part of a job's escrow reserved for one provider, backed by a part of its stake.
//!
//! Two clocks end it. Until `settle_until` the escrow is held and vouchers pay; then anyone releases
//! what is left to the job. Until `dispute_until` the exposure is held; then anyone ends the lease.

use crate::amount::{Bps, Payment, Stake, StakePerMillion, UnitPrice, Units};
use crate::error::{Error, Result};
use crate::fee::{Settlement, settlement};
use crate::job::{Job, JobStatus, after};
use crate::params::Params;
use crate::price::exposure_ceil;
use crate::provider::Provider;

/// What operator and matcher agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseTerms {
    /// Payment base units per 1,000,000 units.
    pub unit_price: UnitPrice,
    /// The most the lease can ever pay, fees included.
    pub cap: Payment,
    /// Unix second of its end.
    pub expires_at: i64,
}

/// The lease's books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The most it can ever pay, fees included.
    pub cap: Payment,
    /// Stake it holds; nothing after a lost dispute.
    pub exposure: Stake,
    /// Stake per payment at the opening: what a loss of it is made good with.
    pub stake_per_million: StakePerMillion,
    /// Paid so far, fees included.
    pub settled: Payment,
    /// The largest number of units a paid voucher named.
    pub units: Units,
    /// Payment base units per 1,000,000 units.
    pub unit_price: UnitPrice,
    /// The fee rate, fixed at the opening.
    pub fee: Bps,
    /// Unix second of its opening.
    pub opened_at: i64,
    /// Unix second of its end.
    pub expires_at: i64,
    /// From its end to the release of the escrow.
    pub grace_secs: u32,
    /// From then to the release of the exposure.
    pub dispute_window_secs: u32,
    /// Unix second from which the escrow may be released. A closing job may bring it forward:
    /// see [`Lease::settle_until`].
    pub settle_until: i64,
    /// Unix second from which it may end.
    pub dispute_until: i64,
    /// Whether the escrow was released.
    pub released: bool,
    /// Whether a dispute is open.
    pub disputed: bool,
    /// Whether there ever was one: once is all.
    pub challenged: bool,
}

/// Who closes a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closer {
    /// The provider's operator or owner: gives up its claim to more, at once.
    Provider,
    /// The requester: the provider keeps the grace period to settle.
    Requester,
}

/// What `open_lease` changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The job after.
    pub job: Job,
    /// The provider after.
    pub provider: Provider,
    /// The new lease.
    pub lease: Lease,
}

/// What `settle` changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The job after.
    pub job: Job,
    /// The lease after.
    pub lease: Lease,
    /// What moves.
    pub settlement: Settlement,
}

/// What `release_lease` changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Released {
    /// The job after.
    pub job: Job,
    /// The lease after.
    pub lease: Lease,
    /// What returns to the job's free escrow.
    pub returned: Payment,
}

impl Lease {
    /// Reserves escrow and stake. The caller has checked both signatures.
    ///
    /// Refuses as [`Job::reserve`] and [`Provider::reserve`] do, and: [`Error::PriceZero`],
    /// [`Error::PriceAboveMaximum`], [`Error::LeaseExpiryInPast`], [`Error::LeaseTooLong`],
    /// [`Error::LeaseExpiryPastDeadline`], [`Error::ProviderStakeTooLow`].
    pub fn open(job: &Job, provider: &Provider, terms: &LeaseTerms, now: i64, params: &Params) -> Result<Opened> {
        check_terms(job, terms, now, params)?;
        let exposure = exposure_ceil(terms.cap, params.stake_per_million)?;
        let job_after = job.reserve(terms.cap)?;
        if provider.pool.active_value()? < job.min_provider_stake {
            return Err(Error::ProviderStakeTooLow);
        }
        let provider = provider.reserve(exposure, params)?;
        let settle_until = after(terms.expires_at, params.grace_secs)?;
        let lease = Lease {
            cap: terms.cap,
            exposure,
            stake_per_million: params.stake_per_million,
            settled: Payment::ZERO,
            units: Units::ZERO,
            unit_price: terms.unit_price,
            fee: params.fee_bps,
            opened_at: now,
            expires_at: terms.expires_at,
            grace_secs: params.grace_secs,
            dispute_window_secs: params.dispute_window_secs,
            settle_until,
            dispute_until: after(settle_until, params.dispute_window_secs)?,
            released: false,
            disputed: false,
            challenged: false,
        };
        Ok(Opened { job: job_after, provider, lease })
    }

    /// Pays up to a voucher's running total, never past the cap. No clock: it works until the
    /// escrow is released. The caller has checked the signature.
    ///
    /// Refuses: [`Error::LeaseAlreadyReleased`], [`Error::NothingToSettle`].
    pub fn settle(&self, job: &Job, cumulative_amount: Payment, cumulative_units: Units) -> Result<Settled> {
        if self.released {
            return Err(Error::LeaseAlreadyReleased);
        }
        let settled = cumulative_amount.min(self.cap);
        let settlement = settlement(self.settled, settled, self.fee)?;
        let job = job.pay(settlement.gross)?;
        let lease = Lease { settled, units: self.units.max(cumulative_units), ..*self };
        Ok(Settled { job, lease, settlement })
    }

    /// Brings the end forward: to now for the provider, to now plus grace for the requester.
    ///
    /// Refuses: [`Error::LeaseAlreadyReleased`], and [`Error::LeaseAlreadyClosed`] if it would not
    /// come forward.
    pub fn close(&self, by: Closer, now: i64) -> Result<Lease> {
        if self.released {
            return Err(Error::LeaseAlreadyReleased);
        }
        let settle_until = match by {
            Closer::Provider => now,
            Closer::Requester => after(now, self.grace_secs)?,
        };
        if settle_until >= self.settle_until {
            return Err(Error::LeaseAlreadyClosed);
        }
        self.ending(settle_until)
    }

    /// Returns what was not settled to the job, when due.
    ///
    /// Refuses: [`Error::LeaseAlreadyReleased`], [`Error::LeaseNotDue`].
    pub fn release(&self, job: &Job, now: i64) -> Result<Released> {
        if self.released {
            return Err(Error::LeaseAlreadyReleased);
        }
        let settle_until = self.settle_until(job)?;
        if now < settle_until {
            return Err(Error::LeaseNotDue);
        }
        let returned = self.cap.checked_sub(self.settled)?;
        let job = job.release(returned)?;
        let lease = Lease { released: true, ..self.ending(settle_until)? };
        Ok(Released { job, lease, returned })
    }

    /// Frees the provider's exposure; the lease is gone afterwards. Returns the provider after.
    ///
    /// Refuses: [`Error::LeaseNotReleased`], [`Error::LeaseDisputed`],
    /// [`Error::DisputeWindowOpen`].
    pub fn end(&self, provider: &Provider, now: i64) -> Result<Provider> {
        if !self.released {
            return Err(Error::LeaseNotReleased);
        }
        if self.disputed {
            return Err(Error::LeaseDisputed);
        }
        if now < self.dispute_until {
            return Err(Error::DisputeWindowOpen);
        }
        provider.free(self.exposure)
    }

    /// From when the escrow may be released: the lease's own time, or `closing_at + grace` if the
    /// job began to close and that is earlier.
    pub fn settle_until(&self, job: &Job) -> Result<i64> {
        match job.status {
            JobStatus::Open => Ok(self.settle_until),
            JobStatus::Closing => Ok(self.settle_until.min(after(job.closing_at, self.grace_secs)?)),
        }
    }

    /// Within its cap and its times, else [`Error::InvariantBroken`].
    pub fn invariant(&self) -> Result<()> {
        let latest = after(self.expires_at, self.grace_secs)?;
        let judged = self.challenged && !self.disputed;
        let paid = self.settled <= self.cap && !self.cap.is_zero() && (judged || !self.exposure.is_zero());
        let priced = !self.unit_price.is_zero() && self.fee > Bps::ZERO;
        let timed = self.opened_at < self.expires_at
            && (self.opened_at..=latest).contains(&self.settle_until)
            && self.dispute_until == after(self.settle_until, self.dispute_window_secs)?;
        let flagged = self.challenged || !self.disputed;
        if paid && priced && timed && flagged { Ok(()) } else { Err(Error::InvariantBroken) }
    }

    fn ending(&self, settle_until: i64) -> Result<Lease> {
        let dispute_until = after(settle_until, self.dispute_window_secs)?;
        Ok(Lease { settle_until, dispute_until, ..*self })
    }
}

fn check_terms(job: &Job, terms: &LeaseTerms, now: i64, params: &Params) -> Result<()> {
    if terms.unit_price.is_zero() {
        return Err(Error::PriceZero);
    }
    if terms.unit_price > job.max_unit_price {
        return Err(Error::PriceAboveMaximum);
    }
    if terms.expires_at <= now {
        return Err(Error::LeaseExpiryInPast);
    }
    if terms.expires_at > after(now, params.max_lease_secs)? {
        return Err(Error::LeaseTooLong);
    }
    if terms.expires_at > job.deadline {
        return Err(Error::LeaseExpiryPastDeadline);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
