//! A job: escrow that a requester locks, and the rules for reserving, paying and returning it.
//!
//! Every transition takes `&self` and returns the job after it; the caller moves the tokens.

use crate::amount::{Bps, Payment, Stake, UnitPrice};
use crate::error::{Error, Result};
use crate::fee::share_floor;
use crate::params::Params;
use crate::tier::{Tier, UnitKind};
use crate::{Hash, Key};

/// How far a job is. A closed job has no account any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum JobStatus {
    /// Takes funds and leases.
    Open = 0,
    /// Takes neither; its leases run out.
    Closing = 1,
}

impl JobStatus {
    /// The number an account holds.
    pub const fn as_u8(self) -> u8 {
        self as u8
    }
}

impl TryFrom<u8> for JobStatus {
    type Error = Error;

    fn try_from(value: u8) -> Result<Self> {
        match value {
            0 => Ok(JobStatus::Open),
            1 => Ok(JobStatus::Closing),
            _ => Err(Error::InvariantBroken),
        }
    }
}

/// What a requester asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobTerms {
    /// Owns the escrow.
    pub requester: Key,
    /// `job_id >> 24` is the unix second of its making; the low 24 bits are free.
    pub job_id: u64,
    /// The hot key whose vouchers pay.
    pub voucher_signer: Key,
    /// Who may match besides the requester, if anyone.
    pub dispatcher: Option<Key>,
    /// What is to be done: the hash of the job's specification.
    pub spec_hash: Hash,
    /// How it values latency.
    pub tier: Tier,
    /// What its units count.
    pub unit_kind: UnitKind,
    /// The dearest lease it takes.
    pub max_unit_price: UnitPrice,
    /// The least active stake of a provider it trusts.
    pub min_provider_stake: Stake,
    /// The largest part of its funding that one lease may reserve.
    pub max_share: Bps,
    /// How many leases may be open at once.
    pub max_leases: u16,
    /// Unix second after which nothing runs.
    pub deadline: i64,
}

/// The job's books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    /// Owns the escrow.
    pub requester: Key,
    /// Copied into each lease at its opening.
    pub voucher_signer: Key,
    /// Who may match besides the requester, if anyone.
    pub dispatcher: Option<Key>,
    /// How it values latency.
    pub tier: Tier,
    /// What its units count.
    pub unit_kind: UnitKind,
    /// The dearest lease it takes.
    pub max_unit_price: UnitPrice,
    /// All that was ever funded.
    pub funded: Payment,
    /// Reserved by unreleased leases and not settled.
    pub committed: Payment,
    /// All that was ever settled, fees included.
    pub paid: Payment,
    /// All that was returned.
    pub refunded: Payment,
    /// The least active stake of a provider it trusts.
    pub min_provider_stake: Stake,
    /// The largest part of `funded` that one lease may reserve.
    pub max_share: Bps,
    /// How many leases may be unreleased at once.
    pub max_leases: u16,
    /// How many leases are unreleased.
    pub open_leases: u16,
    /// How many leases there ever were: the next lease's nonce.
    pub leases_total: u32,
    /// Unix second of its creation.
    pub created_at: i64,
    /// Unix second after which nothing runs.
    pub deadline: i64,
    /// Unix second before which it cannot close, so that its id cannot return.
    pub young_until: i64,
    /// Unix second from which anyone may close it, its deadline and grace, even while it is open.
    pub due_at: i64,
    /// Unix second at which it began to close, 0 while it is open.
    pub closing_at: i64,
    /// How far it is.
    pub status: JobStatus,
}

/// What `close_job` pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refund {
    /// The job's books at their end.
    pub job: Job,
    /// What the requester gets back.
    pub amount: Payment,
}

impl Job {
    /// A new job without funds.
    ///
    /// Refuses: [`Error::JobIdOutOfWindow`], [`Error::InvalidSpec`], [`Error::PriceZero`],
    /// [`Error::ShareOutOfRange`], [`Error::LeaseLimitReached`], [`Error::DeadlineInPast`],
    /// [`Error::DeadlineTooFar`].
    pub fn create(terms: &JobTerms, now: i64, params: &Params) -> Result<Job> {
        check_job_id(terms.job_id, now, params)?;
        if terms.spec_hash == [0; 32] || terms.voucher_signer == [0; 32] {
            return Err(Error::InvalidSpec);
        }
        if terms.max_unit_price.is_zero() {
            return Err(Error::PriceZero);
        }
        if terms.max_share == Bps::ZERO {
            return Err(Error::ShareOutOfRange);
        }
        if terms.max_leases == 0 {
            return Err(Error::LeaseLimitReached);
        }
        check_deadline(terms.deadline, now, params)?;
        // Two windows after its creation this id can no longer be created again.
        let young_until = after(after(now, params.job_id_window_secs)?, params.job_id_window_secs)?;
        Ok(Job {
            requester: terms.requester,
            voucher_signer: terms.voucher_signer,
            dispatcher: terms.dispatcher,
            tier: terms.tier,
            unit_kind: terms.unit_kind,
            max_unit_price: terms.max_unit_price,
            funded: Payment::ZERO,
            committed: Payment::ZERO,
            paid: Payment::ZERO,
            refunded: Payment::ZERO,
            min_provider_stake: terms.min_provider_stake,
            max_share: terms.max_share,
            max_leases: terms.max_leases,
            open_leases: 0,
            leases_total: 0,
            created_at: now,
            deadline: terms.deadline,
            young_until,
            due_at: after(terms.deadline, params.grace_secs)?,
            closing_at: 0,
            status: JobStatus::Open,
        })
    }

    /// Adds funds, from anyone. Refuses: [`Error::AmountZero`], [`Error::JobNotOpen`],
    /// [`Error::MathOverflow`].
    pub fn fund(&self, amount: Payment) -> Result<Job> {
        if amount.is_zero() {
            return Err(Error::AmountZero);
        }
        self.require_open()?;
        Ok(Job { funded: self.funded.checked_add(amount)?, ..*self })
    }

    /// Stops funds and leases. Refuses a second time with [`Error::JobAlreadyClosing`].
    pub fn begin_close(&self, now: i64) -> Result<Job> {
        match self.status {
            JobStatus::Open => Ok(Job { status: JobStatus::Closing, closing_at: now, ..*self }),
            JobStatus::Closing => Err(Error::JobAlreadyClosing),
        }
    }

    /// Puts the deadline off. Leases that exist keep their terms.
    ///
    /// Refuses: [`Error::JobNotOpen`], [`Error::DeadlineNotLater`], [`Error::DeadlineInPast`],
    /// [`Error::DeadlineTooFar`].
    pub fn extend(&self, deadline: i64, now: i64, params: &Params) -> Result<Job> {
        self.require_open()?;
        if deadline <= self.deadline {
            return Err(Error::DeadlineNotLater);
        }
        check_deadline(deadline, now, params)?;
        Ok(Job { deadline, due_at: after(deadline, params.grace_secs)?, ..*self })
    }

    /// Names other keys for the leases to come.
    ///
    /// Refuses: [`Error::JobNotOpen`], [`Error::InvalidSpec`] for an empty voucher signer,
    /// [`Error::NothingChanges`].
    pub fn update(&self, voucher_signer: Key, dispatcher: Option<Key>) -> Result<Job> {
        self.require_open()?;
        if voucher_signer == [0; 32] {
            return Err(Error::InvalidSpec);
        }
        if voucher_signer == self.voucher_signer && dispatcher == self.dispatcher {
            return Err(Error::NothingChanges);
        }
        Ok(Job { voucher_signer, dispatcher, ..*self })
    }

    /// Returns what was not paid. Due when it is closing, or past its deadline and grace.
    ///
    /// Refuses: [`Error::JobTooYoung`], [`Error::JobNotDue`], [`Error::JobHasLeases`].
    pub fn close(&self, now: i64) -> Result<Refund> {
        if now < self.young_until {
            return Err(Error::JobTooYoung);
        }
        if self.status == JobStatus::Open && now < self.due_at {
            return Err(Error::JobNotDue);
        }
        if self.open_leases > 0 {
            return Err(Error::JobHasLeases);
        }
        let amount = self.free_escrow()?;
        let job = Job { refunded: self.refunded.checked_add(amount)?, ..*self };
        Ok(Refund { job, amount })
    }

    /// Reserves `cap` for a new lease.
    ///
    /// Refuses: [`Error::JobNotOpen`], [`Error::LeaseLimitReached`], [`Error::CapZero`],
    /// [`Error::CapAboveShare`], [`Error::EscrowInsufficient`].
    pub fn reserve(&self, cap: Payment) -> Result<Job> {
        self.require_open()?;
        if self.open_leases >= self.max_leases {
            return Err(Error::LeaseLimitReached);
        }
        if cap.is_zero() {
            return Err(Error::CapZero);
        }
        if cap > share_floor(self.funded, self.max_share)? {
            return Err(Error::CapAboveShare);
        }
        if cap > self.free_escrow()? {
            return Err(Error::EscrowInsufficient);
        }
        Ok(Job {
            committed: self.committed.checked_add(cap)?,
            open_leases: self.open_leases.checked_add(1).ok_or(Error::MathOverflow)?,
            leases_total: self.leases_total.checked_add(1).ok_or(Error::MathOverflow)?,
            ..*self
        })
    }

    /// Pays `gross` out of what is reserved.
    pub fn pay(&self, gross: Payment) -> Result<Job> {
        Ok(Job { committed: self.committed.checked_sub(gross)?, paid: self.paid.checked_add(gross)?, ..*self })
    }

    /// Takes back what a released lease did not use.
    pub fn release(&self, returned: Payment) -> Result<Job> {
        Ok(Job {
            committed: self.committed.checked_sub(returned)?,
            open_leases: self.open_leases.checked_sub(1).ok_or(Error::InvariantBroken)?,
            ..*self
        })
    }

    /// Refuses with [`Error::WrongSigner`] a key that may not match: neither the requester nor the
    /// job's dispatcher.
    pub fn require_matcher(&self, key: &Key) -> Result<()> {
        if *key == self.requester || self.dispatcher.as_ref() == Some(key) { Ok(()) } else { Err(Error::WrongSigner) }
    }

    /// Refuses with [`Error::JobNotOpen`] a job that is closing.
    pub fn require_open(&self) -> Result<()> {
        match self.status {
            JobStatus::Open => Ok(()),
            JobStatus::Closing => Err(Error::JobNotOpen),
        }
    }

    /// What the job's vault holds by its books: `funded − paid − refunded`.
    pub fn escrow(&self) -> Result<Payment> {
        self.funded.checked_sub(self.paid)?.checked_sub(self.refunded)
    }

    /// What a new lease may reserve: `funded − paid − refunded − committed`.
    pub fn free_escrow(&self) -> Result<Payment> {
        self.escrow()?.checked_sub(self.committed)
    }

    /// The books balance and the status agrees with its time, else [`Error::InvariantBroken`].
    pub fn invariant(&self) -> Result<()> {
        let balanced = self.free_escrow().is_ok();
        let counted = self.open_leases <= self.max_leases
            && u32::from(self.open_leases) <= self.leases_total
            && (self.open_leases > 0 || self.committed.is_zero());
        let timed = self.deadline > self.created_at
            && self.due_at > self.deadline
            && self.young_until > self.created_at
            && match self.status {
                JobStatus::Open => self.closing_at == 0,
                JobStatus::Closing => self.closing_at >= self.created_at,
            };
        if balanced && counted && timed { Ok(()) } else { Err(Error::InvariantBroken) }
    }
}

/// The unix second in a job id must lie in `[now − window, now]`, so that an address never returns.
fn check_job_id(job_id: u64, now: i64, params: &Params) -> Result<()> {
    // 40 bits always fit. If they did not, they would be the future, which is refused.
    let made = i64::try_from(job_id >> 24).unwrap_or(i64::MAX);
    let oldest = now.checked_sub(i64::from(params.job_id_window_secs)).ok_or(Error::MathOverflow)?;
    if (oldest..=now).contains(&made) { Ok(()) } else { Err(Error::JobIdOutOfWindow) }
}

/// Work ends in the future, but not further away than a job may last.
fn check_deadline(deadline: i64, now: i64, params: &Params) -> Result<()> {
    if deadline <= now {
        return Err(Error::DeadlineInPast);
    }
    if deadline > after(now, params.max_job_secs)? {
        return Err(Error::DeadlineTooFar);
    }
    Ok(())
}

/// A job id made at unix second `now`, with 24 bits of the caller's choice below.
/// Refuses times that do not fit with [`Error::JobIdOutOfWindow`].
pub fn job_id(now: i64, low: u32) -> Result<u64> {
    let now = u64::try_from(now).map_err(|_| Error::JobIdOutOfWindow)?;
    if now >> 40 != 0 {
        return Err(Error::JobIdOutOfWindow);
    }
    Ok(now << 24 | u64::from(low & 0x00ff_ffff))
}

/// `time + secs`, or [`Error::MathOverflow`].
pub(crate) fn after(time: i64, secs: u32) -> Result<i64> {
    time.checked_add(i64::from(secs)).ok_or(Error::MathOverflow)
}

#[cfg(test)]
mod tests;
