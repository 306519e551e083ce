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
