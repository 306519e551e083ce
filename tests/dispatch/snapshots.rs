//! Dispatchers that are killed and go on from a snapshot, behind which the log is gone, on either engine. Every input
//! that was ever recorded is copied before it is pruned, so that an engine of the test's own can be fed all of them.

use std::sync::Arc;

use mira_api::dispatch::{DecisionId, Keep, Leg, LegEnd, Place, RouteAsk, RouteDone, Spec, verify_log};
use mira_core::amount::Units;
use mira_core::label::Label;
use mira_core::tier::{Tier, UnitKind};
use mira_dispatch::replay::{Entry, feed};
use mira_dispatch::{Engine, snapshot};
use mira_store::Store;
use mira_store::model::DispatchSnapshot;
use mira_store::scratch::Scratch;

use super::replica::{Replica, Stage, until};
use crate::api::support::interactive::served;
use crate::api::support::rows;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    let mut trials = trials![async:
        goes_on_from_a_snapshot_on_sqlite,
        takes_over_a_pruned_log_on_sqlite,
        passes_over_a_broken_snapshot_on_sqlite,
        begins_anew_when_told_on_sqlite,
        works_on_without_snapshots_on_sqlite,
    ];
    trials.extend(trials![postgres:
        goes_on_from_a_snapshot_on_postgres,
        takes_over_a_pruned_log_on_postgres,
        passes_over_a_broken_snapshot_on_postgres,
        begins_anew_when_told_on_postgres,
        works_on_without_snapshots_on_postgres,
    ]);
    trials
}

/// A test on both engines.
macro_rules! both {
    ($($sqlite:ident, $postgres:ident: $test:ident;)*) => {$(
        async fn $sqlite() {
            let folder = tempfile::tempdir().unwrap();
            $test(Scratch::sqlite(folder.path())).await;
        }

        async fn $postgres(server: String) {
            $test(Scratch::postgres(&server).await.unwrap()).await;
        }
    )*};
}
both! {
    goes_on_from_a_snapshot_on_sqlite, goes_on_from_a_snapshot_on_postgres: goes_on_from_a_snapshot;
    takes_over_a_pruned_log_on_sqlite, takes_over_a_pruned_log_on_postgres: takes_over_a_pruned_log;
    passes_over_a_broken_snapshot_on_sqlite, passes_over_a_broken_snapshot_on_postgres: passes_over_a_broken_snapshot;
    begins_anew_when_told_on_sqlite, begins_anew_when_told_on_postgres: begins_anew_when_told;
    works_on_without_snapshots_on_sqlite, works_on_without_snapshots_on_postgres: works_on_without_snapshots;
}

/// Requests of one run: some dispatch epochs, and far more inputs than two snapshots cover.
const REQUESTS: usize = 300;

/// A stage with all that was ever recorded on it.
struct Town {
    stage: Stage,
    store: Arc<dyn Store>,
    copied: Vec<Entry>,
}

impl Town {
    /// An interactive job with two leases, and dispatchers that soon close epochs and keep snapshots.
    async fn new(scratch: Scratch) -> Self {
        let store = scratch.open().await.unwrap();
        rows::write(&*store, served(rows::job()), Vec::new()).await;
        let engine = mira_dispatch::Config { seed: [7; 32], epoch_records: 32, ..mira_dispatch::Config::default() };
        let keep = Keep { snapshots: 2, inputs: 20, begin_anew: false };
        Town { stage: Stage { keep, engine, ..Stage::new(scratch) }, store, copied: Vec::new() }
    }

    /// The same after a run of its first dispatcher, behind whose snapshots the log is gone.
    async fn pruned(scratch: Scratch) -> (Self, Replica) {
        let mut town = Town::new(scratch).await;
        let first = town.stage.start("first").await;
        town.place(&first).await;
        town.route(&first, REQUESTS).await;
        town.until_pruned().await;
        (town, first)
    }

    /// Has the job placed.
    async fn place(&mut self, works: &Replica) {
        works.offer_of(rows::PROVIDER, "eu-west", 1_000).await.unwrap();
        works.offer_of(rows::OTHER_PROVIDER, "us-east", 1_000).await.unwrap();
        let label = |text| Label::parse(text).unwrap();
        let spec = Spec {
            tier: Tier::Interactive,
            resource_class: label("cpu-small"),
            unit_kind: UnitKind::Fuel,
            region: Some(label("eu-west")),
            regions: Vec::new(),
            deny: Vec::new(),
            module: [5; 32],
            module_bytes: 1_000,
            shards: Vec::new(),
            est_units_per_shard: Units::new(500_000),
            fuel_limit: Units::new(1_000_000),
            memory_limit_bytes: 1 << 20,
            time_limit_ms: 10_000,
            service: mira_dispatch::service::Service::default(),
        };
        works.handle().place(Place { job: rows::JOB, spec, quoted: None }).await.unwrap();
        self.copy().await;
    }

    /// Has requests routed, each after the end of the one before.
    async fn route(&mut self, works: &Replica, requests: usize) {
        let mut ended = Vec::new();
        for _ in 0..requests {
            self.stage.pass(1);
            let (job, origin, max_units) = (rows::JOB, None, Units::new(1_000));
            let routed = works.handle().route(RouteAsk { job, origin, max_units, ended }).await.unwrap();
            let (route, leg, end) = (routed.route, Leg::Primary, LegEnd::Completed);
            ended = vec![RouteDone { route, leg, end, first_token_us: Some(400), units: Units::new(10) }];
            self.copy().await;
        }
    }

    /// Copies what was recorded since. It is called far more often than anything is pruned.
    async fn copy(&mut self) {
        let known = u64::try_from(self.copied.len()).unwrap();
        let inputs = self.store.dispatch_inputs(known, 1_000).await.unwrap();
        for (expected, input) in (known + 1..).zip(inputs) {
            assert_eq!(input.seq, expected, "pruned before it was copied");
            self.copied.push(Entry::from_bytes(&input.bytes).unwrap());
        }
    }

    async fn first(&self) -> u64 {
        self.store.dispatch_inputs(0, 1).await.unwrap()[0].seq
    }

    async fn snapshots(&self) -> Vec<DispatchSnapshot> {
        self.store.dispatch_snapshots().await.unwrap()
    }

    /// Waits until the snapshot of the newest inputs is written, and the log behind the one before is gone.
    async fn until_pruned(&self) {
        until("the log is pruned", async || {
            let snapshots = self.snapshots().await;
            snapshots.len() == 2 && self.first().await == snapshots[1].seq + 1
        })
        .await;
    }

    /// What is kept of the engine at the end is what it is for somebody who is fed every input there ever was, and
    /// what is left of the log leads there, too.
    async fn holds(&mut self) {
        self.copy().await;
        let mut engine = Engine::new();
        for (seq, entry) in (1..).zip(&self.copied) {
            feed(&mut engine, seq, entry).unwrap();
        }
        let newest = self.snapshots().await.remove(0);
        assert_eq!(newest.seq, u64::try_from(self.copied.len()).unwrap(), "the last snapshot is of the last input");
        let kept = self.store.snapshot_bytes(&newest).await.unwrap();
        assert!(kept == snapshot::write(&engine).unwrap(), "it is another engine");
        let verified = verify_log(&*self.store).await.unwrap();
        assert_eq!((verified.after + 1, verified.differences), (self.first().await, 0), "{verified:?}");
        assert!(verified.inputs > 0 && verified.snapshots > 0, "{verified:?}");
    }

    /// Puts other bytes into snapshots.
    async fn break_snapshots(&self, which: &str) {
        self.stage.scratch.overwrite("dispatch_snapshot_part", "bytes", &[9; 100], which).await.unwrap();
    }

    async fn end(self) {
        self.store.close().await;
        self.stage.scratch.drop().await.unwrap();
    }
}

async fn goes_on_from_a_snapshot(scratch: Scratch) {
    let (mut town, first) = Town::pruned(scratch).await;
    first.kill().await;
    // Nothing but the snapshot can tell the next one what was before.
    let (epochs, kept) = (town.store.dispatch_epochs(None, 100).await.unwrap().rows, town.first().await);
    let gone = epochs.iter().filter(|epoch| epoch.last_seq < kept).count();
    assert!(gone >= 3, "the inputs of {gone} epochs are gone");

    let second = town.stage.start("second").await;
    until("it takes over", async || second.handle().ready()).await;
    town.route(&second, 30).await;
    // Records stay, and their proofs.
    let route = second.handle().proof(DecisionId::Route(0)).await.unwrap().unwrap();
    assert_eq!(route.closed.map(|(epoch, _)| epoch.number), Some(1));
    let why = second.handle().why(rows::JOB).await.unwrap().unwrap();
    for id in why.decisions {
        let decision = second.handle().proof(DecisionId::Placement(id)).await.unwrap().unwrap();
        assert!(decision.closed.is_some());
    }
    second.stop().await;
    town.holds().await;
    town.end().await;
}

async fn takes_over_a_pruned_log(scratch: Scratch) {
    let mut town = Town::new(scratch).await;
    let first = town.stage.start("first").await;
    let early = town.stage.start("early").await;
    town.place(&first).await;
    town.route(&first, REQUESTS).await;
    town.until_pruned().await;
    let late = town.stage.start("late").await;
    assert!(!early.handle().ready() && !late.handle().ready(), "they stand by");
    first.kill().await;
    until("one takes over", async || early.handle().ready() || late.handle().ready()).await;
    let (works, waits) = if early.handle().ready() { (early, late) } else { (late, early) };
    town.route(&works, 30).await;
    works.kill().await;
    until("the last one takes over", async || waits.handle().ready()).await;
    town.route(&waits, 30).await;
    waits.stop().await;
    town.holds().await;
    town.end().await;
}

async fn passes_over_a_broken_snapshot(scratch: Scratch) {
    let (mut town, first) = Town::pruned(scratch).await;
    first.kill().await;
    let newest = town.snapshots().await.remove(0);
    town.break_snapshots(&format!("seq = {}", newest.seq)).await;

    let second = town.stage.start("second").await;
    until("it takes over", async || second.handle().ready()).await;
    town.route(&second, REQUESTS).await;
    town.until_pruned().await;
    second.stop().await;
    town.holds().await;
    town.end().await;
}

async fn begins_anew_when_told(scratch: Scratch) {
    let (mut town, first) = Town::pruned(scratch).await;
    first.stop().await;
    town.break_snapshots("seq > 0").await;
    let verified = verify_log(&*town.store).await.unwrap();
    assert!(verified.differences > 0 && verified.inputs == 0, "{verified:?}");
    let (before, row) = (town.store.last_dispatch_seq().await.unwrap(), town.store.dispatcher().await.unwrap());
    let error = town.stage.try_start("second").await.err().unwrap().to_string();
    assert!(error.contains("--dispatch-begin-anew") && error.contains("restore a backup"), "{error}");
    assert_eq!((town.store.last_dispatch_seq().await.unwrap(), town.store.dispatcher().await.unwrap()), (before, row));

    town.stage.keep.begin_anew = true;
    let second = town.stage.start("second").await;
    assert_eq!(second.handle().why(rows::JOB).await.unwrap().map(|why| why.status), None, "it knows nothing");
    town.place(&second).await;
    second.kill().await;
    // Everybody after it knows where it began, also who would not have begun anew.
    town.stage.keep.begin_anew = false;
    let third = town.stage.start("third").await;
    until("it takes over", async || third.handle().ready()).await;
    assert!(third.handle().why(rows::JOB).await.unwrap().is_some());
    third.stop().await;
    let verified = verify_log(&*town.store).await.unwrap();
    assert_eq!((verified.after, verified.named), (before, Vec::new()));
    town.end().await;
}

/// Snapshots that cannot be written stop nobody, and nothing is pruned then.
async fn works_on_without_snapshots(scratch: Scratch) {
    let mut town = Town::new(scratch).await;
    let rename = async |town: &Town, from: &str, to: &str| {
        town.stage.scratch.execute(&format!("ALTER TABLE {from} RENAME TO {to}")).await.unwrap();
    };
    let works = town.stage.start("first").await;
    rename(&town, "dispatch_snapshot_part", "away").await;
    town.place(&works).await;
    town.route(&works, REQUESTS).await;
    assert!(works.handle().ready());
    assert_eq!((town.snapshots().await.len(), town.first().await), (0, 1));
    rename(&town, "away", "dispatch_snapshot_part").await;
    town.route(&works, REQUESTS).await;
    town.until_pruned().await;
    works.stop().await;
    town.holds().await;
    town.end().await;
}
