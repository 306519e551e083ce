//! Two dispatchers on one database, on either engine: the second follows and takes over, the first is refused.

use mira_api::dispatch::{Error, Standing, verify_log};
use mira_store::scratch::Scratch;

use super::replica::{Stage, until};
use crate::api::support::rows;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    let mut trials = trials![async: two_on_sqlite];
    trials.extend(trials![postgres: two_on_postgres]);
    trials
}

async fn two_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    two(Scratch::sqlite(folder.path())).await;
}

async fn two_on_postgres(server: String) {
    two(Scratch::postgres(&server).await.unwrap()).await;
}

async fn two(scratch: Scratch) {
    let (store, stage) = (scratch.open().await.unwrap(), Stage::new(scratch));
    rows::write(&*store, vec![rows::network().into(), rows::provider().into()], Vec::new()).await;
    let first = stage.start("first").await;
    let second = stage.start("second").await;
    assert_eq!(first.handle().standing(), Standing::Works);
    assert_eq!(second.handle().standing(), Standing::StandsBy { holder: "first".into(), fence: 1 });

    // What the first records, the second follows without holding anything.
    first.offer(500_000).await.unwrap();
    until("the second knows of the offer", async || second.providers().await == 1).await;
    let refused = second.offer(400_000).await;
    assert!(matches!(&refused, Err(Error::StandingBy { holder, .. }) if holder == "first"), "{refused:?}");

    // A third one that found the first silent: neither writes any more, and both wait for it.
    until("the log is taken", async || {
        let seen = store.dispatcher().await.unwrap();
        store.take_dispatch(seen.as_ref(), &[9; 32], "third").await.unwrap().is_some()
    })
    .await;
    let before = store.last_dispatch_seq().await.unwrap();
    let stale = first.offer(300_000).await;
    // Which of them it says depends on whether its own sign of life found that out before.
    let found_out = matches!(&stale, Err(Error::StandingBy { holder, .. }) if holder == "third");
    assert!(found_out || matches!(stale, Err(Error::Replaced { .. } | Error::Unavailable { .. })), "{stale:?}");
    assert_eq!(store.last_dispatch_seq().await.unwrap(), before);

    // It is never heard of again: one of the two goes on, and only one.
    until("one works", async || first.handle().ready() || second.handle().ready()).await;
    let (works, waits) = if first.handle().ready() { (first, second) } else { (second, first) };
    until("the other one stands by", async || matches!(waits.handle().standing(), Standing::StandsBy { fence: 3, .. }))
        .await;
    works.offer(200_000).await.unwrap();

    // An end in order is followed at once, and everything is known.
    works.stop().await;
    until("the last one works", async || waits.handle().ready()).await;
    assert_eq!(waits.providers().await, 1);
    waits.offer(100_000).await.unwrap();
    assert_eq!(store.dispatcher().await.unwrap().unwrap().fence, 4);
    assert_eq!(verify_log(&*store).await.unwrap().differences, 0);
    waits.stop().await;
    store.close().await;
    stage.scratch.drop().await.unwrap();
}
