//! Three books for every lease that should agree: what the provider reported, what the requester
//! vouchered, what the chain settled.
//!
//! [`lease`] is a pure function of the three; [`run`] reads them from the store, page by page.
//! Usage that never entered the reports' book (replayed, out of its window) is in quarantine and
//! not here; audits do not exist yet.

mod lease;

pub use lease::{Books, Class, Item, Owner, Reconciled, lease};

use std::collections::HashMap;

use mira_core::Key;
use mira_core::amount::Payment;
use mira_store::model::{LeaseFilter, LeaseRow, Order, PageRequest, UsageReport, Voucher};
use mira_store::{Result, Store};

const PAGE: u32 = 1_000;

/// Every lease's differences, and the sums.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Leases looked at.
    pub leases: u64,
    /// What all three books agree on, summed; wide enough for any number of leases.
    pub matched: u128,
    /// The differences, by lease. Empty if the books agree.
    pub items: Vec<Item>,
}

/// Reconciles all leases.
///
/// # Errors
/// The store's.
pub async fn run(store: &dyn Store) -> Result<Report> {
    let mut report = Report::default();
    let mut after = None;
    loop {
        let request = PageRequest { order: Order::Key { after }, limit: PAGE };
        let page = store.leases(&LeaseFilter::default(), request).await?;
        after = page.rows.last().map(|row| row.lease);
        for reconciled in reconcile_page(store, &page.rows).await? {
            report.leases = report.leases.saturating_add(1);
            report.matched = report.matched.saturating_add(u128::from(reconciled.matched.get()));
            report.items.extend(reconciled.items);
        }
        if !page.more || after.is_none() {
            return Ok(report);
        }
    }
}

async fn reconcile_page(store: &dyn Store, rows: &[LeaseRow]) -> Result<Vec<Reconciled>> {
    let keys: Vec<Key> = rows.iter().map(|row| row.lease).collect();
    let usage = by_lease(store.newest_usage(&keys).await?, |report: &UsageReport| report.lease);
    let vouchers = by_lease(store.vouchers(&keys).await?, |voucher: &Voucher| voucher.lease);
    let books = rows.iter().map(|row| Books::of(row, usage.get(&row.lease), vouchers.get(&row.lease)));
    Ok(books.map(|books| lease(&books)).collect())
}

fn by_lease<T>(rows: Vec<T>, key: impl Fn(&T) -> Key) -> HashMap<Key, T> {
    rows.into_iter().map(|row| (key(&row), row)).collect()
}

impl Report {
    /// The amounts of a class, summed.
    pub fn total(&self, class: Class) -> Payment {
        let amounts = self.items.iter().filter(|item| item.class == class).map(|item| item.amount.get());
        Payment::new(amounts.fold(0, u64::saturating_add))
    }
}
