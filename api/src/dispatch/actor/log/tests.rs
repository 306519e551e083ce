//! A log that is written by hand, and followed.

use std::sync::Arc;

use mira_dispatch::input::{Event, Input};
use mira_dispatch::replay::entry;
use mira_dispatch::{Config, snapshot as engine_snapshot};
use mira_store::model::DispatchCommit;
use mira_store::scratch::Scratch;
use tempfile::TempDir;

use super::*;

/// A log, and the engine of whoever writes it.
struct Log {
    store: Arc<dyn Store>,
    scratch: Scratch,
    fence: u64,
    writer: Tail,
    _folder: TempDir,
}

impl Log {
    /// With so many inputs.
    async fn of(inputs: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let scratch = Scratch::sqlite(folder.path());
        let store = scratch.open().await.unwrap();
        let fence = store.take_dispatch(None, &[1; 32], "here").await.unwrap().unwrap().fence;
        let mut log = Log { store, scratch, fence, writer: Tail::default(), _folder: folder };
        log.write(inputs).await;
        log
    }

    /// Writes so many inputs more. Each start has another seed, so that no two engines on the way are alike.
    async fn write(&mut self, inputs: u64) {
        for _ in 0..inputs {
            let seq = self.writer.seq + 1;
            let config = Config { seed: [u8::try_from(seq).unwrap(); 32], ..Config::default() };
            let input = Input { at_ms: seq * 1_000, event: Event::Start(config) };
            let bytes = entry(&input, &self.writer.engine.step(&input)).unwrap().to_bytes();
            let inputs = vec![DispatchInput { seq, bytes, version: FORMAT }];
            let commit = DispatchCommit { inputs, began_after: self.writer.began_after, ..DispatchCommit::default() };
            self.store.append_dispatch(self.fence, commit).await.unwrap();
            self.writer.seq = seq;
        }
    }

    async fn keep(&self) {
        self.writer.snapshot(5).unwrap().put(&*self.store, self.fence).await.unwrap();
    }

    async fn prune(&self) {
        while self.store.prune_dispatch(self.fence, 2, 100).await.unwrap() > 0 {}
    }

    /// Ten inputs, snapshots of the fourth and the eighth, and only what comes after the fourth.
    async fn pruned() -> Self {
        let mut log = Log::of(4).await;
        log.keep().await;
        log.write(4).await;
        log.keep().await;
        log.write(2).await;
        log.prune().await;
        log
    }

    /// Follows it, and gives after which inputs it began and how many it was fed.
    async fn follow(&self, tail: &mut Tail) -> Result<u64, Error> {
        tail.follow(&*self.store, false).await
    }

    fn is_the_writers(&self, tail: &Tail) {
        assert_eq!((tail.seq, tail.began_after, tail.diverged), (self.writer.seq, self.writer.began_after, 0));
        assert!(bytes(tail) == bytes(&self.writer), "another engine");
    }

    /// Lowers a number of rows.
    async fn lower(&self, table: &str, column: &str, by: i64, which: &str) {
        self.scratch.lower(table, column, by, which).await.unwrap();
    }

    async fn delete(&self, table: &str, which: &str) {
        self.scratch.delete(table, which).await.unwrap();
    }
}

fn bytes(tail: &Tail) -> Vec<u8> {
    engine_snapshot::write(&tail.engine).unwrap()
}

#[tokio::test]
async fn it_begins_with_the_newest_snapshot() {
    let log = Log::pruned().await;
    let mut tail = Tail::default();
    assert_eq!(log.follow(&mut tail).await.unwrap(), 2);
    log.is_the_writers(&tail);
}

#[tokio::test]
async fn one_that_was_pruned_under_its_feet_goes_on_with_a_snapshot() {
    let mut log = Log::of(2).await;
    let mut tail = Tail::default();
    assert_eq!(log.follow(&mut tail).await.unwrap(), 2);
    log.write(3).await;
    log.keep().await;
    log.write(3).await;
    log.keep().await;
    log.write(1).await;
    log.prune().await;
    assert_eq!(log.follow(&mut tail).await.unwrap(), 1);
    log.is_the_writers(&tail);
}

#[tokio::test]
async fn a_snapshot_that_cannot_be_used_is_passed_over() {
    for broken in 0..4 {
        let log = Log::pruned().await;
        match broken {
            0 => log.lower("dispatch_snapshot", "format", -1, "seq = 8").await,
            1 => log.lower("dispatch_snapshot", "version", -1, "seq = 8").await,
            2 => log.scratch.overwrite("dispatch_snapshot_part", "bytes", &[1, 2], "seq = 8").await.unwrap(),
            _ => log.delete("dispatch_snapshot_part", "seq = 8").await,
        }
        let mut tail = Tail::default();
        assert_eq!(log.follow(&mut tail).await.unwrap(), 6, "case {broken}");
        log.is_the_writers(&tail);
    }
    // Also all of them, where the log is whole.
    let mut log = Log::of(3).await;
    log.keep().await;
    log.write(1).await;
    log.delete("dispatch_snapshot_part", "seq > 0").await;
    let mut tail = Tail::default();
    assert_eq!(log.follow(&mut tail).await.unwrap(), 4);
    log.is_the_writers(&tail);
}

#[tokio::test]
async fn a_log_with_a_hole_is_not_read() {
    let log = Log::pruned().await;
    log.delete("dispatch_input", "seq = 9").await;
    let error = log.follow(&mut Tail::default()).await.unwrap_err();
    assert!(error.to_string().contains("dispatch input 9 is missing"), "{error}");
}

#[tokio::test]
async fn without_a_beginning_it_says_what_to_do_and_begins_anew_only_when_told() {
    let mut log = Log::pruned().await;
    log.lower("dispatch_snapshot", "format", 1, "seq > 0").await;
    let error = log.follow(&mut Tail::default()).await.unwrap_err();
    assert!(error.to_string().contains("begins with input 5") && error.to_string().contains("of its 2 snapshots"));

    let mut anew = Tail::default();
    assert_eq!(anew.follow(&*log.store, true).await.unwrap(), 0);
    assert_eq!((anew.seq, anew.began_after, bytes(&anew)), (10, 10, bytes(&Tail::default())));
    anew.settle(&*log.store, true).await.unwrap();
    anew.announce(&*log.store, log.fence, 6).await.unwrap();
    log.writer = anew;
    log.write(2).await;
    // It is told to nobody, and everybody knows.
    let mut tail = Tail::default();
    assert_eq!(log.follow(&mut tail).await.unwrap(), 2);
    log.is_the_writers(&tail);
}

#[tokio::test]
async fn who_cannot_read_a_log_goes_on_with_whoever_began_anew() {
    let mut log = Log::of(5).await;
    log.lower("dispatch_input", "version", 1, "seq > 0").await;
    let (mut here, mut there) = (Tail::default(), Tail::default());
    assert_eq!((log.follow(&mut here).await.unwrap(), log.follow(&mut there).await.unwrap()), (0, 0));
    assert_eq!((here.seq, here.state), (5, State::Begun(Begun::Anew)));
    there.settle(&*log.store, false).await.unwrap();
    there.announce(&*log.store, log.fence, 6).await.unwrap();
    log.writer = there;
    log.write(2).await;
    assert_eq!(log.follow(&mut here).await.unwrap(), 2);
    log.is_the_writers(&here);
}

#[tokio::test]
async fn what_an_earlier_version_wrote_is_taken_over_from_its_last_snapshot_only() {
    let mut log = Log::of(4).await;
    log.keep().await;
    log.write(2).await;
    for table in ["dispatch_input", "dispatch_snapshot"] {
        log.lower(table, "version", 1, "seq > 0").await;
    }
    let mut tail = Tail::default();
    log.follow(&mut tail).await.unwrap();
    assert_eq!((tail.seq, tail.state), (6, State::Begun(Begun::Stranded)));
    let error = tail.settle(&*log.store, false).await.unwrap_err();
    assert!(error.to_string().contains("stop it in order"), "{error}");
    assert!(tail.announce(&*log.store, log.fence, 6).await.is_err(), "nothing takes the place of what can be read");
    // It ends in order.
    log.keep().await;
    log.lower("dispatch_snapshot", "version", 1, "seq = 6").await;
    tail.settle(&*log.store, false).await.unwrap();
    log.is_the_writers(&tail);
    log.write(1).await;
    assert_eq!(log.follow(&mut tail).await.unwrap(), 1);
    log.is_the_writers(&tail);
}
