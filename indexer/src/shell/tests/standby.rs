//! Two indexers on one database.

use super::*;
use crate::health::{NotReady, Standby};

/// Quick enough for a test, and far above what a beat takes on a busy machine.
const HOLD: Duration = Duration::from_millis(1_500);

async fn health(handle: &Handle, is: impl FnMut(&Health) -> bool) -> Health {
    let mut health = handle.health.clone();
    tokio::time::timeout(LONG, health.wait_for(is)).await.unwrap().unwrap().clone()
}

async fn reached(handle: &Handle, slot: u64) {
    tokio::time::timeout(LONG, handle.reached(slot)).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_second_indexer_waits_and_follows_one_that_is_gone() {
    let mut world = World::new().await;
    let (first, first_shutdown) = world.spawn_holding(HOLD);
    reached(&first, 5).await;
    let (second, second_shutdown) = world.spawn_holding(HOLD);
    let waits = health(&second, |health| health.standby.is_some()).await;
    let Err(NotReady::Standby(Standby { fence: 1, slot: Some(5) })) = waits.ready(u64::MAX) else {
        panic!("{waits:?}");
    };
    // An idle writer shows signs of life: its row changes, and nobody takes it over.
    let seen = world.store.cursor(STREAM).await.unwrap().unwrap();
    let beats =
        async { while world.store.cursor(STREAM).await.unwrap().unwrap().beat < seen.beat.map(|beat| beat + 4) {} };
    tokio::time::timeout(LONG, beats).await.unwrap();
    assert_eq!((first.health.borrow().standby, second.health.borrow().standby.is_some()), (None, true));

    world.play(6);
    reached(&first, 6).await;
    // It ends without a word, as if it were killed.
    first.task.abort();
    world.play(7);
    reached(&second, 7).await;
    let taken = world.store.cursor(STREAM).await.unwrap().unwrap();
    assert_eq!((taken.fence, second.health.borrow().ready(0)), (2, Ok(())));
    first_shutdown.cancel();
    second_shutdown.cancel();
    second.task.await.unwrap();
    assert!(verify(world.store.as_ref()).await.unwrap().matches());
}

#[tokio::test]
async fn one_that_ends_gives_the_stream_back_at_once() {
    let mut world = World::new().await;
    // Nobody would wait for so long.
    let hold = Duration::from_secs(3_600);
    let (first, first_shutdown) = world.spawn_holding(hold);
    reached(&first, 5).await;
    let (second, second_shutdown) = world.spawn_holding(hold);
    health(&second, |health| health.standby.is_some()).await;
    first_shutdown.cancel();
    first.task.await.unwrap();
    assert_eq!(world.store.cursor(STREAM).await.unwrap().unwrap().beat, None);
    world.play(6);
    let (third, third_shutdown) = world.spawn_holding(hold);
    reached(&third, 6).await;
    third_shutdown.cancel();
    third.task.await.unwrap();
    second_shutdown.cancel();
    second.task.await.unwrap();
}

#[tokio::test]
async fn one_that_lost_the_stream_waits_and_takes_it_back() {
    let mut world = World::new().await;
    let (first, shutdown) = world.spawn_holding(HOLD);
    reached(&first, 5).await;
    let taken = world.store.claim(STREAM).await.unwrap();
    health(&first, |health| health.standby.is_some_and(|standby| standby.fence == taken.fence)).await;
    // Whoever took it says no more.
    world.play(6);
    reached(&first, 6).await;
    let health = health(&first, |health| health.ready(0).is_ok()).await;
    assert_eq!((health.stopped, health.standby), (None, None));
    let cursor = world.store.cursor(STREAM).await.unwrap().unwrap();
    assert_eq!((cursor.fence, cursor.slot), (taken.fence + 1, Some(6)));
    shutdown.cancel();
    first.task.await.unwrap();
}

#[tokio::test]
async fn an_event_that_another_indexer_stored_is_not_called_misfit() {
    let mut world = World::new().await;
    // It would not notice by a beat.
    let (first, first_shutdown) = world.spawn_holding(Duration::from_secs(3_600));
    reached(&first, 5).await;
    // The second sees slot 6 long before the first does.
    let late = std::mem::replace(&mut world.source, Arc::new(FakeSource::new(CLUSTER)));
    world.chain.open(1, 500).unwrap();
    let events = world.chain.take_raw(6);
    world.source.block(6, events.clone());
    let taken = world.store.claim(STREAM).await.unwrap();
    world.store.release(STREAM, taken.fence).await.unwrap();
    let (second, second_shutdown) = world.spawn();
    reached(&second, 6).await;
    late.block(6, events);
    let fenced = health(&first, |health| health.standby.is_some() || health.stopped.is_some()).await;
    assert_eq!((fenced.stopped, fenced.standby.map(|standby| standby.fence)), (None, Some(taken.fence + 1)));
    first_shutdown.cancel();
    second_shutdown.cancel();
}

#[tokio::test]
async fn a_rebuild_takes_the_stream_and_gives_it_back() {
    let mut world = World::new().await;
    world.play(6);
    let (first, shutdown) = world.spawn_holding(Duration::from_secs(3_600));
    reached(&first, 6).await;
    assert!(rebuild(world.store.as_ref()).await.unwrap().matches());
    // The writer finds its fence stale with the next block, and the stream free.
    world.play(7);
    reached(&first, 7).await;
    assert_eq!(world.store.cursor(STREAM).await.unwrap().unwrap().fence, 3);
    shutdown.cancel();
    first.task.await.unwrap();
    assert!(verify(world.store.as_ref()).await.unwrap().matches());
}
