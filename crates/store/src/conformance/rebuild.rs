//! Rebuilding beside the live rows.

use super::{Bench, commit, sample};
use crate::Error;
use crate::model::{
    Claim, JobFilter, JobRow, Order, PageRequest, Projection, ProjectionMeta, Set, Swap, SwapReport, state_hash,
};

pub async fn the_shadow_is_swapped_in(bench: &Bench) {
    let store = &bench.store;
    let claim = bench.with(sample::world()).await;
    let mut right: Vec<Projection> = sample::world().into_iter().skip(5).collect();

    store.write_shadow(&[sample::job(99).into()]).await.unwrap();
    store.clear_shadow().await.unwrap();
    for rows in right.chunks(50) {
        store.write_shadow(rows).await.unwrap();
    }
    // What the live set holds is no obstacle, and what the shadow set holds is not seen.
    assert_eq!(store.state_digest(Set::Shadow, "test").await.unwrap().hash, state_hash(&right));
    assert_eq!(store.state_digest(Set::Live, "test").await.unwrap().hash, state_hash(&sample::world()));
    let hidden = sample::job(500);
    store.write_shadow(&[hidden.clone().into()]).await.unwrap();
    right.push(hidden.clone().into());
    assert_eq!(store.job(&hidden.job).await.unwrap(), None);
    let page = PageRequest { order: Order::default(), limit: 100 };
    assert_eq!(store.jobs(&JobFilter::default(), page).await.unwrap().rows.len(), 30);
    let error = store.write_shadow(&[JobRow { seq: 1, ..sample::job(3) }.into()]).await.unwrap_err();
    assert!(matches!(error, Error::SeqGap { table: "job", .. }), "{error}");

    assert_eq!(store.projection_meta("test").await.unwrap(), None);
    let report = store.swap_shadow(Swap { claim, code_version: 7 }).await.unwrap();
    let (before, after) = (state_hash(&sample::world()), state_hash(&right));
    assert_eq!(report, SwapReport { before, after, rows: right.len() as u64 });
    assert_eq!(store.state_digest(Set::Live, "test").await.unwrap().hash, after);
    assert_eq!(store.state_digest(Set::Shadow, "test").await.unwrap().rows, 0);
    assert_eq!(store.network().await.unwrap(), None);
    let meta = ProjectionMeta { name: "test".into(), code_version: 7, cursor: 10, state_hash: after };
    assert_eq!(store.projection_meta("test").await.unwrap(), Some(meta));
}

pub async fn a_swap_needs_the_claim(bench: &Bench) {
    let store = &bench.store;
    let cursor = store.claim("fresh").await.unwrap();
    let fresh = Claim { stream: cursor.stream, fence: cursor.fence, at: None };
    let error = store.swap_shadow(Swap { claim: fresh, code_version: 1 }).await.unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error}");

    let claim = bench.with(vec![sample::job(1).into()]).await;
    store.commit_slot(commit(&claim, 11, Vec::new())).await.unwrap();
    let error = store.swap_shadow(Swap { claim: claim.clone(), code_version: 1 }).await.unwrap_err();
    assert!(matches!(error, Error::CursorMoved { expected: Some(10), found: Some(11), .. }), "{error}");
    let stale = Claim { fence: 0, at: Some(11), ..claim };
    let error = store.swap_shadow(Swap { claim: stale, code_version: 1 }).await.unwrap_err();
    assert!(matches!(error, Error::StaleFence { .. }), "{error}");
    assert_eq!(store.job(&sample::key(1)).await.unwrap(), Some(sample::job(1)));
}

pub async fn the_first_writer_notes_its_code(bench: &Bench) {
    let store = &bench.store;
    let cursor = store.claim("test").await.unwrap();
    let claim = Claim { stream: cursor.stream, fence: cursor.fence, at: None };
    let stale = Claim { fence: claim.fence - 1, ..claim.clone() };
    let error = store.folded_by(&stale, 7).await.unwrap_err();
    assert!(matches!(error, Error::StaleFence { .. }), "{error}");
    assert_eq!(store.projection_meta("test").await.unwrap(), None);
    assert_eq!(store.folded_by(&claim, 6).await.unwrap(), Some(6));
    assert_eq!(store.folded_by(&claim, 7).await.unwrap(), Some(7));
    let meta = ProjectionMeta { name: "test".into(), code_version: 7, cursor: 0, state_hash: state_hash([]) };
    assert_eq!(store.projection_meta("test").await.unwrap(), Some(meta.clone()));

    // What has begun is no longer anybody's to say.
    store.commit_slot(commit(&claim, 10, vec![sample::job(1).into()])).await.unwrap();
    let claim = Claim { at: Some(10), ..claim };
    assert_eq!(store.folded_by(&claim, 8).await.unwrap(), Some(7));
    assert_eq!(store.projection_meta("test").await.unwrap(), Some(meta));
    store.swap_shadow(Swap { claim: claim.clone(), code_version: 8 }).await.unwrap();
    assert_eq!(store.folded_by(&claim, 8).await.unwrap(), Some(8));
}
