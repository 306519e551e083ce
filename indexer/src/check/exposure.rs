//! Invariant 4. Per provider: exposure = Σ exposure of leases not ended, never more than its stake.

use std::collections::HashMap;

use mira_core::Key;

use super::finding::Findings;
use super::{Books, CheckResult};
use crate::convert::base58;

pub(super) fn check(books: &Books) -> CheckResult {
    let mut findings = Findings::default();
    let mut sums: HashMap<Key, (u64, u128)> = HashMap::new();
    for lease in books.leases.iter().filter(|lease| !lease.ended) {
        let (leases, exposure) = sums.entry(lease.provider).or_default();
        *leases = leases.saturating_add(1);
        *exposure = exposure.saturating_add(u128::from(lease.exposure.get()));
    }
    let mut all = 0_u128;
    for provider in &books.providers {
        let name = format!("provider {}", base58(&provider.provider));
        let (leases, exposure) = sums.remove(&provider.provider).unwrap_or_default();
        findings.equal(format!("{name}: exposure"), &u128::from(provider.exposure.get()), &exposure);
        findings.equal(format!("{name}: open leases"), &u64::from(provider.open_leases), &leases);
        if provider.exposure > provider.total_stake {
            findings.wrong(format!("{name}: {} exposed of {} staked", provider.exposure, provider.total_stake));
        }
        all = all.saturating_add(exposure);
    }
    sums.keys().for_each(|provider| findings.wrong(format!("provider {}: has leases and no row", base58(provider))));
    findings.result("exposure", format!("{} providers: {all} exposed by leases not ended", books.providers.len()))
}
