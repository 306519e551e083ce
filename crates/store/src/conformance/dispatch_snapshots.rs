//! Snapshots of the dispatch engine, and pruning behind them.

use std::collections::BTreeSet;

use mira_core::hash::{Sha2, Sha256 as _};

use super::{Bench, sample};
use crate::model::{DispatchCommit, DispatchInput, DispatchSnapshot, SNAPSHOT_PART_BYTES, SnapshotPart};
use crate::{Error, Result, Store};

/// Bytes of three pieces, other ones for each number.
fn bytes(seq: u64) -> Vec<u8> {
    let size = 2 * SNAPSHOT_PART_BYTES + usize::try_from(seq % 7).unwrap();
    seq.to_be_bytes().into_iter().cycle().take(size).collect()
}

fn head(seq: u64, bytes: &[u8]) -> DispatchSnapshot {
    DispatchSnapshot {
        seq,
        format: 1,
        version: 3,
        began_after: seq / 2,
        bytes: bytes.len() as u64,
        parts: u32::try_from(SnapshotPart::cut(seq, bytes).len()).unwrap(),
        hash: Sha2::hashv(&[bytes]),
        created_ms: -1,
    }
}

/// Writes a whole snapshot of an input.
///
/// # Panics
/// If the store refuses.
pub(super) async fn keep(store: &dyn Store, fence: u64, seq: u64) {
    let bytes = bytes(seq);
    store.put_snapshot_parts(fence, &SnapshotPart::cut(seq, &bytes)).await.unwrap();
    store.put_snapshot(fence, &head(seq, &bytes)).await.unwrap();
}

/// Takes the log over, and gives the fence.
async fn take(store: &dyn Store) -> u64 {
    let seen = store.dispatcher().await.unwrap();
    store.take_dispatch(seen.as_ref(), &sample::key(8), "here").await.unwrap().unwrap().fence
}

async fn append(store: &dyn Store, fence: u64, seqs: impl IntoIterator<Item = u64>) {
    let input = |seq: u64| DispatchInput { seq, bytes: seq.to_be_bytes().to_vec(), version: 3 };
    let inputs = seqs.into_iter().map(input).collect();
    store.append_dispatch(fence, DispatchCommit { inputs, ..DispatchCommit::default() }).await.unwrap();
}

/// The numbers of all inputs.
async fn inputs(store: &dyn Store) -> Vec<u64> {
    store.dispatch_inputs(0, 1_000).await.unwrap().into_iter().map(|input| input.seq).collect()
}

/// The numbers of all snapshots, the newest first.
async fn snapshots(store: &dyn Store) -> Vec<u64> {
    store.dispatch_snapshots().await.unwrap().into_iter().map(|snapshot| snapshot.seq).collect()
}

fn invalid(result: Result<()>) {
    assert!(matches!(result, Err(Error::Invalid(_))), "{result:?}");
}

pub async fn a_snapshot_is_there_once_it_is_whole(bench: &Bench) {
    let store = &*bench.store;
    let fence = take(store).await;
    append(store, fence, 1..=9).await;
    let (whole, parts) = (bytes(5), SnapshotPart::cut(5, &bytes(5)));
    let snapshot = head(5, &whole);
    invalid(store.put_snapshot(fence, &snapshot).await);
    store.put_snapshot_parts(fence, &parts[..2]).await.unwrap();
    invalid(store.put_snapshot(fence, &snapshot).await);
    // What somebody else left of it is written over, also a piece too many.
    let left = [0, 3].map(|part| SnapshotPart { seq: 5, part, bytes: vec![9] });
    store.put_snapshot_parts(fence, &left).await.unwrap();
    store.put_snapshot_parts(fence, &parts[2..]).await.unwrap();
    invalid(store.put_snapshot(fence, &snapshot).await);
    assert_eq!(snapshots(store).await, Vec::<u64>::new());
    store.put_snapshot_parts(fence, &parts[..1]).await.unwrap();
    store.put_snapshot(fence, &snapshot).await.unwrap();
    assert_eq!(store.dispatch_snapshots().await.unwrap(), std::slice::from_ref(&snapshot));
    assert_eq!(store.snapshot_bytes(&snapshot).await.unwrap(), whole);

    // Not of what is not recorded, and not of nothing.
    for seq in [0, 10] {
        store.put_snapshot_parts(fence, &SnapshotPart::cut(seq, &bytes(seq))).await.unwrap();
        invalid(store.put_snapshot(fence, &head(seq, &bytes(seq))).await);
    }
    keep(store, fence, 9).await;
    assert_eq!(snapshots(store).await, [9, 5]);
    // Another one of the same input takes its place.
    let other = DispatchSnapshot { format: 2, ..snapshot };
    store.put_snapshot(fence, &other).await.unwrap();
    assert_eq!(store.dispatch_snapshots().await.unwrap()[1], other);
}

pub async fn inputs_go_that_every_kept_snapshot_covers(bench: &Bench) {
    let store = &*bench.store;
    let fence = take(store).await;
    append(store, fence, 1..=20).await;
    let prune = async |keep, limit| store.prune_dispatch(fence, keep, limit).await.unwrap();
    assert_eq!(prune(1, 100).await, 0, "there is no snapshot");
    keep(store, fence, 6).await;
    keep(store, fence, 12).await;
    assert_eq!(prune(3, 100).await, 0, "there are not so many");
    assert_eq!(prune(2, 4).await, 4, "a few at a time");
    assert_eq!(prune(2, 4).await, 2);
    assert_eq!(prune(2, 4).await, 0);
    assert_eq!((inputs(store).await, snapshots(store).await), ((7..=20).collect(), vec![12, 6]));

    // Pieces of a snapshot that was never finished go with those of an old one.
    store.put_snapshot_parts(fence, &SnapshotPart::cut(15, &bytes(15))).await.unwrap();
    keep(store, fence, 18).await;
    assert_eq!(bench.scratch.count("dispatch_snapshot_part").await.unwrap(), 12);
    while prune(2, 100).await > 0 {}
    assert_eq!((inputs(store).await, snapshots(store).await), ((13..=20).collect(), vec![18, 12]));
    assert_eq!(bench.scratch.count("dispatch_snapshot_part").await.unwrap(), 6);
    while prune(0, 100).await > 0 {}
    assert_eq!((inputs(store).await, snapshots(store).await), (vec![19, 20], vec![18]), "one always stays");
    append(store, fence, [21]).await;
    assert_eq!((store.last_dispatch_seq().await.unwrap(), store.dispatcher().await.unwrap().unwrap().seq), (21, 21));
}

pub async fn a_stale_dispatcher_keeps_and_prunes_nothing(bench: &Bench) {
    let store = &*bench.store;
    let old = take(store).await;
    append(store, old, 1..=9).await;
    keep(store, old, 3).await;
    store.put_snapshot_parts(old, &SnapshotPart::cut(6, &bytes(6))).await.unwrap();
    let new = take(store).await;
    let stale = |result: Result<()>| {
        assert!(matches!(result, Err(Error::StaleDispatcher { held: 1, current: 2 })), "{result:?}");
    };
    stale(store.put_snapshot_parts(old, &SnapshotPart::cut(7, &bytes(7))).await);
    stale(store.put_snapshot(old, &head(6, &bytes(6))).await);
    stale(store.prune_dispatch(old, 1, 100).await.map(drop));
    assert_eq!((inputs(store).await, snapshots(store).await), ((1..=9).collect(), vec![3]));
    assert_eq!(bench.scratch.count("dispatch_snapshot_part").await.unwrap(), 6);
    // Nor does one that has given the log back.
    store.release_dispatch(new).await.unwrap();
    let late = store.prune_dispatch(new, 1, 100).await.unwrap_err();
    assert!(matches!(late, Error::StaleDispatcher { held: 2, current: 2 }), "{late}");
    assert_eq!(inputs(store).await, (1..=9).collect::<Vec<_>>());
}

/// A stream of numbers below a bound.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, bound: u64) -> u64 {
        self.0 += 1;
        let hash = Sha2::hashv(&[&self.0.to_be_bytes()]);
        u64::from_be_bytes(*hash.first_chunk().unwrap()) % bound
    }
}

/// Whatever is appended, kept and pruned in whatever order and by whom: each snapshot is followed by every input since,
/// and nothing goes that the model would keep.
pub async fn what_no_snapshot_covers_stays(bench: &Bench) {
    const SEED: u64 = 1_600;
    let store = &*bench.store;
    let mut dice = Dice(SEED << 32);
    let (mut fence, mut last, mut first, mut kept) = (take(store).await, 0, 1, BTreeSet::new());
    for step in 0..120 {
        match dice.roll(6) {
            0 | 1 => {
                let until = last + 1 + dice.roll(8);
                append(store, fence, last + 1..=until).await;
                last = until;
            }
            2 if last > 0 && first <= last => {
                let seq = first + dice.roll(last - first + 1);
                keep(store, fence, seq).await;
                kept.insert(seq);
            }
            3 => fence = take(store).await,
            4 => {
                let stale = store.prune_dispatch(fence - 1, 1, 50).await.unwrap_err();
                assert!(matches!(stale, Error::StaleDispatcher { .. }), "{stale}");
            }
            _ => {
                let keep = 1 + u32::try_from(dice.roll(3)).unwrap();
                while store.prune_dispatch(fence, keep, 3).await.unwrap() > 0 {}
                if let Some(oldest) = kept.iter().rev().nth(usize::try_from(keep - 1).unwrap()).copied() {
                    kept.retain(|seq| *seq >= oldest);
                    first = first.max(oldest + 1);
                }
            }
        }
        let what = format!("step {step} of seed {SEED}");
        assert_eq!(inputs(store).await, (first..=last).collect::<Vec<_>>(), "{what}");
        assert_eq!(snapshots(store).await, kept.iter().rev().copied().collect::<Vec<_>>(), "{what}");
        assert!(first == 1 || kept.first().is_some_and(|oldest| first <= oldest + 1), "{what}: a hole");
    }
    assert!(first > 1 && kept.len() > 1, "seed {SEED} shows nothing");
    for snapshot in store.dispatch_snapshots().await.unwrap() {
        assert_eq!(store.snapshot_bytes(&snapshot).await.unwrap(), bytes(snapshot.seq));
    }
}
