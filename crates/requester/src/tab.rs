//! What the requester owes and is willing to sign: a pure account of accepted work.
//!
//! A voucher is cumulative. The next one for a lease covers the units that were both accepted here and
//! reported by the provider, at the lease's price, never over its cap; and all vouchers together never
//! exceed the budget.

use std::collections::BTreeMap;

use mira_core::{
    Key,
    amount::{Payment, UnitPrice, Units},
    price::amount_ceil,
};

/// What is known of one lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Payment base units per million units.
    pub unit_price: UnitPrice,
    /// The most the lease can pay.
    pub cap: Payment,
    /// Units of results accepted here.
    pub accepted: Units,
    /// Units that the provider signed for.
    pub reported: Units,
    /// What the newest voucher pays.
    pub vouchered: Payment,
    /// The units it names.
    pub vouchered_units: Units,
    /// Whether nothing can be settled under it any more.
    pub released: bool,
}

/// A voucher that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The lease.
    pub lease: Key,
    /// Cumulative.
    pub amount: Payment,
    /// Cumulative.
    pub units: Units,
}

/// The account of one job.
#[derive(Clone, Debug)]
pub struct Tab {
    budget: Payment,
    lines: BTreeMap<Key, Line>,
}

impl Tab {
    /// An empty account that never signs for more than `budget` over all leases.
    pub fn new(budget: Payment) -> Self {
        Self { budget, lines: BTreeMap::new() }
    }

    /// Notes a lease, or what is newly known of it.
    pub fn lease(&mut self, lease: Key, unit_price: UnitPrice, cap: Payment) -> &mut Line {
        self.lines.entry(lease).or_insert(Line {
            unit_price,
            cap,
            accepted: Units::ZERO,
            reported: Units::ZERO,
            vouchered: Payment::ZERO,
            vouchered_units: Units::ZERO,
            released: false,
        })
    }

    /// Adds the units of an accepted result.
    pub fn accept(&mut self, lease: &Key, units: Units) {
        if let Some(line) = self.lines.get_mut(lease) {
            line.accepted = Units::new(line.accepted.get().saturating_add(units.get()));
        }
    }

    /// Everything signed so far.
    pub fn vouchered(&self) -> Payment {
        Payment::new(self.lines.values().fold(0, |sum, line| sum.saturating_add(line.vouchered.get())))
    }

    /// Vouchers worth signing now, in the order of the leases.
    pub fn due(&self) -> Vec<Due> {
        let mut left = self.left();
        let mut due = Vec::new();
        for (lease, line) in &self.lines {
            let Some((amount, units, more)) = line.owed() else { continue };
            if more <= left {
                left = left.saturating_sub(more);
                due.push(Due { lease: *lease, amount, units });
            }
        }
        due
    }

    /// Notes that a voucher was signed and handed over.
    pub fn signed(&mut self, due: &Due) {
        if let Some(line) = self.lines.get_mut(&due.lease) {
            line.vouchered = due.amount;
            line.vouchered_units = due.units;
        }
    }

    /// Notes that a lease's escrow was released: what it is still owed cannot be paid.
    pub fn released(&mut self, lease: &Key) {
        if let Some(line) = self.lines.get_mut(lease) {
            line.released = true;
        }
    }

    /// Leases with accepted units that no voucher covers yet.
    pub fn open(&self) -> impl Iterator<Item = (&Key, &Line)> {
        self.lines.iter().filter(|(_, line)| line.is_open())
    }

    /// Whether another look may find something to sign: a report that is to come, or a voucher that
    /// could not be handed over yet.
    pub fn is_waiting(&self) -> bool {
        self.open().any(|(_, line)| line.reported < line.accepted) || !self.due().is_empty()
    }

    /// Whether something is owed that the budget does not cover.
    pub fn is_spent(&self) -> bool {
        self.lines.values().filter_map(Line::owed).any(|(_, _, more)| more > self.left())
    }

    fn left(&self) -> u64 {
        self.budget.get().saturating_sub(self.vouchered().get())
    }

    /// All leases.
    pub fn lines(&self) -> impl Iterator<Item = (&Key, &Line)> {
        self.lines.iter()
    }
}

impl Line {
    fn is_open(&self) -> bool {
        !self.released && self.vouchered_units < self.accepted && self.vouchered < self.cap
    }

    /// What the next voucher would say, and what it pays more than the one before; `None` if that is
    /// nothing, or where price and units overflow, which no cap allows.
    fn owed(&self) -> Option<(Payment, Units, u64)> {
        let units = self.accepted.min(self.reported);
        let amount = amount_ceil(units, self.unit_price).ok()?.min(self.cap);
        let more = amount.get().saturating_sub(self.vouchered.get());
        (more > 0 && !self.released).then_some((amount, units, more))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Key = [1; 32];
    const B: Key = [2; 32];

    fn tab(budget: u64) -> Tab {
        let mut tab = Tab::new(Payment::new(budget));
        for lease in [A, B] {
            tab.lease(lease, UnitPrice::new(1_000_000), Payment::new(100)).reported = Units::new(1_000);
        }
        tab
    }

    #[test]
    fn only_accepted_and_reported_units_are_owed() {
        let mut tab = tab(1_000);
        assert!(tab.due().is_empty());
        tab.accept(&A, Units::new(40));
        tab.lease(A, UnitPrice::ZERO, Payment::ZERO).reported = Units::new(30);
        assert_eq!(tab.due(), [Due { lease: A, amount: Payment::new(30), units: Units::new(30) }]);
    }

    #[test]
    fn a_voucher_never_exceeds_the_cap_and_all_never_exceed_the_budget() {
        let mut tab = tab(150);
        tab.accept(&A, Units::new(400));
        tab.accept(&B, Units::new(60));
        let due = tab.due();
        assert_eq!(due, [Due { lease: A, amount: Payment::new(100), units: Units::new(400) }]);
        tab.signed(&due[0]);
        assert_eq!(tab.vouchered(), Payment::new(100));
        assert!(tab.due().is_empty(), "60 more would exceed 150");
        assert!(tab.is_spent() && !tab.is_waiting());
    }

    #[test]
    fn a_released_lease_is_owed_nothing() {
        let mut tab = tab(1_000);
        tab.accept(&A, Units::new(2_000));
        assert!(tab.is_waiting(), "1,000 are not reported yet");
        tab.released(&A);
        assert!(tab.due().is_empty() && !tab.is_waiting() && !tab.is_spent());
    }

    #[test]
    fn the_same_work_is_not_signed_twice() {
        let mut tab = tab(1_000);
        tab.accept(&A, Units::new(10));
        for due in tab.due() {
            tab.signed(&due);
        }
        assert!(tab.due().is_empty());
        assert_eq!(tab.open().count(), 0);
        tab.accept(&A, Units::new(5));
        assert_eq!(tab.due(), [Due { lease: A, amount: Payment::new(15), units: Units::new(15) }]);
    }
}
