//! Single transactions instead of blocks: the same rows, and other ways to go wrong.

use super::*;
use mira_core::ledger::Action;
use mira_store::model::Claim;

const SLOTS: [u64; 7] = [6, 7, 9, 12, 13, 40, 41];

impl World {
    pub(super) fn spawn_signatures(&self) -> (Handle, CancellationToken) {
        self.spawn_over(Source::Signatures(self.source.clone()))
    }

    pub(super) async fn index_signatures(&self, slot: u64) {
        finish(self.spawn_signatures(), slot).await;
    }

    /// A job in a slot of its own, which nothing else touches.
    fn lone_job(&mut self, slot: u64) {
        let terms = crate::testing::terms(self.chain.ledger.now, 200);
        self.chain.run(Action::CreateJob { job: crate::testing::job(200), terms }).unwrap();
        self.source.block(slot, self.chain.take_raw(slot));
    }
}

#[tokio::test]
async fn both_sources_give_the_same_ledger_and_rows_to_the_byte() {
    let (mut blocks, mut signatures, mut mixed) = (World::new().await, World::new().await, World::new().await);
    for (turn, slot) in SLOTS.into_iter().enumerate() {
        for world in [&mut blocks, &mut signatures, &mut mixed] {
            world.play(slot);
        }
        signatures.index_signatures(slot).await;
        if turn % 2 == 0 {
            mixed.index_signatures(slot).await;
        } else {
            mixed.index(slot).await;
        }
    }
    blocks.index(41).await;
    let mut late = World::new().await;
    late.source = blocks.source.clone();
    late.index_signatures(41).await;
    let expected = (blocks.hash().await, blocks.store.events_after(None, None, 1_000).await.unwrap());
    for world in [&signatures, &mixed, &late] {
        let found = (world.hash().await, world.store.events_after(None, None, 1_000).await.unwrap());
        assert!(found == expected, "{} events, not {}", found.1.len(), expected.1.len());
        assert!(verify(world.store.as_ref()).await.unwrap().matches());
    }
    assert_eq!(signatures.store.chain_slot(41).await.unwrap(), None, "no slot is proven");
}

#[tokio::test]
async fn single_transactions_leave_no_confirmed_rows() {
    let world = World::new().await;
    world.index(5).await;
    let cursor = world.store.cursor(STREAM).await.unwrap().unwrap();
    let claim = Claim { stream: STREAM.to_owned(), fence: cursor.fence, at: cursor.slot };
    let mut rows = Rows::default();
    fold(&mut rows, &Chain::furnished(CLUSTER).take(5)).unwrap();
    let rows = rows.take_changed();
    world.store.replace_confirmed(&claim, &rows).await.unwrap();
    world.confirmed(&rows).await;
    let (handle, shutdown) = world.spawn_signatures();
    world.confirmed(&[]).await;
    shutdown.cancel();
    handle.task.await.unwrap();
}

#[tokio::test]
async fn the_proof_is_named() {
    let world = World::new().await;
    let (handle, shutdown) = world.spawn_signatures();
    assert_eq!(handle.health.borrow().proof.to_string(), "seq continuity");
    shutdown.cancel();
    handle.task.await.unwrap();
    let (handle, shutdown) = world.spawn();
    assert_eq!(handle.health.borrow().proof.to_string(), "parent links");
    shutdown.cancel();
}

#[tokio::test]
async fn a_transaction_left_out_stops_until_it_is_listed() {
    let mut world = World::new().await;
    world.index_signatures(5).await;
    [6, 7, 8].into_iter().for_each(|slot| world.play(slot));
    world.source.hide(&[7]);
    let (handle, shutdown) = world.spawn_signatures();
    let stop = stopped(&handle).await;
    assert_eq!((stop.code, stop.asks_again), ("incomplete_history", true), "{}", stop.reason);
    assert_eq!(world.cursor().await, Some(5));
    world.source.hide(&[]);
    tokio::time::timeout(LONG, handle.reached(8)).await.unwrap().unwrap();
    assert_eq!(handle.health.borrow().ready(0), Ok(()));
    shutdown.cancel();
    handle.task.await.unwrap();
}

#[tokio::test]
async fn an_aggregate_that_is_never_listed_is_found_among_the_accounts() {
    let mut world = World::new().await;
    world.lone_job(6);
    world.source.hide(&[6]);
    world.source.block(200, Vec::new());
    let (handle, shutdown) = world.spawn_signatures();
    tokio::time::timeout(LONG, handle.reached(200)).await.unwrap().unwrap();
    world.source.block(300, Vec::new());
    let stop = stopped(&handle).await;
    assert_eq!((stop.code, stop.asks_again), ("aggregate_never_seen", false), "{}", stop.reason);
    shutdown.cancel();
    handle.task.await.unwrap();
}

#[tokio::test]
async fn a_history_that_is_gone_is_no_empty_one() {
    let mut world = World::new().await;
    world.index_signatures(5).await;
    world.play(6);
    world.source.hide(&[5]);
    let (handle, shutdown) = world.spawn_signatures();
    let stop = stopped(&handle).await;
    assert_eq!((stop.code, stop.asks_again), ("unavailable_slot", true), "{}", stop.reason);
    assert_eq!(world.cursor().await, Some(5));
    world.source.hide(&[]);
    tokio::time::timeout(LONG, handle.reached(6)).await.unwrap().unwrap();
    shutdown.cancel();
    handle.task.await.unwrap();
}

#[tokio::test]
async fn a_transaction_that_is_not_there_or_not_readable_stops() {
    let mut world = World::new().await;
    world.index_signatures(5).await;
    [6, 7].into_iter().for_each(|slot| world.play(slot));
    world.source.answer(7, Some(BlockFetch::Unavailable { reason: "pruned".to_owned() }));
    let (handle, shutdown) = world.spawn_signatures();
    assert_eq!(stopped(&handle).await.code, "unavailable_slot");
    assert_eq!(world.cursor().await, Some(6), "what is complete is stored");
    world.source.undecodable(7);
    let mut health = handle.health.clone();
    let undecodable = |health: &Health| health.stopped.as_ref().is_some_and(|stop| stop.code == "undecodable_block");
    tokio::time::timeout(LONG, health.wait_for(undecodable)).await.unwrap().unwrap();
    shutdown.cancel();
    handle.task.await.unwrap();
}
