//! A dispatcher on a database of its own, with providers and one job.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use mira_chain::rpc::Rpc;
use mira_core::Key;
use mira_core::amount::{Bps, Payment, Stake, UnitPrice, Units};
use mira_core::label::Label;
use mira_core::tier::{Tier, UnitKind};
use mira_store::Store;
use mira_store::model::{
    AuditRow, AuditState, ChainSlot, Claim, JobRow, LeaseRow, NetworkRow, Projection, SlotCommit, SlotState, Voucher,
};
use mira_store::scratch::Scratch;
use solana_sdk::signature::Keypair;
use tempfile::TempDir;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::rows::{job, lease, network, ord, provider};
use crate::dispatch::{
    Beat, Error, Handle, Heartbeat, Keep, Offer, Overview, Place, QuoteRequest, Settings, Spec, SpecShard, Why, start,
};
use crate::health::IndexHealth;

pub(super) const JOB: Key = [0x21; 32];
pub(super) const NOW: i64 = 1_767_225_600;
const STREAM: &str = "blocks";
pub(super) const DISPATCHER: [u8; 32] = [4; 32];

pub(super) fn provider_key(id: u8) -> Key {
    [0x80 + id; 32]
}

pub(super) fn label(text: &str) -> Label {
    Label::parse(text).unwrap()
}

pub(super) fn offer(id: u8) -> Offer {
    Offer {
        provider: provider_key(id),
        region: label("eu"),
        resource_class: label("cpu"),
        unit_kind: UnitKind::Fuel,
        unit_price: UnitPrice::new(500_000),
        slots: 2,
        cached: Vec::new(),
        machine: None,
    }
}

pub(super) fn place(job: Key) -> Place {
    let shards = (0..20).map(|index| SpecShard { input: [index; 32], bytes: 100 });
    Place {
        job,
        spec: Spec {
            tier: Tier::Batch,
            resource_class: label("cpu"),
            unit_kind: UnitKind::Fuel,
            region: Some(label("eu")),
            regions: Vec::new(),
            deny: Vec::new(),
            module: [5; 32],
            module_bytes: 1_000,
            shards: shards.collect(),
            est_units_per_shard: Units::new(100),
            fuel_limit: Units::new(150),
            memory_limit_bytes: 1 << 20,
            time_limit_ms: 10_000,
            service: mira_dispatch::service::Service::default(),
        },
        quoted: None,
    }
}

/// What the job of [`place`] would cost.
pub(super) fn quote() -> QuoteRequest {
    let spec = place(JOB).spec;
    QuoteRequest {
        tier: spec.tier,
        unit_kind: spec.unit_kind,
        resource_class: spec.resource_class,
        region: spec.region,
        regions: spec.regions,
        deny: spec.deny,
        max_unit_price: None,
        max_share: Bps::new(5_000).unwrap(),
        max_leases: 8,
        min_provider_stake: Stake::new(10),
        shards: 20,
        est_units_per_shard: spec.est_units_per_shard,
        time_limit_ms: None,
        within_ms: None,
        service: spec.service,
    }
}

/// What a restart must not change.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Seen {
    shards: String,
    why: String,
}

pub(super) struct World {
    pub(super) handle: Handle,
    store: Arc<dyn Store>,
    scratch: Scratch,
    folder: TempDir,
    now_ms: Arc<AtomicU64>,
    health: watch::Sender<IndexHealth>,
    cancel: CancellationToken,
    /// Stops the first dispatcher alone.
    first: CancellationToken,
    tracker: TaskTracker,
}

impl World {
    /// A dispatcher with `count` providers that have offered.
    pub(super) async fn new(count: u8) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let scratch = Scratch::sqlite(folder.path());
        let store = scratch.open().await.unwrap();
        let mut rows: Vec<Projection> = vec![network().into(), job().into()];
        rows.extend((0..count).map(|id| Projection::from(provider(id))));
        write(&*store, rows).await;
        let now_ms = Arc::new(AtomicU64::new(u64::try_from(NOW).unwrap() * 1_000));
        let world = World::run(store, scratch, folder, now_ms).await;
        for id in 0..count {
            world.handle.offer(offer(id)).await.unwrap();
        }
        world
    }

    /// The same with its job placed.
    pub(super) async fn placed(count: u8) -> Self {
        let world = World::new(count).await;
        world.handle.place(place(JOB)).await.unwrap();
        world
    }

    async fn run(store: Arc<dyn Store>, scratch: Scratch, folder: TempDir, now_ms: Arc<AtomicU64>) -> Self {
        let (health, _) = watch::channel(IndexHealth::default());
        let (cancel, tracker) = (CancellationToken::new(), TaskTracker::new());
        let first = cancel.child_token();
        let handle = begin("first", &store, &now_ms, &health, &first, &tracker).await.unwrap();
        World { handle, store, scratch, folder, now_ms, health, cancel, first, tracker }
    }

    /// Stops it and starts another on the same database.
    pub(super) async fn restart(self) -> Self {
        self.cancel.cancel();
        self.tracker.close();
        self.tracker.wait().await;
        World::run(self.store, self.scratch, self.folder, self.now_ms).await
    }

    /// A second dispatcher on the same database.
    pub(super) async fn beside(&self) -> Handle {
        self.try_beside().await.unwrap()
    }

    /// The same, or why it does not start.
    pub(super) async fn try_beside(&self) -> Result<Handle, Error> {
        begin("second", &self.store, &self.now_ms, &self.health, &self.cancel, &self.tracker).await
    }

    /// Stops the first dispatcher.
    pub(super) async fn stop_first(&self) {
        self.first.cancel();
        until("the first has given the log back", async || {
            self.store.dispatcher().await.unwrap().is_some_and(|row| row.beat.is_none())
        })
        .await;
    }

    /// Another dispatcher takes the log over, and does nothing more.
    pub(super) async fn usurp(&self) {
        until("it takes the log over", async || {
            let seen = self.store.dispatcher().await.unwrap();
            self.store.take_dispatch(seen.as_ref(), &[1; 32], "usurper").await.unwrap().is_some()
        })
        .await;
    }

    pub(super) fn store(&self) -> &dyn Store {
        &*self.store
    }

    pub(super) async fn stop(self) {
        self.cancel.cancel();
        self.tracker.close();
        self.tracker.wait().await;
        self.store.close().await;
        drop(self.folder);
    }

    /// Writes the leases that the job's proposals become, and waits until the dispatcher knows them.
    /// Returns their providers.
    pub(super) async fn open_proposals(&self) -> Vec<u8> {
        let placed = self.handle.place(place(JOB)).await.unwrap();
        let mut row = self.store.job(&JOB).await.unwrap().unwrap();
        let (mut rows, mut leased) = (Vec::new(), Vec::new());
        for (nonce, proposal) in (0u32..).zip(&placed.proposals) {
            let key = [0x40 + u8::try_from(nonce).unwrap(); 32];
            rows.push(Projection::from(lease(key, nonce, proposal.provider, proposal.unit_price, proposal.cap)));
            leased.push(proposal.provider[0] - 0x80);
            row.committed = row.committed.checked_add(proposal.cap).unwrap();
            row.open_leases += 1;
            row.leases_total += 1;
        }
        row.seq += 1;
        row.ord = ord(2, 90);
        rows.push(row.into());
        write(&*self.store, rows).await;
        self.health.send_replace(IndexHealth::default());
        let count = u32::try_from(leased.len()).unwrap();
        for _ in 0..500 {
            if self.handle.why(JOB).await.unwrap().unwrap().live_leases == count {
                return leased;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the leases were not seen");
    }

    /// One lease has settled `amount`, for a voucher that came `ago_ms` before.
    pub(super) async fn settle(&self, amount: u64, ago_ms: u64) {
        let lease = self.store.lease(&[0x40; 32]).await.unwrap().unwrap();
        let voucher = Voucher {
            lease: lease.lease,
            cumulative_amount: Payment::new(amount),
            cumulative_units: Units::new(1),
            signer: [0; 32],
            signature: [0; 64],
            received_ms: i64::try_from(self.now_ms.load(Ordering::Relaxed) - ago_ms).unwrap(),
        };
        self.store.put_voucher(voucher).await.unwrap();
        let row = LeaseRow { settled: Payment::new(amount), seq: 2, ord: ord(3, 1), ..lease };
        write(&*self.store, vec![row.into()]).await;
    }

    /// An audit that was decided.
    pub(super) async fn decide(&self, audit: AuditRow) {
        let sampled = AuditRow { state: AuditState::Sampled, decided_ms: None, wrong_provider: None, ..audit.clone() };
        self.store.put_audit(sampled).await.unwrap();
        self.store.move_audit(audit, None).await.unwrap();
    }

    /// The first lease can settle no more than these fees for these units.
    pub(super) async fn release_first(&self, fee_paid: u64, units: u64) {
        let lease = self.store.lease(&[0x40; 32]).await.unwrap().unwrap();
        let mut job = self.store.job(&JOB).await.unwrap().unwrap();
        job.committed = job.committed.checked_sub(lease.cap).unwrap();
        (job.open_leases, job.seq, job.ord) = (job.open_leases - 1, job.seq + 1, ord(5, 91));
        let (fee_paid, units) = (Payment::new(fee_paid), Units::new(units));
        let row = LeaseRow { fee_paid, units, released: true, seq: lease.seq + 1, ord: ord(5, 90), ..lease };
        write(&*self.store, vec![row.into(), job.into()]).await;
        self.health.send_replace(IndexHealth::default());
    }

    /// Waits until audits have shown so much of a provider.
    pub(super) async fn until_bound(&self, provider: Key, lower_ppm: u32) {
        let mut seen = 0;
        for _ in 0..500 {
            let read = self.handle.read(move |engine| {
                let now_ms = u64::try_from(NOW).unwrap() * 1_000;
                engine.reputation().lower_ppm(&engine.config().reputation, &provider, now_ms)
            });
            seen = read.await.unwrap();
            if seen == lower_ppm {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it is {seen} and not {lower_ppm}");
    }

    /// The network after another event of its own.
    pub(super) async fn govern(&self, change: impl FnOnce(&mut NetworkRow)) {
        let mut row = self.store.network().await.unwrap().unwrap();
        change(&mut row);
        row.seq += 1;
        row.ord = ord(4 + row.seq, 0);
        self.changed(row.into()).await;
    }

    /// The job after another event of its own.
    pub(super) async fn change_job(&self, change: impl FnOnce(&mut JobRow)) {
        let mut row = self.store.job(&JOB).await.unwrap().unwrap();
        change(&mut row);
        row.seq += 1;
        row.ord = ord(4 + row.seq, 90);
        self.changed(row.into()).await;
    }

    async fn changed(&self, row: Projection) {
        write(&*self.store, vec![row]).await;
        self.health.send_replace(IndexHealth::default());
    }

    /// Waits until what is said of the job holds.
    pub(super) async fn until_why(&self, holds: impl Fn(&Why) -> bool) {
        for _ in 0..500 {
            if holds(&self.handle.why(JOB).await.unwrap().unwrap()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it never came to that: {:?}", self.handle.why(JOB).await);
    }

    pub(super) async fn beat(&self, id: u8) -> Beat {
        let beat = Heartbeat { provider: provider_key(id), in_flight: 0, cached: Vec::new() };
        self.handle.heartbeat(beat).await.unwrap()
    }

    /// Moves the clock.
    pub(super) fn advance(&self, ms: u64) {
        self.now_ms.fetch_add(ms, Ordering::Relaxed);
    }

    /// Moves the clock, and lets the dispatcher see it.
    pub(super) async fn pass(&self, ms: u64) {
        self.advance(ms);
        self.handle.overview().await.unwrap();
    }

    pub(super) async fn until(&self, holds: impl Fn(&Overview) -> bool) {
        for _ in 0..500 {
            if holds(&self.handle.overview().await.unwrap()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it never came to that: {:?}", self.handle.overview().await);
    }

    pub(super) async fn until_ready(&self) {
        until("it is ready", async || self.handle.ready()).await;
    }

    pub(super) async fn recorded(&self) -> u64 {
        self.store.last_dispatch_seq().await.unwrap()
    }

    pub(super) async fn execute(&self, statement: &str) {
        self.scratch.execute(statement).await.unwrap();
    }

    /// Makes inputs of the log ones of a format that is so much older, and snapshots.
    pub(super) async fn lower_format(&self, by: i64, condition: &str) {
        for table in ["dispatch_input", "dispatch_snapshot"] {
            self.scratch.lower(table, "version", by, condition).await.unwrap();
        }
    }

    pub(super) async fn delete_snapshots(&self) {
        self.scratch.delete("dispatch_snapshot", "seq > 0").await.unwrap();
    }

    pub(super) async fn seen(&self) -> Seen {
        let shards = self.handle.shards(JOB, None, 100).await.unwrap();
        let why = self.handle.why(JOB).await.unwrap();
        Seen { shards: format!("{shards:?}"), why: format!("{why:?}") }
    }
}

/// Waits until something holds.
pub(super) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..1_000 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never came to that: {what}");
}

async fn begin(
    name: &str,
    store: &Arc<dyn Store>,
    now_ms: &Arc<AtomicU64>,
    health: &watch::Sender<IndexHealth>,
    cancel: &CancellationToken,
    tracker: &TaskTracker,
) -> Result<Handle, Error> {
    let clock = now_ms.clone();
    let settings = Settings {
        signer: Keypair::new_from_array(DISPATCHER),
        engine: mira_dispatch::Config { seed: [7; 32], ..mira_dispatch::Config::default() },
        poll: Duration::from_millis(20),
        hold: Duration::from_secs(2),
        keep: Keep::default(),
        write_behind: false,
        name: name.to_owned(),
        health: health.subscribe(),
        clock: Arc::new(move || clock.load(Ordering::Relaxed)),
    };
    // Nothing listens there.
    let rpc = Rpc::new("http://127.0.0.1:1");
    start(settings, store.clone(), rpc, cancel.clone(), tracker).await
}

async fn write(store: &dyn Store, writes: Vec<Projection>) {
    let cursor = store.claim(STREAM).await.unwrap();
    let slot = cursor.slot.map_or(10, |slot| slot + 1);
    let blockhash = [9; 32];
    let block = ChainSlot {
        slot,
        state: SlotState::Present,
        parent_slot: slot - 1,
        blockhash,
        parent_blockhash: blockhash,
        block_time: Some(NOW),
    };
    let claim = Claim { stream: STREAM.to_owned(), fence: cursor.fence, at: cursor.slot };
    let commit =
        SlotCommit { claim, slots: vec![block], events: Vec::new(), writes, dead_letters: Vec::new(), slot, blockhash };
    store.commit_slot(commit).await.unwrap();
}
