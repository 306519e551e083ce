//! What is missing is noted while it is, and rows of another version are not continued.

use super::*;
use mira_store::model::{Claim, Gap, SLOTS, SlotCommit};

impl World {
    /// Waits until exactly these numbers are noted as missing; gives the notes.
    async fn gaps(&self, numbers: &[(u64, u64)]) -> Vec<Gap> {
        let wait = async {
            loop {
                let gaps = self.store.gaps().await.unwrap();
                if gaps.iter().map(|gap| (gap.first, gap.last)).eq(numbers.iter().copied()) {
                    return gaps;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(LONG, wait).await.unwrap()
    }
}

#[tokio::test]
async fn a_slot_that_is_missing_is_noted_until_it_is_read() {
    let mut world = World::new().await;
    [6, 7, 8].into_iter().for_each(|slot| world.play(slot));
    world.source.hide(&[7]);
    let (handle, shutdown) = world.spawn();
    let gaps = world.gaps(&[(7, 7)]).await;
    assert_eq!(gaps[0].subject, SLOTS);
    assert!(gaps[0].reason.starts_with("unproved_skip: slot 8 builds on slot 7"), "{}", gaps[0].reason);
    assert!(gaps[0].found_ms > 1_600_000_000_000, "{}", gaps[0].found_ms);
    let proof = crate::prove::prove(world.store.as_ref()).await.unwrap();
    assert_eq!(proof.named.iter().map(|hole| hole.code()).collect::<Vec<_>>(), ["gap_noted"]);
    world.source.hide(&[]);
    tokio::time::timeout(LONG, handle.reached(8)).await.unwrap().unwrap();
    world.gaps(&[]).await;
    assert!(crate::prove::prove(world.store.as_ref()).await.unwrap().is_whole());
    shutdown.cancel();
    handle.task.await.unwrap();
}

/// Also by an indexer that did not note it itself.
#[tokio::test]
async fn an_event_that_is_missing_is_noted_until_it_is_folded() {
    let mut world = World::new().await;
    world.index_signatures(5).await;
    for slot in [6, 7] {
        world.chain.open(1, 9_000).unwrap_or_default();
        world.chain.settle(1, 1_000 * slot, 500 * slot).unwrap();
        world.source.block(slot, world.chain.take_raw(slot));
    }
    // Slot 6 opens the lease and settles a first time: events 1 and 2 of the lease, 3 and 4 of the job.
    world.source.hide(&[6]);
    let (handle, shutdown) = world.spawn_signatures();
    assert_eq!(stopped(&handle).await.code, "incomplete_history");
    let gap = world.gaps(&[(1, 2)]).await.remove(0);
    assert_eq!(gap.subject, crate::testing::lease(1));
    shutdown.cancel();
    handle.task.await.unwrap();

    world.source.hide(&[]);
    world.index(7).await;
    world.gaps(&[]).await;
}

#[tokio::test]
async fn rows_that_another_version_folded_are_not_continued_until_they_are_rebuilt() {
    let mut world = World::new().await;
    // As a version left it that noted nothing: slot 5 is indexed, and no row is there.
    let cursor = world.store.claim(STREAM).await.unwrap();
    let other = World::new().await;
    other.index(5).await;
    let found = other.store.cursor(STREAM).await.unwrap().unwrap();
    let commit = SlotCommit {
        claim: Claim { stream: STREAM.to_owned(), fence: cursor.fence, at: None },
        slots: other.store.chain_slots(None, 10).await.unwrap(),
        events: other.store.events_after(None, None, 1_000).await.unwrap(),
        writes: Vec::new(),
        dead_letters: Vec::new(),
        slot: 5,
        blockhash: found.blockhash.unwrap(),
    };
    world.store.commit_slot(commit).await.unwrap();
    world.play(6);
    let (handle, shutdown) = world.spawn();
    let stop = stopped(&handle).await;
    assert_eq!((stop.code, stop.asks_again), ("other_version", false));
    assert!(stop.reason.contains("mira rebuild"), "{}", stop.reason);
    assert_eq!(world.cursor().await, Some(5));
    shutdown.cancel();
    handle.task.await.unwrap();

    let report = rebuild(world.store.as_ref()).await.unwrap();
    assert!(!report.matches());
    assert_eq!(report.rebuilt, other.hash().await);
    world.index(6).await;
    assert!(verify(world.store.as_ref()).await.unwrap().matches());
}
