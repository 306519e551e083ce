//! Invariant 2. Per job: committed = Σ (cap − settled) over its unreleased leases, paid = Σ settled over
//! all of them, and paid + refunded + committed ≤ funded.

use std::collections::HashMap;

use mira_core::Key;

use super::finding::Findings;
use super::{Books, CheckResult};
use crate::convert::base58;

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    open: u64,
    total: u64,
    reserved: u128,
    settled: u128,
}

pub(super) fn check(books: &Books) -> CheckResult {
    let mut findings = Findings::default();
    let mut sums: HashMap<Key, Sums> = HashMap::new();
    for lease in &books.leases {
        let sum = sums.entry(lease.job).or_default();
        let (cap, settled) = (u128::from(lease.cap.get()), u128::from(lease.settled.get()));
        if settled > cap {
            findings.wrong(format!("lease {}: settled {settled} of a cap of {cap}", base58(&lease.lease)));
        }
        sum.total = sum.total.saturating_add(1);
        sum.settled = sum.settled.saturating_add(settled);
        if !lease.released {
            sum.open = sum.open.saturating_add(1);
            sum.reserved = sum.reserved.saturating_add(cap.saturating_sub(settled));
        }
    }
    let mut all = 0_u128;
    for job in &books.jobs {
        let name = format!("job {}", base58(&job.job));
        let sum = sums.remove(&job.job).unwrap_or_default();
        let committed = u128::from(job.committed.get());
        findings.equal(format!("{name}: committed"), &committed, &sum.reserved);
        findings.equal(format!("{name}: paid"), &u128::from(job.paid.get()), &sum.settled);
        findings.equal(format!("{name}: open leases"), &u64::from(job.open_leases), &sum.open);
        findings.equal(format!("{name}: leases"), &u64::from(job.leases_total), &sum.total);
        let used = [job.paid, job.refunded, job.committed].iter().map(|amount| u128::from(amount.get())).sum::<u128>();
        if used > u128::from(job.funded.get()) {
            findings.wrong(format!("{name}: {used} paid, refunded and committed of {} funded", job.funded));
        }
        all = all.saturating_add(committed);
    }
    sums.keys().for_each(|job| findings.wrong(format!("job {}: has leases and no row", base58(job))));
    findings.result("committed", format!("{} leases: {all} committed in unreleased ones", books.leases.len()))
}
