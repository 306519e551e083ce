//! The dispatch log, and who writes it.

use super::{Bench, sample};
use crate::Error;
use crate::model::{DISPATCH, DispatchCommit, DispatchInput, DispatchRecord, Dispatcher};

fn input(seq: u64) -> DispatchInput {
    DispatchInput { seq, bytes: seq.to_be_bytes().to_vec(), version: 2 }
}

fn record(n: u32, input_seq: u64) -> DispatchRecord {
    let subject = sample::key(n % 2);
    DispatchRecord { id: sample::key(n), input_seq, kind: "placement".into(), subject, bytes: vec![sample::low(n)] }
}

fn inputs(seqs: &[u64]) -> DispatchCommit {
    DispatchCommit { inputs: seqs.iter().copied().map(input).collect(), ..DispatchCommit::default() }
}

/// Takes the log over as it is now.
async fn take(bench: &Bench) -> Dispatcher {
    let seen = bench.store.dispatcher().await.unwrap();
    bench.store.take_dispatch(seen.as_ref(), &sample::key(8), "here").await.unwrap().unwrap()
}

pub async fn the_log_has_no_gap(bench: &Bench) {
    let store = &bench.store;
    assert_eq!(store.last_dispatch_seq().await.unwrap(), 0);
    let fence = take(bench).await.fence;
    for wrong in [&[2][..], &[1, 3], &[1, 1], &[0], &[]] {
        let error = store.append_dispatch(fence, inputs(wrong)).await.unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{error}");
    }
    store.append_dispatch(fence, inputs(&[1, 2, 3])).await.unwrap();
    store.append_dispatch(fence, inputs(&[4])).await.unwrap();
    let error = store.append_dispatch(fence, inputs(&[4])).await.unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error}");
    assert_eq!(store.dispatch_inputs(1, 2).await.unwrap(), [input(2), input(3)]);
    assert_eq!(store.last_dispatch_seq().await.unwrap(), 4);
}

pub async fn records_are_found(bench: &Bench) {
    let (store, fence) = (&bench.store, take(bench).await.fence);
    let records: Vec<_> = (0..6).map(|n| record(n, 1)).collect();
    store.append_dispatch(fence, DispatchCommit { records: records.clone(), ..inputs(&[1]) }).await.unwrap();
    // A record that is there already takes its inputs with it.
    let again = DispatchCommit { records: vec![record(6, 2), record(3, 2)], ..inputs(&[2]) };
    let error = store.append_dispatch(fence, again).await.unwrap_err();
    assert!(matches!(error, Error::Conflict { table: "dispatch_record" }), "{error}");
    assert_eq!(store.last_dispatch_seq().await.unwrap(), 1);

    assert_eq!(store.dispatch_record(&sample::key(4)).await.unwrap().as_ref(), Some(&records[4]));
    assert_eq!(store.dispatch_record(&sample::key(6)).await.unwrap(), None);
    assert_eq!(store.dispatch_records(None, 4).await.unwrap(), records[..4]);
    assert_eq!(store.dispatch_records(Some((1, sample::key(3))), 4).await.unwrap(), records[4..]);
    let newest = store.dispatch_records_of(&sample::key(1), 2).await.unwrap();
    assert_eq!(newest, [records[5].clone(), records[3].clone()]);
}

pub async fn a_stale_dispatcher_appends_nothing(bench: &Bench) {
    let store = &bench.store;
    let old = take(bench).await;
    let expected = Dispatcher {
        stream: DISPATCH.into(),
        dispatcher: sample::key(8),
        holder: "here".into(),
        fence: 1,
        beat: Some(0),
        seq: 0,
    };
    assert_eq!(old, expected);
    store.append_dispatch(1, inputs(&[1, 2])).await.unwrap();
    let seen = store.dispatcher().await.unwrap().unwrap();
    assert_eq!((seen.beat, seen.seq), (Some(1), 2), "an append is a sign of life");
    let new = store.take_dispatch(Some(&seen), &sample::key(9), "there").await.unwrap().unwrap();
    assert_eq!((new.fence, new.beat, new.seq, new.dispatcher), (2, Some(0), 2, sample::key(9)));

    let stale = |result: crate::Result<()>| {
        assert!(matches!(result, Err(Error::StaleDispatcher { held: 1, current: 2 })), "{result:?}");
    };
    let commit = DispatchCommit { records: vec![record(1, 3)], ..inputs(&[3]) };
    stale(store.append_dispatch(1, commit.clone()).await);
    stale(store.beat_dispatch(1).await);
    stale(store.release_dispatch(1).await);
    assert_eq!(store.dispatch_record(&sample::key(1)).await.unwrap(), None);
    assert_eq!((store.last_dispatch_seq().await.unwrap(), store.dispatcher().await.unwrap()), (2, Some(new)));
    store.append_dispatch(2, commit).await.unwrap();
    assert_eq!(store.last_dispatch_seq().await.unwrap(), 3);
}

pub async fn only_a_silent_dispatcher_is_followed(bench: &Bench) {
    let store = &bench.store;
    let nobody = store.beat_dispatch(1).await.unwrap_err();
    assert!(matches!(nobody, Error::StaleDispatcher { held: 1, current: 0 }), "{nobody}");
    let first = take(bench).await;
    let again = async |seen: Option<&Dispatcher>| store.take_dispatch(seen, &sample::key(9), "there").await.unwrap();
    assert_eq!(again(None).await, None);
    store.beat_dispatch(1).await.unwrap();
    assert_eq!(again(Some(&first)).await, None, "it has shown a sign of life");
    let beaten = store.dispatcher().await.unwrap().unwrap();
    store.append_dispatch(1, inputs(&[1])).await.unwrap();
    assert_eq!(again(Some(&beaten)).await, None, "it has written");

    // Given back: whoever wrote last writes no more, and the next one need not wait.
    store.release_dispatch(1).await.unwrap();
    let free = store.dispatcher().await.unwrap().unwrap();
    assert_eq!((free.fence, free.beat, free.seq), (1, None, 1));
    let late = store.append_dispatch(1, inputs(&[2])).await.unwrap_err();
    assert!(matches!(late, Error::StaleDispatcher { held: 1, current: 1 }), "{late}");
    assert_eq!(again(Some(&free)).await.unwrap().fence, 2);
}

pub async fn one_of_two_takes_the_log(bench: &Bench) {
    let other = bench.scratch.open().await.unwrap();
    let first = take(bench).await;
    for fence in first.fence..first.fence + 20 {
        let seen = bench.store.dispatcher().await.unwrap();
        let (a, b) = (sample::key(1), sample::key(2));
        let here = bench.store.take_dispatch(seen.as_ref(), &a, "here");
        let there = other.take_dispatch(seen.as_ref(), &b, "there");
        let (here, there) = futures_util::future::join(here, there).await;
        let won: Vec<_> = [here, there].into_iter().filter_map(Result::unwrap).map(|row| row.fence).collect();
        assert_eq!(won, [fence + 1]);
    }
    other.close().await;
}

pub async fn a_log_older_than_its_row_goes_on(bench: &Bench) {
    let fence = take(bench).await.fence;
    bench.store.append_dispatch(fence, inputs(&[1, 2, 3])).await.unwrap();
    bench.scratch.execute("DELETE FROM dispatcher").await.unwrap();
    assert_eq!(take(bench).await.seq, 3);
    bench.store.append_dispatch(1, inputs(&[4])).await.unwrap();
}

pub async fn an_engine_that_began_anew_may_decide_again(bench: &Bench) {
    let (store, fence) = (&bench.store, take(bench).await.fence);
    let old = DispatchCommit { records: vec![record(1, 1), record(2, 2)], ..inputs(&[1, 2]) };
    store.append_dispatch(fence, old).await.unwrap();
    let anew = |seq, n| DispatchCommit { records: vec![record(n, seq)], began_after: 2, ..inputs(&[seq]) };
    store.append_dispatch(fence, anew(3, 1)).await.unwrap();
    assert_eq!(store.dispatch_record(&sample::key(1)).await.unwrap(), Some(record(1, 3)));
    assert_eq!(
        store.dispatch_record(&sample::key(2)).await.unwrap(),
        Some(record(2, 2)),
        "it stays until decided again"
    );
    let twice = store.append_dispatch(fence, anew(4, 1)).await.unwrap_err();
    assert!(matches!(twice, Error::Conflict { table: "dispatch_record" }), "{twice}");
    assert_eq!(store.last_dispatch_seq().await.unwrap(), 3);
}
