//! The providers' book.

use super::{Bench, sample};
use crate::model::{Put, QuarantinedUsage, UsageReport};

pub async fn a_report_is_stored_once(bench: &Bench) {
    let store = &bench.store;
    let report = sample::report(1, 1, u64::MAX);
    assert_eq!(store.put_usage(report.clone()).await.unwrap(), Put::Stored);
    let later = UsageReport { received_ms: 99, ..report.clone() };
    assert_eq!(store.put_usage(later).await.unwrap(), Put::Duplicate);
    assert_eq!(store.put_usage(sample::report(1, 1, 5)).await.unwrap(), Put::Conflict);
    assert_eq!(store.usage(&sample::key(1), 0, 10).await.unwrap(), std::slice::from_ref(&report));
    assert!(store.usage(&sample::key(1), 1, 10).await.unwrap().is_empty());

    let quarantined = QuarantinedUsage {
        lease: report.lease,
        seq: report.seq,
        signature: report.signature,
        cumulative_units: report.cumulative_units,
        items: report.items,
        outputs_hash: report.outputs_hash,
        signer: report.signer,
        reason: "replayed".into(),
        received_ms: 3,
    };
    assert_eq!(store.quarantine_usage(quarantined.clone()).await.unwrap(), Put::Stored);
    assert_eq!(store.quarantine_usage(quarantined.clone()).await.unwrap(), Put::Duplicate);
    assert_eq!(store.quarantined_usage(&report.lease, 10).await.unwrap(), [quarantined]);
}

pub async fn the_newest_of_each_lease(bench: &Bench) {
    for (lease, seq) in [(1, 1), (1, 2), (1, 10), (2, 1), (3, 7)] {
        bench.store.put_usage(sample::report(lease, seq, seq * 100)).await.unwrap();
    }
    let leases = [1, 2, 4].map(sample::key);
    let mut newest = bench.store.newest_usage(&leases).await.unwrap();
    newest.sort_by_key(|report| report.lease);
    assert_eq!(newest, [sample::report(1, 10, 1_000), sample::report(2, 1, 100)]);
    assert!(bench.store.newest_usage(&[]).await.unwrap().is_empty());
}
