//! One lease's three books: a pure function.

use mira_core::Key;
use mira_core::amount::{Payment, UnitPrice, Units};
use mira_core::price::amount_ceil;
use mira_store::model::{LeaseRow, UsageReport, Voucher};

/// What the three books say of one lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Books {
    /// The lease.
    pub lease: Key,
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
}

impl Books {
    /// From the rows of the three.
    pub fn of(row: &LeaseRow, usage: Option<&UsageReport>, voucher: Option<&Voucher>) -> Self {
        Self {
            lease: row.lease,
            unit_price: row.unit_price,
            cap: row.cap,
            reported: usage.map(|report| (report.cumulative_units, report.received_ms)),
            vouchered: voucher
                .map(|voucher| (voucher.cumulative_amount, voucher.cumulative_units, voucher.received_ms)),
            settled: (row.settled, row.units),
        }
    }
}

/// The kind of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Reported and not vouchered: the requester owes a signature.
    Unvouchered,
    /// Vouchered and not settled: the provider has not cashed it.
    Unsettled,
    /// Settled beyond what was reported.
    OverSettled,
    /// Vouchered or settled, and no report says for what.
    MissingReport,
    /// More was vouchered or settled than the lease's price gives for the units named.
    PriceBreach,
    /// More was reported or vouchered than the lease can pay.
    CapBreach,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 6] = [
        Self::Unvouchered,
        Self::Unsettled,
        Self::OverSettled,
        Self::MissingReport,
        Self::PriceBreach,
        Self::CapBreach,
    ];

    /// The name, snake_case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unvouchered => "unvouchered",
            Self::Unsettled => "unsettled",
            Self::OverSettled => "over_settled",
            Self::MissingReport => "missing_report",
            Self::PriceBreach => "price_breach",
            Self::CapBreach => "cap_breach",
        }
    }
}

/// Who has to act on a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// The job's requester.
    Requester,
    /// The lease's provider.
    Provider,
}

impl Owner {
    /// The name, snake_case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::Provider => "provider",
        }
    }
}

/// One difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// The lease.
    pub lease: Key,
    /// Its kind.
    pub class: Class,
    /// How much.
    pub amount: Payment,
    /// Who has to act.
    pub owner: Owner,
    /// Since when, unix milliseconds of this host; `None` if only the chain knows.
    pub since_ms: Option<i64>,
}

/// One lease, reconciled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciled {
    /// The lease.
    pub lease: Key,
    /// What all three books agree on: the least of them. It is what rewards may count.
    pub matched: Payment,
    /// Where they differ.
    pub items: Vec<Item>,
}

/// Compares a lease's books.
///
/// A voucher that the chain settled was signed, whether or not this service ever saw it; so what
/// the requester agreed to is the larger of the newest voucher and what is settled.
pub fn lease(books: &Books) -> Reconciled {
    let (settled, settled_units) = books.settled;
    let (vouchered, voucher_units, vouchered_ms) = match books.vouchered {
        Some((amount, units, at)) => (amount, units, Some(at)),
        None => (Payment::ZERO, Units::ZERO, None),
    };
    let worth = |units| amount_ceil(units, books.unit_price).unwrap_or(Payment::MAX);
    let reported_ms = books.reported.map(|(_, at)| at);
    let reported_all = books.reported.map_or(Payment::ZERO, |(units, _)| worth(units));
    let reported = reported_all.min(books.cap);
    let agreed = vouchered.min(books.cap).max(settled);

    let mut items = Vec::new();
    let mut differ = |class, amount: Payment, owner, since_ms| {
        if !amount.is_zero() {
            items.push(Item { lease: books.lease, class, amount, owner, since_ms });
        }
    };
    differ(Class::Unvouchered, less(reported, agreed), Owner::Requester, reported_ms);
    differ(Class::Unsettled, less(agreed, settled), Owner::Provider, vouchered_ms);
    if books.reported.is_some() {
        differ(Class::OverSettled, less(settled, reported), Owner::Provider, None);
        differ(Class::MissingReport, less(agreed, reported.max(settled)), Owner::Provider, vouchered_ms);
    } else {
        differ(Class::MissingReport, agreed, Owner::Provider, vouchered_ms);
    }
    let too_dear = less(vouchered, worth(voucher_units)).max(less(settled, worth(settled_units)));
    differ(Class::PriceBreach, too_dear, Owner::Requester, vouchered_ms);
    // Work beyond the cap is the provider's loss; a signature beyond it is the requester's mistake.
    if reported_all > books.cap {
        differ(Class::CapBreach, less(reported_all, books.cap), Owner::Provider, reported_ms);
    } else {
        differ(Class::CapBreach, less(vouchered, books.cap), Owner::Requester, vouchered_ms);
    }
    Reconciled { lease: books.lease, matched: reported.min(agreed).min(settled), items }
}

/// `a − b`, or nothing.
fn less(a: Payment, b: Payment) -> Payment {
    a.checked_sub(b).unwrap_or(Payment::ZERO)
}

#[cfg(test)]
mod tests;
