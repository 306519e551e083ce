//! `GET /v1/stream`.

use std::time::Duration;

use libtest_mimic::Trial;
use mira_api::{IndexHealth, Limits};
use mira_wire::Kind;
use mira_wire::client::{EventStream, StreamItem};
use tokio::time::timeout;

use crate::api::support::events::{funded, raw};
use crate::api::support::world::Setup;
use crate::api::support::{World, assert_problem, refused};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async:
        sends_what_comes_in,
        resumes_after_the_last_id,
        a_broken_id_is_refused,
        only_so_many_may_be_open,
        ends_at_shutdown,
    ]
}

async fn next(stream: &mut EventStream) -> StreamItem {
    timeout(Duration::from_secs(20), stream.next()).await.expect("an event in time").unwrap().expect("not the end")
}

fn seq(item: &StreamItem) -> u64 {
    item.event.aggregates[0].seq.get()
}

async fn sends_what_comes_in() {
    let world = World::start().await;
    world.write(Vec::new(), vec![raw(11, 1, &funded(1))]).await;
    let mut stream = world.client.stream(None).await.unwrap();
    world.write(Vec::new(), vec![raw(12, 1, &funded(2)), raw(12, 2, &funded(3))]).await;
    world.health.send_replace(IndexHealth { ready: true, slot: Some(12), ..IndexHealth::default() });
    for expected in [2, 3] {
        let item = next(&mut stream).await;
        assert_eq!(seq(&item), expected, "what was there before is not sent");
        assert_eq!(item.id, item.event.ord);
    }
    world.stop().await;
}

async fn resumes_after_the_last_id() {
    let world = World::start().await;
    let events = (1..=600).map(|seq| raw(11, seq, &funded(seq))).collect();
    world.write(Vec::new(), events).await;
    world.write(Vec::new(), vec![raw(12, 1, &funded(601))]).await;
    let first = world.client.events(&mira_wire::PageQuery { limit: Some(1), cursor: None }).await.unwrap();
    let mut last = first.data[0].ord.clone();
    // Hangs up twice: nothing is lost and nothing comes twice.
    let mut expected = 2;
    for until in [250, 300, 601] {
        let mut stream = world.client.stream(Some(&last)).await.unwrap();
        while expected <= until {
            let item = next(&mut stream).await;
            assert_eq!(seq(&item), expected);
            last = item.id;
            expected += 1;
        }
    }
    world.stop().await;
}

async fn a_broken_id_is_refused() {
    let world = World::start().await;
    for id in ["", "7", "1-2-3-4", "a-b-c-d"] {
        let response = world.send("GET", "/v1/stream", &[("last-event-id", id)], "").await;
        assert_problem(response, Kind::InvalidParameter).await;
    }
    world.stop().await;
}

async fn only_so_many_may_be_open() {
    let limits = Limits { streams: 1, ..Limits::default() };
    let world = World::with(Setup { limits, ..Setup::default() }).await;
    let first = world.client.stream(None).await.unwrap();
    refused(world.client.stream(None).await, Kind::NotReady);
    drop(first);
    // The server notices that the client hung up.
    let again = async {
        while world.client.stream(None).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(Duration::from_secs(30), again).await.expect("the place is free again");
    world.stop().await;
}

async fn ends_at_shutdown() {
    let world = World::start().await;
    let mut stream = world.client.stream(None).await.unwrap();
    world.shutdown.cancel();
    let end = timeout(Duration::from_secs(4), stream.next()).await.expect("before the server gives up waiting");
    assert_eq!(end.unwrap(), None);
    world.stop().await;
}
