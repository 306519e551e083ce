//! The dispatch log.

use super::{Bench, sample};
use crate::Error;
use crate::model::{DispatchCommit, DispatchInput, DispatchRecord};

fn input(seq: u64) -> DispatchInput {
    DispatchInput { seq, bytes: seq.to_be_bytes().to_vec() }
}

fn record(n: u32, input_seq: u64) -> DispatchRecord {
    let subject = sample::key(n % 2);
    DispatchRecord { id: sample::key(n), input_seq, kind: "placement".into(), subject, bytes: vec![sample::low(n)] }
}

pub async fn the_log_has_no_gap(bench: &Bench) {
    let store = &bench.store;
    assert_eq!(store.last_dispatch_seq().await.unwrap(), 0);
    let commit = |seqs: &[u64]| DispatchCommit {
        inputs: seqs.iter().copied().map(input).collect(),
        ..DispatchCommit::default()
    };
    for wrong in [&[2][..], &[1, 3], &[1, 1], &[0]] {
        let error = store.append_dispatch(commit(wrong)).await.unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{error}");
    }
    store.append_dispatch(commit(&[1, 2, 3])).await.unwrap();
    store.append_dispatch(commit(&[4])).await.unwrap();
    let error = store.append_dispatch(commit(&[4])).await.unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error}");
    assert_eq!(store.dispatch_inputs(1, 2).await.unwrap(), [input(2), input(3)]);
    assert_eq!(store.last_dispatch_seq().await.unwrap(), 4);
}

pub async fn records_are_found(bench: &Bench) {
    let store = &bench.store;
    let records: Vec<_> = (0..6).map(|n| record(n, 1)).collect();
    let commit = DispatchCommit { inputs: vec![input(1)], records: records.clone(), ..DispatchCommit::default() };
    store.append_dispatch(commit).await.unwrap();
    // A record that is there already takes its inputs with it.
    let records_again = vec![record(6, 2), record(3, 2)];
    let again = DispatchCommit { inputs: vec![input(2)], records: records_again, ..DispatchCommit::default() };
    let error = store.append_dispatch(again).await.unwrap_err();
    assert!(matches!(error, Error::Conflict { table: "dispatch_record" }), "{error}");
    assert_eq!(store.last_dispatch_seq().await.unwrap(), 1);

    assert_eq!(store.dispatch_record(&sample::key(4)).await.unwrap().as_ref(), Some(&records[4]));
    assert_eq!(store.dispatch_record(&sample::key(6)).await.unwrap(), None);
    assert_eq!(store.dispatch_records(None, 4).await.unwrap(), records[..4]);
    assert_eq!(store.dispatch_records(Some((1, sample::key(3))), 4).await.unwrap(), records[4..]);
    let newest = store.dispatch_records_of(&sample::key(1), 2).await.unwrap();
    assert_eq!(newest, [records[5].clone(), records[3].clone()]);
}
