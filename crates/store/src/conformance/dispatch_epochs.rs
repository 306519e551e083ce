//! Dispatch epochs and blocks of route records.

use super::{Bench, sample};
use crate::model::{DispatchCommit, DispatchEpoch, DispatchInput, RouteBlock};
use crate::{Error, Result, Store};

/// An epoch over ten inputs.
pub(super) fn epoch(number: u64) -> DispatchEpoch {
    DispatchEpoch {
        number,
        hash: sample::key(1),
        root: sample::key(2),
        first_seq: number * 10 - 9,
        last_seq: number * 10,
        placement_root: sample::key(3),
        placements: 1 << 40,
        route_root: [0; 32],
        routes: 0,
        first_route: 7,
        closed_ms: -1,
        dispatcher: sample::key(4),
        cluster: sample::key(5),
        signature: [0xEE; 64],
    }
}

/// Closes epochs of these numbers.
///
/// # Panics
/// If the store refuses.
pub async fn fill(store: &dyn Store, numbers: &[u64]) {
    let seq = store.last_dispatch_seq().await.unwrap() + 1;
    let epochs = numbers.iter().copied().map(epoch).collect();
    append(store, DispatchCommit { epochs, ..commit(seq) }).await.unwrap();
}

/// Keeps a route record, the first of all.
///
/// # Panics
/// If the store refuses.
pub async fn keep(store: &dyn Store, record: Vec<u8>) {
    let seq = store.last_dispatch_seq().await.unwrap() + 1;
    let routes = vec![RouteBlock { first: 0, records: 1, input_seq: seq, bytes: record }];
    append(store, DispatchCommit { routes, ..commit(seq) }).await.unwrap();
}

/// A block of records of two bytes.
pub(super) fn block(first: u64, records: u32) -> RouteBlock {
    let bytes = (0..records).flat_map(|n| [sample::low(n), 9]).collect();
    RouteBlock { first, records, input_seq: 1, bytes }
}

/// Appends as whoever takes the log over.
async fn append(store: &dyn Store, commit: DispatchCommit) -> Result<()> {
    let seen = store.dispatcher().await?;
    let taken = store.take_dispatch(seen.as_ref(), &sample::key(8), "here").await?;
    store.append_dispatch(taken.map_or(0, |taken| taken.fence), commit).await
}

fn commit(seq: u64) -> DispatchCommit {
    DispatchCommit { inputs: vec![DispatchInput { seq, bytes: vec![1], version: 1 }], ..DispatchCommit::default() }
}

pub async fn epochs_are_found_by_number_and_by_input(bench: &Bench) {
    let store = &*bench.store;
    let epochs = vec![epoch(1), epoch(2), epoch(4)];
    append(store, DispatchCommit { epochs, ..commit(1) }).await.unwrap();
    assert_eq!(store.dispatch_epoch(2).await.unwrap(), Some(epoch(2)));
    assert_eq!(store.dispatch_epoch(3).await.unwrap(), None);
    let page = store.dispatch_epochs(None, 2).await.unwrap();
    assert_eq!((page.rows, page.more), (vec![epoch(4), epoch(2)], true));
    let page = store.dispatch_epochs(Some(2), 2).await.unwrap();
    assert_eq!((page.rows, page.more), (vec![epoch(1)], false));
    for (seq, number) in [(1, Some(1)), (10, Some(1)), (11, Some(2)), (21, None), (30, None), (31, Some(4)), (41, None)]
    {
        let found = store.dispatch_epoch_of(seq).await.unwrap();
        assert_eq!(found.map(|epoch| epoch.number), number, "input {seq}");
    }
}

pub async fn a_route_is_of_the_epoch_with_its_number(bench: &Bench) {
    let of = |number, first_route, routes| DispatchEpoch { first_route, routes, ..epoch(number) };
    let epochs = vec![of(1, 0, 0), of(2, 0, 5), of(3, 5, 0), of(4, 5, 2)];
    append(&*bench.store, DispatchCommit { epochs, ..commit(1) }).await.unwrap();
    for (route, number) in [(0, Some(2)), (4, Some(2)), (5, Some(4)), (6, Some(4)), (7, None)] {
        let found = bench.store.dispatch_epoch_of_route(route).await.unwrap();
        assert_eq!(found.map(|epoch| epoch.number), number, "route {route}");
    }
}

pub async fn an_epoch_is_closed_once_with_its_input(bench: &Bench) {
    let store = &*bench.store;
    append(store, DispatchCommit { epochs: vec![epoch(1)], ..commit(1) }).await.unwrap();
    let other = DispatchEpoch { root: sample::key(9), ..epoch(1) };
    let error = append(store, DispatchCommit { epochs: vec![other], ..commit(2) }).await.unwrap_err();
    assert!(matches!(error, Error::Conflict { table: "dispatch_epoch" }), "{error}");
    assert_eq!(store.last_dispatch_seq().await.unwrap(), 1, "its input is not kept either");
    assert_eq!(store.dispatch_epoch(1).await.unwrap(), Some(epoch(1)));
}

pub async fn a_route_record_is_found_in_its_block(bench: &Bench) {
    let store = &*bench.store;
    let routes = vec![block(0, 3), block(3, 1), block(8, 5)];
    assert_eq!(store.next_route().await.unwrap(), 0);
    append(store, DispatchCommit { routes: routes.clone(), ..commit(1) }).await.unwrap();
    for (number, first) in
        [(0, Some(0)), (2, Some(0)), (3, Some(3)), (4, None), (7, None), (8, Some(8)), (12, Some(8)), (13, None)]
    {
        let found = store.route_block(number).await.unwrap();
        assert_eq!(found.map(|block| block.first), first, "route {number}");
    }
    assert_eq!(store.next_route().await.unwrap(), 13);
    let error = append(store, DispatchCommit { routes: vec![block(8, 1)], ..commit(2) }).await.unwrap_err();
    assert!(matches!(error, Error::Conflict { table: "dispatch_route" }), "{error}");
}
