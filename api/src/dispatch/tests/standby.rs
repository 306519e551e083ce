//! Two dispatchers on one database.

use mira_core::amount::UnitPrice;
use mira_store::model::JobState;

use super::world::{self, JOB, World};
use super::{done, pull, report};
use crate::dispatch::{Error, Offer, Standing, Verdict, verify_log};

/// An offer that says something new.
fn cheaper(id: u8) -> Offer {
    Offer { unit_price: UnitPrice::new(400_000), ..world::offer(id) }
}

#[tokio::test]
async fn a_second_dispatcher_follows_the_first_and_goes_on_where_it_ends() {
    let world = World::placed(3).await;
    let leased = world.open_proposals().await;
    let other = world.beside().await;
    assert!(matches!(other.standing(), Standing::StandsBy { fence: 1, .. }), "{:?}", other.standing());
    let first = world.handle.pull(pull(leased[0], 5_000)).await.unwrap().expect("work");
    world::until("the other one knows of it", async || {
        other.shards(JOB, None, 1).await.unwrap().is_some_and(|shards| shards.running == 1)
    })
    .await;
    for refused in [other.offer(cheaper(1)).await, other.pull(pull(leased[0], 0)).await.map(drop)] {
        assert!(matches!(&refused, Err(Error::StandingBy { holder, .. }) if holder == "first"), "{refused:?}");
    }
    assert!(world.handle.ready(), "the first is not disturbed");

    // Given back, and taken at once: the hold time is far longer than this test.
    world.stop_first().await;
    world::until("the other one works", async || other.ready()).await;
    let verdict = other.result(report(leased[0], &first, done(91))).await.unwrap();
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    let second = other.pull(pull(leased[0], 5_000)).await.unwrap().expect("work");
    assert_eq!((second.shard, second.attempt), (1, 1));
    assert_eq!(verify_log(world.store()).await.unwrap().differences, 0);
    world.stop().await;
}

#[tokio::test]
async fn a_stale_dispatcher_writes_nothing_and_waits_for_its_turn() {
    let world = World::placed(3).await;
    let leased = world.open_proposals().await;
    let first = world.handle.pull(pull(leased[0], 5_000)).await.unwrap().expect("work");
    let before = world.recorded().await;
    // Another one that found this one silent, and that is never heard of again.
    world.usurp().await;
    // Past everybody's heartbeats and past the attempt's time.
    world.advance(60_000);
    let refused = world.handle.result(report(leased[0], &first, done(91))).await;
    assert!(matches!(refused, Err(Error::Unavailable { .. } | Error::Replaced { .. })), "{refused:?}");
    assert_eq!(world.recorded().await, before);
    world::until("it stands by", async || matches!(world.handle.standing(), Standing::StandsBy { fence: 2, .. })).await;
    let shards = world.handle.shards(JOB, None, 1).await.unwrap().expect("placed");
    assert_eq!((shards.running, shards.done), (1, 0), "it reads on, and knows only what was recorded");
    assert!(matches!(world.handle.offer(cheaper(1)).await, Err(Error::StandingBy { .. })));

    world::until("it takes over", async || world.handle.ready()).await;
    let verdict = world.handle.result(report(leased[0], &first, done(91))).await.unwrap();
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    assert_eq!(world.handle.overview().await.unwrap().suspended, 0, "silence was nobody's fault");
    world.stop().await;
}

#[tokio::test]
async fn a_log_of_an_earlier_format_is_left_and_everything_begins_anew() {
    let world = World::placed(3).await;
    let leased = world.open_proposals().await;
    let placed = world.handle.place(world::place(JOB)).await.unwrap();
    world.stop_first().await;
    let old = world.recorded().await;
    world.lower_format(1, "seq > 0").await;
    // As a version did that kept no snapshots.
    world.delete_snapshots().await;
    let world = world.restart().await;
    assert!(world.handle.ready());
    assert!(world.handle.why(JOB).await.unwrap().is_none(), "nobody knows of the job");
    assert_eq!(world.recorded().await, old + 1, "what was there stays, and a start follows");
    for id in 0..3 {
        world.handle.offer(world::offer(id)).await.unwrap();
    }
    // The same job again: its leases count, and a decision takes the place of one of the same name.
    world.handle.place(world::place(JOB)).await.unwrap();
    world.until_why(|why| why.live_leases == 3).await;
    assert!(world.handle.decision(placed.decisions[0]).await.unwrap().is_some());
    assert!(world.handle.pull(pull(leased[0], 5_000)).await.unwrap().is_some());
    let seen = world.seen().await;
    let replayed = verify_log(world.store()).await.unwrap();
    assert_eq!((replayed.after, replayed.inputs), (old, world.recorded().await - old));
    assert_eq!(replayed.named, Vec::<String>::new());
    // Whoever starts after that goes on from there.
    let world = world.restart().await;
    assert_eq!(world.seen().await, seen);
    world.stop().await;
}

#[tokio::test]
async fn a_job_that_is_over_and_forgotten_keeps_its_decisions() {
    let world = World::placed(3).await;
    let placed = world.handle.place(world::place(JOB)).await.unwrap();
    world.stop_first().await;
    world.lower_format(1, "seq > 0").await;
    world.delete_snapshots().await;
    let world = world.restart().await;
    assert!(world.handle.why(JOB).await.unwrap().is_none(), "it is open, and has to be placed");
    world.change_job(|job| job.status = JobState::Closed).await;
    let why = world.handle.why(JOB).await.unwrap().expect("on record");
    let sorted = |ids: &[[u8; 32]]| ids.iter().copied().collect::<std::collections::BTreeSet<_>>();
    assert_eq!((why.status, why.live_leases), ("ended", 0));
    assert_eq!(sorted(&why.decisions), sorted(&placed.decisions));
    world.stop().await;
}

#[tokio::test]
async fn an_engine_outlives_the_format_of_its_inputs_in_its_last_snapshot() {
    let world = World::placed(3).await;
    world.open_proposals().await;
    let before = world.seen().await;
    world.stop_first().await;
    let old = world.recorded().await;
    world.lower_format(1, "seq > 0").await;
    let world = world.restart().await;
    assert_eq!(world.seen().await, before);
    assert_eq!(world.recorded().await, old + 1);
    let replayed = verify_log(world.store()).await.unwrap();
    assert_eq!((replayed.after, replayed.inputs, replayed.differences), (old, 1, 0));
    world.stop().await;
}

#[tokio::test]
async fn a_log_of_a_newer_format_is_not_touched() {
    let world = World::placed(3).await;
    world.stop_first().await;
    world.lower_format(-1, "seq > 1").await;
    let error = world.try_beside().await.unwrap_err();
    assert!(error.to_string().contains("update this replica"), "{error}");
    world.stop().await;
}
