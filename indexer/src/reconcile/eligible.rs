//! What rewards may count of a lease: the least of its three books, unless something speaks against it.

use mira_core::amount::Payment;

use super::books::{Audit, Books, Dispute};
use crate::proportion::proportion_floor;

/// The eligible usage of one lease.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Eligible {
    /// What was reported, vouchered and settled, and is not excluded.
    pub amount: Payment,
    /// The fees that were paid on that: all of the lease's if everything that was settled is eligible.
    pub fees: Payment,
    /// Why nothing is, although the books agree on something.
    pub excluded: Option<Excluded>,
}

/// Why a lease does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excluded {
    /// It is disputed: not before that is decided.
    Disputed,
    /// Its provider lost a dispute about it.
    DisputeLost,
    /// One of its results failed an audit.
    AuditFailed,
}

/// What of `matched`, the least of the three books, is eligible.
///
/// A dispute and an audit are about the lease and not about an amount, so each takes all of it.
pub fn eligible(books: &Books, matched: Payment) -> Eligible {
    let excluded = match (books.dispute, books.audit) {
        (Dispute::Open, _) => Some(Excluded::Disputed),
        (Dispute::Lost, _) => Some(Excluded::DisputeLost),
        (Dispute::None | Dispute::Survived, Audit::Failed { .. }) => Some(Excluded::AuditFailed),
        (Dispute::None | Dispute::Survived, Audit::NoResult | Audit::Passed) => None,
    };
    if excluded.is_some() {
        return Eligible { excluded, ..Eligible::default() };
    }
    Eligible { amount: matched, fees: eligible_fees(books.fee_paid, matched, books.settled.0), excluded: None }
}

/// Of a lease's fees, those on the eligible part of what was settled: `floor(fees × eligible / settled)`, so
/// that the parts are never more than the fees.
pub fn eligible_fees(paid: Payment, eligible: Payment, settled: Payment) -> Payment {
    // A part is at most the whole, so this is at most the fees.
    proportion_floor(paid, eligible.min(settled), settled).unwrap_or(paid)
}

#[cfg(test)]
mod tests;
