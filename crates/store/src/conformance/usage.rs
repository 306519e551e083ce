//! The providers' book.

use super::{Bench, sample};
use crate::model::{Put, QuarantineSum, QuarantinedUsage, UsageReport};
use mira_core::amount::Units;

fn aside(report: &UsageReport, reason: &str, received_ms: i64) -> QuarantinedUsage {
    QuarantinedUsage {
        lease: report.lease,
        seq: report.seq,
        signature: report.signature,
        cumulative_units: report.cumulative_units,
        items: report.items,
        outputs_hash: report.outputs_hash,
        signer: report.signer,
        reason: reason.to_owned(),
        received_ms,
    }
}

pub async fn a_report_is_stored_once(bench: &Bench) {
    let store = &bench.store;
    let report = sample::report(1, 1, u64::MAX);
    assert_eq!(store.put_usage(report.clone()).await.unwrap(), Put::Stored);
    let later = UsageReport { received_ms: 99, ..report.clone() };
    assert_eq!(store.put_usage(later).await.unwrap(), Put::Duplicate);
    assert_eq!(store.put_usage(sample::report(1, 1, 5)).await.unwrap(), Put::Conflict);
    assert_eq!(store.usage(&sample::key(1), 0, 10).await.unwrap(), std::slice::from_ref(&report));
    assert!(store.usage(&sample::key(1), 1, 10).await.unwrap().is_empty());

    let quarantined = aside(&report, "replayed", 3);
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

pub async fn what_was_set_aside_is_summed_up(bench: &Bench) {
    let store = &bench.store;
    for seq in [1, 2] {
        store.put_usage(sample::report(1, seq, seq * 100)).await.unwrap();
    }
    let other = |seq: u64, units, mark: u8| UsageReport { signature: [mark; 64], ..sample::report(1, seq, units) };
    let set_aside = [
        // It came early and again when it was due: it counts.
        aside(&sample::report(1, 2, 200), "usage_out_of_sequence", 1),
        aside(&other(1, 255, 1), "usage_out_of_sequence", 5),
        aside(&other(2, 256, 2), "usage_out_of_sequence", 4),
        aside(&other(9, 900, 3), "usage_out_of_sequence", 6),
        aside(&other(3, u64::MAX, 4), "usage_above_cap", 7),
        aside(&sample::report(2, 1, 10), "lease_released", 8),
        aside(&sample::report(3, 1, 10), "lease_released", 9),
    ];
    for report in set_aside {
        assert_eq!(store.quarantine_usage(report).await.unwrap(), Put::Stored);
    }
    let sum = |lease, reason: &str, taken, reports, max_units, first_ms| QuarantineSum {
        lease: sample::key(lease),
        reason: reason.to_owned(),
        taken,
        reports,
        max_units: Units::new(max_units),
        first_ms,
    };
    let expected = [
        sum(1, "usage_above_cap", false, 1, u64::MAX, 7),
        sum(1, "usage_out_of_sequence", false, 1, 900, 6),
        sum(1, "usage_out_of_sequence", true, 2, 256, 4),
        sum(2, "lease_released", false, 1, 10, 8),
    ];
    assert_eq!(store.quarantine_sums(&[1, 2, 4].map(sample::key)).await.unwrap(), expected);
    assert!(store.quarantine_sums(&[]).await.unwrap().is_empty());
}
