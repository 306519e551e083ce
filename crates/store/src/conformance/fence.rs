//! One writer at a time.

use super::{Bench, commit, sample};
use crate::Error;
use crate::model::Claim;

pub async fn a_stale_writer_loses(bench: &Bench) {
    let old = bench.with(vec![sample::job(1).into()]).await;
    let taken = bench.store.claim("test").await.unwrap();
    assert_eq!((taken.fence, taken.slot, taken.blockhash), (old.fence + 1, Some(10), Some([7; 32])));

    let error = bench.store.commit_slot(commit(&old, 11, vec![sample::job(2).into()])).await.unwrap_err();
    assert!(matches!(error, Error::StaleFence { held: 1, current: 2, .. }), "{error}");
    assert_eq!(bench.store.job(&sample::key(2)).await.unwrap(), None);
    assert_eq!(bench.store.chain_slot(11).await.unwrap(), None);

    let new = Claim { fence: taken.fence, ..old };
    bench.store.commit_slot(commit(&new, 11, vec![sample::job(2).into()])).await.unwrap();
    assert_eq!(bench.store.cursor("test").await.unwrap().unwrap().slot, Some(11));
}

pub async fn a_cursor_that_moved_is_noticed(bench: &Bench) {
    let unknown = Claim { stream: "other".into(), fence: 1, at: None };
    let error = bench.store.commit_slot(commit(&unknown, 1, Vec::new())).await.unwrap_err();
    assert!(matches!(error, Error::StaleFence { current: 0, .. }), "{error}");
    assert_eq!(bench.store.cursor("other").await.unwrap(), None);

    let claim = bench.with(Vec::new()).await;
    let behind = Claim { at: Some(9), ..claim };
    let error = bench.store.commit_slot(commit(&behind, 11, Vec::new())).await.unwrap_err();
    assert!(matches!(error, Error::CursorMoved { expected: Some(9), found: Some(10), .. }), "{error}");
}

pub async fn only_what_is_still_as_seen_is_taken_over(bench: &Bench) {
    let store = &bench.store;
    let first = store.take_over("test", None).await.unwrap().unwrap();
    assert_eq!((first.fence, first.slot, first.beat), (1, None, Some(0)));
    assert_eq!(store.take_over("test", None).await.unwrap(), None);

    // A beat and a commit are signs of life: what was seen before is no longer there.
    store.beat("test", 1).await.unwrap();
    assert_eq!(store.take_over("test", Some(&first)).await.unwrap(), None);
    let beaten = store.cursor("test").await.unwrap().unwrap();
    let claim = Claim { stream: "test".into(), fence: 1, at: None };
    store.commit_slot(commit(&claim, 10, vec![sample::job(1).into()])).await.unwrap();
    assert_eq!(store.take_over("test", Some(&beaten)).await.unwrap(), None);
    let seen = store.cursor("test").await.unwrap().unwrap();
    assert_eq!((seen.fence, seen.beat, seen.slot), (1, Some(1), Some(10)));

    let taken = store.take_over("test", Some(&seen)).await.unwrap().unwrap();
    assert_eq!((taken.fence, taken.beat, taken.slot, taken.blockhash), (2, Some(0), Some(10), Some([7; 32])));
    assert_eq!(store.take_over("test", Some(&seen)).await.unwrap(), None);
    let error = store.commit_slot(commit(&Claim { at: Some(10), ..claim }, 11, Vec::new())).await.unwrap_err();
    assert!(matches!(error, Error::StaleFence { held: 1, current: 2, .. }), "{error}");
}

pub async fn a_writer_beats_until_it_is_fenced(bench: &Bench) {
    let store = &bench.store;
    let claim = bench.with(vec![sample::job(1).into()]).await;
    store.beat("test", claim.fence).await.unwrap();
    store.commit_slot(commit(&claim, 11, Vec::new())).await.unwrap();
    let before = store.cursor("test").await.unwrap().unwrap();
    assert_eq!((before.beat, before.slot), (Some(1), Some(11)));

    // Given back, and taken by another: the first neither beats nor gives back what is no longer its own.
    store.release("test", claim.fence).await.unwrap();
    let free = store.cursor("test").await.unwrap().unwrap();
    assert_eq!((free.fence, free.beat), (claim.fence, None));
    let taken = store.take_over("test", Some(&free)).await.unwrap().unwrap();
    for refused in [store.beat("test", claim.fence).await, store.release("test", claim.fence).await] {
        assert!(matches!(refused, Err(Error::StaleFence { held: 1, current: 2, .. })), "{refused:?}");
    }
    assert_eq!(store.cursor("test").await.unwrap(), Some(taken));
    let error = store.beat("other", 1).await.unwrap_err();
    assert!(matches!(error, Error::StaleFence { current: 0, .. }), "{error}");
    assert_eq!(store.cursor("other").await.unwrap(), None);
}

pub async fn one_of_two_takes_over(bench: &Bench) {
    let other = bench.scratch.open().await.unwrap();
    let claim = bench.with(Vec::new()).await;
    for fence in claim.fence..claim.fence + 20 {
        let seen = bench.store.cursor("test").await.unwrap();
        let here = bench.store.take_over("test", seen.as_ref());
        let (here, there) = futures_util::future::join(here, other.take_over("test", seen.as_ref())).await;
        let won: Vec<_> = [here, there].into_iter().filter_map(Result::unwrap).map(|cursor| cursor.fence).collect();
        assert_eq!(won, [fence + 1]);
    }
    other.close().await;
}
