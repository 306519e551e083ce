//! For every lease: what was reported, what was vouchered and what was settled are the same.

use mira_store::Store;

use super::finding::Findings;
use super::{CheckError, CheckResult};
use crate::convert::base58;
use crate::reconcile;

pub(super) async fn check(store: &dyn Store) -> Result<CheckResult, CheckError> {
    let report = reconcile::run(store).await?;
    let mut findings = Findings::default();
    for item in &report.items {
        let (class, owner) = (item.class.as_str(), item.owner.as_str());
        findings.wrong(format!("lease {}: {class} {} ({owner})", base58(&item.lease), item.amount));
    }
    Ok(findings.result("three_books", format!("{} leases: {} matched", report.leases, report.matched)))
}
