//! A dispatcher on a database of its own, with providers and one job.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use mira_chain::rpc::Rpc;
use mira_core::Key;
use mira_core::amount::{Bps, Payment, Shares, Stake, StakePerMillion, UnitPrice, Units};
use mira_core::label::Label;
use mira_core::params::Profile;
use mira_core::tier::{Tier, UnitKind};
use mira_store::Store;
use mira_store::model::{
    ChainSlot, Claim, JobRow, JobState, LeaseRow, NetworkRow, Ordinal, Projection, ProviderRow, ProviderStatus,
    SlotCommit, SlotState, Voucher,
};
use mira_store::scratch::Scratch;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;
use tempfile::TempDir;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::dispatch::{Beat, Handle, Heartbeat, Offer, Overview, Place, Settings, Spec, SpecShard, start};
use crate::health::IndexHealth;

pub(super) const JOB: Key = [0x21; 32];
const NOW: i64 = 1_767_225_600;
const STREAM: &str = "blocks";
const DISPATCHER: [u8; 32] = [4; 32];

pub(super) fn provider_key(id: u8) -> Key {
    [0x80 + id; 32]
}

fn label(text: &str) -> Label {
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
        },
    }
}

fn ord(slot: u64, inner_ix: u16) -> Ordinal {
    Ordinal { slot, signature: [5; 64], ix: 0, inner_ix }
}

fn network() -> NetworkRow {
    NetworkRow {
        config: [1; 32],
        admin: [2; 32],
        stake_mint: [3; 32],
        payment_mint: [4; 32],
        cluster_id: [5; 32],
        profile: Profile::Local,
        fee: Bps::new(100).unwrap(),
        min_stake: Stake::new(1_000),
        stake_per_million: StakePerMillion::new(1_000_000),
        unbonding_secs: 10_000,
        max_lease_secs: 3_600,
        max_job_secs: 7_200,
        grace_secs: 60,
        dispute_window_secs: 30,
        job_id_window_secs: 300,
        seq: 1,
        ord: ord(1, 0),
    }
}

fn provider(id: u8) -> ProviderRow {
    ProviderRow {
        provider: provider_key(id),
        owner: [0xa0 + id; 32],
        operator: [0xc0 + id; 32],
        payout: [6; 32],
        status: ProviderStatus::Active,
        total_stake: Stake::new(1_000_000),
        total_shares: Shares::new(1_000_000),
        unbonding_shares: Shares::new(0),
        own_shares: Shares::new(1_000_000),
        exposure: Stake::ZERO,
        commission: Bps::ZERO,
        open_leases: 0,
        resource_class: *label("cpu").bytes(),
        region: *label("eu").bytes(),
        metadata_hash: [0; 32],
        registered_at: NOW - 1_000,
        seq: 1,
        ord: ord(1, u16::from(id) + 1),
    }
}

fn job() -> JobRow {
    JobRow {
        job: JOB,
        requester: [0x22; 32],
        job_id: 1,
        voucher_signer: [0x23; 32],
        dispatcher: Some(Keypair::new_from_array(DISPATCHER).pubkey().to_bytes()),
        spec_hash: [0x24; 32],
        tier: Tier::Batch,
        unit_kind: UnitKind::Fuel,
        max_unit_price: UnitPrice::new(1_000_000),
        funded: Payment::new(4_000),
        committed: Payment::ZERO,
        paid: Payment::ZERO,
        refunded: Payment::ZERO,
        foreign_amount: Payment::ZERO,
        min_provider_stake: Stake::new(10),
        max_share: Bps::new(5_000).unwrap(),
        max_leases: 8,
        open_leases: 0,
        leases_total: 0,
        created_at: NOW - 10,
        deadline: NOW + 7_000,
        closing_at: None,
        status: JobState::Open,
        seq: 2,
        ord: ord(1, 90),
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
        let handle = begin(&store, &now_ms, &health, &cancel, &tracker).await;
        World { handle, store, scratch, folder, now_ms, health, cancel, tracker }
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
        begin(&self.store, &self.now_ms, &self.health, &self.cancel, &self.tracker).await
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

    pub(super) async fn beat(&self, id: u8) -> Beat {
        let beat = Heartbeat { provider: provider_key(id), in_flight: 0, cached: Vec::new() };
        self.handle.heartbeat(beat).await.unwrap()
    }

    /// Moves the clock, and lets the dispatcher see it.
    pub(super) async fn pass(&self, ms: u64) {
        self.now_ms.fetch_add(ms, Ordering::Relaxed);
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
        self.readiness(true).await;
    }

    pub(super) async fn until_not_ready(&self) {
        self.readiness(false).await;
    }

    async fn readiness(&self, wanted: bool) {
        for _ in 0..1_000 {
            if self.handle.ready() == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("ready never became {wanted}");
    }

    pub(super) async fn recorded(&self) -> u64 {
        self.store.last_dispatch_seq().await.unwrap()
    }

    pub(super) async fn execute(&self, statement: &str) {
        self.scratch.execute(statement).await.unwrap();
    }

    pub(super) async fn seen(&self) -> Seen {
        let shards = self.handle.shards(JOB, None, 100).await.unwrap();
        let why = self.handle.why(JOB).await.unwrap();
        Seen { shards: format!("{shards:?}"), why: format!("{why:?}") }
    }
}

fn lease(lease: Key, nonce: u32, provider: Key, unit_price: UnitPrice, cap: Payment) -> LeaseRow {
    LeaseRow {
        lease,
        job: JOB,
        provider,
        nonce,
        requester: [0x22; 32],
        voucher_signer: [0x23; 32],
        operator: [0xc0; 32],
        matcher: [0x24; 32],
        unit_price,
        fee: Bps::new(100).unwrap(),
        cap,
        exposure: Stake::new(cap.get()),
        settled: Payment::ZERO,
        fee_paid: Payment::ZERO,
        units: Units::ZERO,
        returned: Payment::ZERO,
        opened_at: NOW,
        expires_at: NOW + 3_000,
        grace_secs: 60,
        dispute_window_secs: 30,
        settle_until: NOW + 3_060,
        dispute_until: NOW + 3_090,
        rent_payer: [0xc0; 32],
        released: false,
        ended: false,
        seq: 1,
        ord: ord(2, u16::try_from(nonce).unwrap()),
    }
}

async fn begin(
    store: &Arc<dyn Store>,
    now_ms: &Arc<AtomicU64>,
    health: &watch::Sender<IndexHealth>,
    cancel: &CancellationToken,
    tracker: &TaskTracker,
) -> Handle {
    let clock = now_ms.clone();
    let settings = Settings {
        signer: Keypair::new_from_array(DISPATCHER),
        engine: mira_dispatch::Config { seed: [7; 32], ..mira_dispatch::Config::default() },
        poll: Duration::from_millis(20),
        health: health.subscribe(),
        clock: Arc::new(move || clock.load(Ordering::Relaxed)),
    };
    // Nothing listens there.
    let rpc = Rpc::new("http://127.0.0.1:1");
    start(settings, store.clone(), rpc, cancel.clone(), tracker).await.unwrap()
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
