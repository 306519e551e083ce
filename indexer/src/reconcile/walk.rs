//! All leases with their books, read from the store page by page.

use std::collections::HashMap;
use std::hash::Hash;

use mira_core::Key;
use mira_store::model::{AuditRow, LeaseFilter, LeaseRow, Order, PageRequest, QuarantineSum};
use mira_store::{Result, Store};

use super::{Audit, Books, Quarantine};

const PAGE: u32 = 1_000;

/// A walk over all leases in the order of their addresses.
///
/// The books are read against the way of the money (settled, vouchered, reported), each as it is then: what
/// is booked meanwhile can look as if it were still on its way, but never as if it had overtaken its reason.
pub struct Walk<'a> {
    store: &'a dyn Store,
    after: Option<Key>,
    ended: bool,
}

impl<'a> Walk<'a> {
    /// Starts at the first.
    pub fn new(store: &'a dyn Store) -> Self {
        Self { store, after: None, ended: false }
    }

    /// The next leases; `None` after the last.
    ///
    /// # Errors
    /// The store's.
    pub async fn next(&mut self) -> Result<Option<Vec<(LeaseRow, Books)>>> {
        if self.ended {
            return Ok(None);
        }
        let request = PageRequest { order: Order::Key { after: self.after }, limit: PAGE };
        let page = self.store.leases(&LeaseFilter::default(), request).await?;
        self.ended = !page.more;
        self.after = page.rows.last().map(|row| row.lease);
        let keys: Vec<Key> = page.rows.iter().map(|row| row.lease).collect();
        let vouchers = by(self.store.vouchers(&keys).await?, |voucher| voucher.lease);
        let usage = by(self.store.newest_usage(&keys).await?, |report| report.lease);
        let aside = grouped(self.store.quarantine_sums(&keys).await?);
        let audits = audits_until(self.store, &keys, i64::MAX).await?;
        let books = |row: LeaseRow| {
            let lease = row.lease;
            let quarantine = aside.get(&lease).map(|sums| Quarantine::of(sums)).unwrap_or_default();
            let audit = audits.get(&lease).copied().unwrap_or_default();
            let books = Books { quarantine, audit, ..Books::of(&row, usage.get(&lease), vouchers.get(&lease)) };
            (row, books)
        };
        Ok(Some(page.rows.into_iter().map(books).collect()))
    }
}

/// What audits that were decided before a time say of these leases; of those not named here they say nothing.
pub(crate) async fn audits_until(store: &dyn Store, leases: &[Key], until_ms: i64) -> Result<HashMap<Key, Audit>> {
    let mut rows = store.audits_among(leases).await?;
    rows.retain(|row| row.decided_ms.is_some_and(|at_ms| at_ms < until_ms));
    let mut named: HashMap<Key, Vec<&AuditRow>> = HashMap::new();
    for row in &rows {
        for lease in [Some(row.lease), row.wrong_lease].into_iter().flatten() {
            named.entry(lease).or_default().push(row);
        }
    }
    Ok(named.into_iter().map(|(lease, rows)| (lease, Audit::of(&lease, rows.into_iter()))).collect())
}

/// Rows by what names them.
pub(super) fn by<K: Eq + Hash, T>(rows: Vec<T>, key: impl Fn(&T) -> K) -> HashMap<K, T> {
    rows.into_iter().map(|row| (key(&row), row)).collect()
}

fn grouped(sums: Vec<QuarantineSum>) -> HashMap<Key, Vec<QuarantineSum>> {
    let mut groups: HashMap<Key, Vec<QuarantineSum>> = HashMap::new();
    for sum in sums {
        groups.entry(sum.lease).or_default().push(sum);
    }
    groups
}
