//! What is known of one lease: the inputs of the comparison.

use mira_core::Key;
use mira_core::amount::{Payment, UnitPrice, Units};
use mira_store::model::{AuditRow, AuditState, LeaseRow, QuarantineSum, UsageReport, Voucher};

/// What the three books say of one lease, and what else bears on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Books {
    /// The lease.
    pub lease: Key,
    /// Its provider.
    pub provider: Key,
    /// Its price.
    pub unit_price: UnitPrice,
    /// The most it can pay.
    pub cap: Payment,
    /// The provider's book: all units reported, and when the report came, unix milliseconds.
    pub reported: Option<(Units, i64)>,
    /// The requester's book: the newest voucher's amount and units, and when it came.
    pub vouchered: Option<(Payment, Units, i64)>,
    /// The chain's book: the amount settled and the largest units that a settled voucher named.
    pub settled: (Payment, Units),
    /// The fees on what is settled.
    pub fee_paid: Payment,
    /// Signed reports that do not count.
    pub quarantine: Quarantine,
    /// What somebody else got for the same work.
    pub audit: Audit,
    /// How far it is.
    pub phase: Phase,
    /// Whether it is or was challenged.
    pub dispute: Dispute,
}

/// The signed reports that were set aside, by what they show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quarantine {
    /// Under a number that another report has, or counting less than the one before.
    pub replayed: Option<Aside>,
    /// Under a number beyond the next: reports before them did not come.
    pub ahead: Option<Aside>,
    /// After the lease's release.
    pub late: Option<Aside>,
    /// Worth more than the cap.
    pub above_cap: Option<Aside>,
}

/// Reports set aside for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aside {
    /// The most that one of them claims.
    pub units: Units,
    /// When the first came, unix milliseconds.
    pub since_ms: i64,
}

/// What audits of the lease's results said; none is neutral.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audit {
    /// No result was audited: nothing is known for or against.
    #[default]
    NoResult,
    /// All audited results were the same again.
    Passed,
    /// One was not. A sample that fails speaks for the rest, so that it takes the whole lease.
    Failed {
        /// When that was found, unix milliseconds.
        since_ms: i64,
    },
}

/// How far a lease is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Its escrow is there: vouchers can be settled.
    Open,
    /// The rest of its escrow went back: what is not settled will not be.
    Released,
    /// Its account is closed: nobody can act on it any more.
    Ended,
}

/// Whether a lease is or was challenged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dispute {
    /// Never.
    None,
    /// It is.
    Open,
    /// It was, and the provider lost.
    Lost,
    /// It was, and the provider kept its exposure.
    Survived,
}

impl Books {
    /// From the rows of the three, with nothing set aside and nothing audited.
    pub fn of(row: &LeaseRow, usage: Option<&UsageReport>, voucher: Option<&Voucher>) -> Self {
        Self {
            lease: row.lease,
            provider: row.provider,
            unit_price: row.unit_price,
            cap: row.cap,
            reported: usage.map(|report| (report.cumulative_units, report.received_ms)),
            vouchered: voucher
                .map(|voucher| (voucher.cumulative_amount, voucher.cumulative_units, voucher.received_ms)),
            settled: (row.settled, row.units),
            fee_paid: row.fee_paid,
            quarantine: Quarantine::default(),
            audit: Audit::NoResult,
            phase: match (row.released, row.ended) {
                (_, true) => Phase::Ended,
                (true, false) => Phase::Released,
                (false, false) => Phase::Open,
            },
            // A lost dispute takes the exposure, which is never zero before: caps and rates are not.
            dispute: match (row.disputed, row.challenged) {
                (true, _) => Dispute::Open,
                (false, true) if row.exposure.is_zero() => Dispute::Lost,
                (false, true) => Dispute::Survived,
                (false, false) => Dispute::None,
            },
        }
    }
}

impl Audit {
    /// From the audits that speak for or against a lease. A result that was given for an audit can fail a lease
    /// and not pass it: who gave it could see that it was for one.
    pub fn of<'a>(lease: &Key, audits: impl Iterator<Item = &'a AuditRow> + Clone) -> Self {
        let wrong = audits.clone().filter(|audit| audit.wrong_lease == Some(*lease));
        if let Some(since_ms) = wrong.filter_map(|audit| audit.decided_ms).min() {
            return Self::Failed { since_ms };
        }
        let confirmed = |audit: &AuditRow| matches!(audit.state, AuditState::Passed | AuditState::Cleared);
        let mut own = audits.filter(|audit| audit.lease == *lease);
        if own.any(confirmed) { Self::Passed } else { Self::NoResult }
    }
}

impl Quarantine {
    /// From the sums of one lease. The reasons are those of the API's usage route. What was never validly
    /// signed (`usage_signature_invalid`) shows nothing about anybody and is left out.
    pub fn of(sums: &[QuarantineSum]) -> Self {
        let mut quarantine = Self::default();
        for sum in sums {
            let kind = match (sum.reason.as_str(), sum.taken) {
                ("usage_out_of_sequence", true) | ("usage_decreasing", _) => &mut quarantine.replayed,
                ("usage_out_of_sequence", false) => &mut quarantine.ahead,
                ("lease_released", _) => &mut quarantine.late,
                ("usage_above_cap", _) => &mut quarantine.above_cap,
                _ => continue,
            };
            let new = Aside { units: sum.max_units, since_ms: sum.first_ms };
            *kind = Some(kind.map_or(new, |old| old.and(new)));
        }
        quarantine
    }
}

impl Aside {
    /// Both together.
    fn and(self, other: Self) -> Self {
        Self { units: self.units.max(other.units), since_ms: self.since_ms.min(other.since_ms) }
    }
}

#[cfg(test)]
mod tests;
