//! Confirmed rows.

use super::{Bench, commit, sample};
use crate::Error;
use crate::model::{Claim, JobRow, Projection, Set, Swap, state_hash};

pub async fn confirmed_rows_are_replaced_as_a_whole(bench: &Bench) {
    let store = &bench.store;
    let claim = bench.with(sample::world()).await;
    let hash = async |set| store.state_digest(set, "test").await.unwrap().hash;
    let job = sample::job(3);
    let newer: Projection = JobRow { seq: job.seq + 1, ..job.clone() }.into();
    let fork = [newer.clone(), sample::job(99).into()];
    store.replace_confirmed(&claim, &fork).await.unwrap();
    assert_eq!(hash(Set::Confirmed).await, state_hash(&fork));
    // The live rows are as they were, and no reader of them sees a confirmed one.
    assert_eq!(hash(Set::Live).await, state_hash(&sample::world()));
    assert_eq!(store.job(&sample::key(99)).await.unwrap(), None);

    // A rebuild swaps the shadow set in and leaves the confirmed one alone.
    store.write_shadow(&sample::world()).await.unwrap();
    store.swap_shadow(Swap { claim: claim.clone(), code_version: 1 }).await.unwrap();
    assert_eq!(hash(Set::Live).await, state_hash(&sample::world()));
    assert_eq!(hash(Set::Confirmed).await, state_hash(&fork));

    // Another fork, with an older row where the first had a newer one, and then none.
    store.replace_confirmed(&claim, &[job.clone().into()]).await.unwrap();
    assert_eq!(store.load(Set::Confirmed, &[newer.key()]).await.unwrap(), [Projection::from(job)]);
    assert_eq!(store.state_digest(Set::Confirmed, "test").await.unwrap().rows, 1);
    store.replace_confirmed(&claim, &[]).await.unwrap();
    assert_eq!(hash(Set::Confirmed).await, state_hash([]));
}

pub async fn confirmed_rows_need_the_claim(bench: &Bench) {
    let store = &bench.store;
    let claim = bench.with(vec![sample::job(1).into()]).await;
    let fork = [sample::job(2).into()];
    store.replace_confirmed(&claim, &fork).await.unwrap();
    store.commit_slot(commit(&claim, 11, Vec::new())).await.unwrap();
    let error = store.replace_confirmed(&claim, &[]).await.unwrap_err();
    assert!(matches!(error, Error::CursorMoved { expected: Some(10), found: Some(11), .. }), "{error}");
    let stale = Claim { fence: 0, at: Some(11), ..claim };
    let error = store.replace_confirmed(&stale, &[]).await.unwrap_err();
    assert!(matches!(error, Error::StaleFence { .. }), "{error}");
    assert_eq!(store.state_digest(Set::Confirmed, "test").await.unwrap().hash, state_hash(&fork));
}
