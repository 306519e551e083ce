//! For every lease: what was reported, what was vouchered and what was settled are the same.

use std::collections::HashSet;

use mira_core::Key;
use mira_store::Store;

use super::finding::Findings;
use super::{Books, CheckError, CheckResult};
use crate::convert::base58;
use crate::reconcile;

/// The end of time: it is not asked here how old a difference is.
const ANY_TIME: i64 = i64::MAX;

/// Leases opened before `from`, unix seconds, are left out.
pub(super) async fn check(store: &dyn Store, books: &Books, from: i64) -> Result<CheckResult, CheckError> {
    let reconcile::Report { run, items } = reconcile::look(store, ANY_TIME).await?;
    let left_out: HashSet<Key> = books.leases.iter().filter(|row| row.opened_at < from).map(|row| row.lease).collect();
    let mut findings = Findings::default();
    for item in items.iter().filter(|item| !left_out.contains(&item.lease)) {
        let (class, owner) = (item.class.as_str(), item.owner.as_str());
        findings.wrong(format!("lease {}: {class} {} ({owner})", base58(&item.lease), item.amount));
    }
    let figures = match left_out.len() {
        0 => format!("{} leases: {} matched", run.leases, run.matched),
        older => format!("{} leases, {older} older ones left out: {} matched", run.leases, run.matched),
    };
    Ok(findings.result("three_books", figures))
}
