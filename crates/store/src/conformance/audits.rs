//! Audits of results.

use mira_core::amount::{Bps, Units};

use super::{Bench, sample};
use crate::Error;
use crate::model::{AuditCount, AuditFilter, AuditRow, AuditRun, AuditState};

/// A sampled result: provider and lease by number, owner and operator after them.
pub(super) fn audit(job: u32, shard: u32, provider: u32) -> AuditRow {
    AuditRow {
        job: sample::key(job),
        shard,
        lease: sample::key(100 + provider),
        provider: sample::key(provider),
        owner: sample::key(200 + provider),
        operator: sample::key(300 + provider),
        output: [7; 32],
        units: Units::new(u64::MAX),
        seed: 9,
        rate: Bps::new(5_000).unwrap(),
        sampled_ms: -1,
        state: AuditState::Sampled,
        asked: None,
        decided_ms: None,
        wrong_lease: None,
        wrong_provider: None,
    }
}

pub(super) fn run(audit: &AuditRow, number: u8, provider: u32) -> AuditRun {
    AuditRun {
        job: audit.job,
        shard: audit.shard,
        run: number,
        audit_job: sample::key(400 + u32::from(number)),
        lease: sample::key(100 + provider),
        provider: sample::key(provider),
        owner: sample::key(200 + provider),
        operator: sample::key(300 + provider),
        output: [8; 32],
        units: Units::new(1),
        at_ms: 5,
    }
}

/// The audit's end: at a time, with a wrong provider.
fn ended(audit: AuditRow, state: AuditState, at_ms: i64, wrong: Option<u32>) -> AuditRow {
    let wrong_lease = wrong.map(|provider| sample::key(100 + provider));
    AuditRow { state, decided_ms: Some(at_ms), wrong_lease, wrong_provider: wrong.map(sample::key), ..audit }
}

pub async fn a_sample_is_drawn_once_and_decided_once(bench: &Bench) {
    let store = &bench.store;
    let first = audit(1, 3, 1);
    let invalid = async |row: AuditRow, run: Option<AuditRun>, why: &str| {
        let error = store.move_audit(row, run).await.unwrap_err();
        assert!(matches!(&error, Error::Invalid(said) if said.contains(why)), "{error}");
    };
    invalid(first.clone(), None, "not sampled").await;
    assert!(store.put_audit(first.clone()).await.unwrap());
    assert!(!store.put_audit(AuditRow { seed: 10, ..first.clone() }).await.unwrap());
    assert_eq!(store.audit(&first.job, 3).await.unwrap(), Some(first.clone()));
    assert_eq!(store.audit(&first.job, 4).await.unwrap(), None);

    let asked = AuditRow { asked: Some(sample::key(402)), ..first.clone() };
    store.move_audit(asked.clone(), None).await.unwrap();
    assert_eq!(store.audit(&first.job, 3).await.unwrap(), Some(asked));
    let differs = AuditRow { state: AuditState::Mismatch, ..first.clone() };
    store.move_audit(differs.clone(), Some(run(&first, 2, 2))).await.unwrap();
    invalid(differs.clone(), Some(run(&audit(1, 4, 1), 3, 3)), "another audit").await;
    // A run twice takes the move with it.
    let failed = ended(first.clone(), AuditState::Failed, 7, Some(1));
    let error = store.move_audit(failed.clone(), Some(run(&first, 2, 3))).await.unwrap_err();
    assert!(matches!(error, Error::Conflict { table: "audit_run" }), "{error}");
    assert_eq!(store.audit(&first.job, 3).await.unwrap(), Some(differs));

    store.move_audit(failed.clone(), Some(run(&first, 3, 3))).await.unwrap();
    assert_eq!(store.audit(&first.job, 3).await.unwrap(), Some(failed));
    assert_eq!(store.audit_runs(&first.job, 3).await.unwrap(), [run(&first, 2, 2), run(&first, 3, 3)]);
    assert_eq!(store.audit_runs_by(&[sample::key(403)]).await.unwrap(), [run(&first, 3, 3)]);
    assert!(store.audit_runs(&first.job, 4).await.unwrap().is_empty());
    invalid(ended(first.clone(), AuditState::Passed, 8, None), None, "is decided").await;
}

pub async fn audits_page_and_filter(bench: &Bench) {
    let store = &bench.store;
    let all = [audit(1, 0, 1), audit(1, 300, 2), audit(2, 0, 1), audit(300, 0, 1)];
    for row in all.iter().rev() {
        store.put_audit(row.clone()).await.unwrap();
    }
    let every = AuditFilter::default();
    let page = store.audits(&every, None, 3).await.unwrap();
    assert_eq!((page.rows.as_slice(), page.more), (&all[..3], true));
    let page = store.audits(&every, Some((sample::key(1), 0)), 9).await.unwrap();
    assert_eq!((page.rows.as_slice(), page.more), (&all[1..], false));
    let passed = ended(all[2].clone(), AuditState::Passed, 4, None);
    store.move_audit(passed.clone(), None).await.unwrap();
    let failed = ended(all[1].clone(), AuditState::Failed, 4, Some(2));
    store.move_audit(failed.clone(), None).await.unwrap();
    let cases = [
        (AuditFilter { job: Some(sample::key(1)), ..every }, vec![all[0].clone(), failed.clone()]),
        (AuditFilter { lease: Some(sample::key(102)), ..every }, vec![failed.clone()]),
        (AuditFilter { provider: Some(sample::key(1)), ..every }, vec![all[0].clone(), passed.clone(), all[3].clone()]),
        (AuditFilter { wrong_provider: Some(sample::key(2)), ..every }, vec![failed.clone()]),
        (AuditFilter { state: Some(AuditState::Passed), ..every }, vec![passed]),
        (AuditFilter { job: Some(sample::key(1)), state: Some(AuditState::Passed), ..every }, vec![]),
        (AuditFilter { decided_since_ms: Some(4), job: Some(sample::key(1)), ..every }, vec![failed]),
        (AuditFilter { decided_since_ms: Some(5), ..every }, vec![]),
    ];
    for (filter, expected) in cases {
        assert_eq!(store.audits(&filter, None, 9).await.unwrap().rows, expected, "{filter:?}");
    }
}

pub async fn they_speak_for_leases_and_providers(bench: &Bench) {
    let store = &bench.store;
    assert!(store.audits_among(&[]).await.unwrap().is_empty());
    assert!(store.audit_counts(i64::MIN, i64::MAX).await.unwrap().is_empty());
    let rows = [
        ended(audit(1, 0, 1), AuditState::Passed, 10, None),
        ended(audit(1, 1, 1), AuditState::Failed, 20, Some(1)),
        // The second run, of provider 3, is the wrong one.
        ended(audit(1, 2, 2), AuditState::Cleared, 30, Some(3)),
        ended(audit(1, 3, 2), AuditState::Inconclusive, 30, None),
        audit(1, 4, 2),
    ];
    for row in &rows {
        store.put_audit(AuditRow { state: AuditState::Sampled, ..row.clone() }).await.unwrap();
        store.move_audit(row.clone(), None).await.unwrap();
    }
    let among = async |lease: u32| {
        let mut shards: Vec<u32> =
            store.audits_among(&[sample::key(lease)]).await.unwrap().iter().map(|row| row.shard).collect();
        shards.sort_unstable();
        shards.dedup();
        shards
    };
    assert_eq!((among(101).await, among(102).await), (vec![0, 1], vec![2, 3, 4]));
    assert_eq!((among(103).await, among(104).await), (vec![2], vec![]));
    let counts = async |from, until| {
        let counts = store.audit_counts(from, until).await.unwrap();
        counts.iter().map(|AuditCount { provider, passed, failed }| (*provider, *passed, *failed)).collect::<Vec<_>>()
    };
    let [one, two, three] = [1, 2, 3].map(sample::key);
    assert_eq!(counts(0, 31).await, [(one, 1, 1), (two, 1, 0), (three, 0, 1)]);
    assert_eq!(counts(20, 30).await, [(one, 0, 1)]);
    assert_eq!(counts(11, 20).await, []);
}
