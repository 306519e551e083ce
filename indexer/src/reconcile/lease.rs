//! One lease's three books compared: a pure function.

use mira_core::amount::{Payment, Units};
use mira_core::price::amount_ceil;

use super::books::{Aside, Audit, Books, Phase};
use super::eligible::{Eligible, eligible};
use super::{Class, Owner, State};

/// One difference, before it is dated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its kind; never [`Class::Matched`].
    pub class: Class,
    /// Who has to act.
    pub owner: Owner,
    /// Whether it goes away by itself.
    pub state: State,
    /// How much.
    pub amount: Payment,
    /// What the smaller book must reach for it to be over.
    pub target: Payment,
    /// When the evidence came, unix milliseconds of this host; `None` if only the chain knows.
    pub since_ms: Option<i64>,
}

/// One lease, reconciled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciled {
    /// What all three books agree on: the least of them.
    pub matched: Payment,
    /// What of it rewards may count.
    pub eligible: Eligible,
    /// Where they differ; a class appears once. Empty if they match.
    pub differences: Vec<Difference>,
}

/// The three books as amounts of the lease's price.
struct Amounts {
    /// Reported, however much that is.
    claimed: Payment,
    /// Of that, what the lease can pay.
    reported: Payment,
    /// What the newest voucher says.
    vouchered: Payment,
    /// What the requester agreed to: a voucher that the chain settled was signed, whether or not this
    /// service ever saw it.
    agreed: Payment,
    settled: Payment,
}

impl Amounts {
    fn of(books: &Books) -> Self {
        let claimed = books.reported.map_or(Payment::ZERO, |(units, _)| worth(books, units));
        let vouchered = books.vouchered.map_or(Payment::ZERO, |(amount, ..)| amount);
        let settled = books.settled.0;
        Self {
            claimed,
            reported: claimed.min(books.cap),
            vouchered,
            agreed: vouchered.min(books.cap).max(settled),
            settled,
        }
    }

    fn matched(&self) -> Payment {
        self.reported.min(self.agreed).min(self.settled)
    }
}

/// Compares a lease's books.
pub fn lease(books: &Books) -> Reconciled {
    let amounts = Amounts::of(books);
    let mut found = Found { phase: books.phase, differences: Vec::new() };
    flow(books, &amounts, &mut found);
    terms(books, &amounts, &mut found);
    evidence(books, &amounts, &mut found);
    let matched = amounts.matched();
    Reconciled { matched, eligible: eligible(books, matched), differences: found.differences }
}

/// What is on its way from the report to the voucher to the settlement, and what overtook it.
fn flow(books: &Books, amounts: &Amounts, found: &mut Found) {
    let Amounts { reported, agreed, settled, .. } = *amounts;
    let reported_ms = books.reported.map(|(_, at)| at);
    let vouchered_ms = books.vouchered.map(|(.., at)| at);
    found.less(Class::Unvouchered, Owner::Requester, agreed, reported, reported_ms);
    found.less(Class::Unsettled, Owner::Provider, settled, agreed, vouchered_ms);
    let ahead = books.quarantine.ahead;
    let named = ahead.map_or(Payment::ZERO, |aside| worth(books, aside.units).min(books.cap));
    // What was settled beyond a report is over-settled; without any report, the report is missing.
    let accounted = match books.reported {
        Some(_) => reported.max(settled),
        None => Payment::ZERO,
    };
    if books.reported.is_some() {
        found.less(Class::OverSettled, Owner::Provider, reported, settled, None);
    }
    let since_ms = if named > agreed { ahead.map(|aside| aside.since_ms) } else { vouchered_ms };
    found.less(Class::MissingReport, Owner::Provider, accounted, agreed.max(named), since_ms);
}

/// What the lease's price and cap do not allow.
fn terms(books: &Books, amounts: &Amounts, found: &mut Found) {
    let vouchered_ms = books.vouchered.map(|(.., at)| at);
    let voucher_units = books.vouchered.map_or(Units::ZERO, |(_, units, _)| units);
    let signed = (worth(books, voucher_units), amounts.vouchered);
    let settled = (worth(books, books.settled.1), amounts.settled);
    let dearer = if less(settled.1, settled.0) > less(signed.1, signed.0) { settled } else { signed };
    found.less(Class::PriceBreach, Owner::Requester, dearer.0, dearer.1, vouchered_ms);

    let above = books.quarantine.above_cap;
    let refused = above.map_or(Payment::ZERO, |aside| worth(books, aside.units));
    let claimed = amounts.claimed.max(refused);
    // Work beyond the cap is the provider's loss; a signature beyond it is the requester's mistake.
    if claimed > books.cap {
        let since_ms = above.map(|aside| aside.since_ms).or(books.reported.map(|(_, at)| at));
        found.less(Class::CapBreach, Owner::Provider, books.cap, claimed, since_ms);
    } else {
        found.less(Class::CapBreach, Owner::Requester, books.cap, amounts.vouchered, vouchered_ms);
    }
}

/// What stays, whatever the books do: it is shown even if it is worth nothing.
fn evidence(books: &Books, amounts: &Amounts, found: &mut Found) {
    let claims = |aside: Aside| worth(books, aside.units).min(books.cap);
    if let Some(aside) = books.quarantine.replayed {
        found.push(Class::Replayed, Owner::Provider, claims(aside), claims(aside), Some(aside.since_ms));
    }
    if let Some(aside) = books.quarantine.late {
        // A late repetition of what counts claims nothing.
        found.less(Class::OutOfWindow, Owner::Provider, amounts.reported, claims(aside), Some(aside.since_ms));
    }
    if let Audit::Failed { since_ms } = books.audit {
        let lost = amounts.matched();
        found.push(Class::AuditFailed, Owner::Provider, lost, lost, Some(since_ms));
    }
}

/// The differences found so far.
struct Found {
    phase: Phase,
    differences: Vec<Difference>,
}

impl Found {
    /// A difference if one book has less than the other.
    fn less(&mut self, class: Class, owner: Owner, smaller: Payment, larger: Payment, since_ms: Option<i64>) {
        let amount = less(larger, smaller);
        if !amount.is_zero() {
            self.push(class, owner, amount, larger, since_ms);
        }
    }

    fn push(&mut self, class: Class, owner: Owner, amount: Payment, target: Payment, since_ms: Option<i64>) {
        let state = state(class, self.phase);
        self.differences.push(Difference { class, owner, state, amount, target, since_ms });
    }
}

/// Only what an open lease has on its way goes away by itself.
fn state(class: Class, phase: Phase) -> State {
    match (phase, class) {
        (Phase::Ended, _) => State::Closed,
        (Phase::Open, Class::Unvouchered | Class::Unsettled) => State::Pending,
        _ => State::Exception,
    }
}

/// What units cost at the lease's price; more than any payment if it cannot be told.
fn worth(books: &Books, units: Units) -> Payment {
    amount_ceil(units, books.unit_price).unwrap_or(Payment::MAX)
}

/// `a − b`, or nothing.
fn less(a: Payment, b: Payment) -> Payment {
    a.checked_sub(b).unwrap_or(Payment::ZERO)
}

#[cfg(test)]
mod tests;
