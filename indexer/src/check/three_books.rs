//! For every lease: what was reported, what was vouchered and what was settled are the same.

use mira_store::Store;

use super::finding::Findings;
use super::{CheckError, CheckResult};
use crate::convert::base58;
use crate::reconcile;

/// The end of time: it is not asked here how old a difference is.
const ANY_TIME: i64 = i64::MAX;

pub(super) async fn check(store: &dyn Store) -> Result<CheckResult, CheckError> {
    let reconcile::Report { run, items } = reconcile::look(store, ANY_TIME).await?;
    let mut findings = Findings::default();
    for item in &items {
        let (class, owner) = (item.class.as_str(), item.owner.as_str());
        findings.wrong(format!("lease {}: {class} {} ({owner})", base58(&item.lease), item.amount));
    }
    Ok(findings.result("three_books", format!("{} leases: {} matched", run.leases, run.matched)))
}
