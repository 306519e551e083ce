//! Two dispatchers on one database, on either engine: the second follows and takes over, the first is refused.

use std::sync::Arc;
use std::time::Duration;

use mira_api::IndexHealth;
use mira_api::dispatch::{Error, Handle, Offer, Settings, Standing, start, verify_replay};
use mira_chain::rpc::Rpc;
use mira_core::amount::UnitPrice;
use mira_core::label::Label;
use mira_core::tier::UnitKind;
use mira_store::Store;
use mira_store::scratch::Scratch;
use mira_wire::clock;
use solana_sdk::signature::Keypair;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

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

/// A dispatcher with connections of its own.
struct Replica {
    handle: Handle,
    store: Arc<dyn Store>,
    cancel: CancellationToken,
    tracker: TaskTracker,
    _health: watch::Sender<IndexHealth>,
}

impl Replica {
    async fn start(scratch: &Scratch, name: &str) -> Self {
        let (store, (health, receiver)) = (scratch.open().await.unwrap(), watch::channel(IndexHealth::default()));
        let (cancel, tracker) = (CancellationToken::new(), TaskTracker::new());
        let settings = Settings {
            signer: Keypair::new_from_array([4; 32]),
            engine: mira_dispatch::Config::default(),
            poll: Duration::from_millis(20),
            hold: Duration::from_secs(1),
            write_behind: false,
            name: name.to_owned(),
            health: receiver,
            clock: clock::system(),
        };
        let rpc = Rpc::new("http://127.0.0.1:1");
        let handle = start(settings, store.clone(), rpc, cancel.clone(), &tracker).await.unwrap();
        Self { handle, store, cancel, tracker, _health: health }
    }

    /// Offers at a price of its own, so that it says something new.
    async fn offer(&self, price: u64) -> Result<(), Error> {
        let label = |text| Label::parse(text).unwrap();
        let offer = Offer {
            provider: rows::PROVIDER,
            region: label("eu-west"),
            resource_class: label("cpu-small"),
            unit_kind: UnitKind::Fuel,
            unit_price: UnitPrice::new(price),
            slots: 2,
            cached: Vec::new(),
            machine: None,
        };
        self.handle.offer(offer).await.map(drop)
    }

    async fn providers(&self) -> u32 {
        self.handle.overview().await.unwrap().providers
    }

    async fn stop(self) {
        self.cancel.cancel();
        self.tracker.close();
        self.tracker.wait().await;
        self.store.close().await;
    }
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..1_000 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("not in time: {what}");
}

async fn two(scratch: Scratch) {
    let store = scratch.open().await.unwrap();
    rows::write(&*store, vec![rows::network().into(), rows::provider().into()], Vec::new()).await;
    let first = Replica::start(&scratch, "first").await;
    let second = Replica::start(&scratch, "second").await;
    assert_eq!(first.handle.standing(), Standing::Works);
    assert_eq!(second.handle.standing(), Standing::StandsBy { holder: "first".into(), fence: 1 });

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
    assert!(matches!(stale, Err(Error::Replaced { .. } | Error::Unavailable { .. })), "{stale:?}");
    assert_eq!(store.last_dispatch_seq().await.unwrap(), before);

    // It is never heard of again: one of the two goes on, and only one.
    until("one works", async || first.handle.ready() || second.handle.ready()).await;
    let (works, waits) = if first.handle.ready() { (first, second) } else { (second, first) };
    until("the other one stands by", async || matches!(waits.handle.standing(), Standing::StandsBy { fence: 3, .. }))
        .await;
    works.offer(200_000).await.unwrap();

    // An end in order is followed at once, and everything is known.
    works.stop().await;
    until("the last one works", async || waits.handle.ready()).await;
    assert_eq!(waits.providers().await, 1);
    waits.offer(100_000).await.unwrap();
    assert_eq!(store.dispatcher().await.unwrap().unwrap().fence, 4);
    assert_eq!(verify_replay(&*store).await.unwrap().diverged, 0);
    waits.stop().await;
    store.close().await;
    scratch.drop().await.unwrap();
}
