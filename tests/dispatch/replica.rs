//! A dispatcher with connections and a runtime of its own, so that it can be killed as a process is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use mira_api::IndexHealth;
use mira_api::dispatch::{Error, Handle, Keep, Offer, Settings, start};
use mira_chain::rpc::Rpc;
use mira_core::Key;
use mira_core::amount::UnitPrice;
use mira_core::label::Label;
use mira_core::tier::UnitKind;
use mira_store::Store;
use mira_store::scratch::Scratch;
use solana_sdk::signature::Keypair;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::api::support::rows;

/// How replicas are started.
pub struct Stage {
    pub scratch: Scratch,
    pub keep: Keep,
    pub engine: mira_dispatch::Config,
    /// Unix milliseconds.
    pub now_ms: Arc<AtomicU64>,
}

impl Stage {
    /// On a database of its own, at the time of the rows.
    pub fn new(scratch: Scratch) -> Self {
        let now_ms = u64::try_from(rows::NOW).unwrap() * 1_000;
        let engine = mira_dispatch::Config::default();
        Stage { scratch, keep: Keep::default(), engine, now_ms: Arc::new(AtomicU64::new(now_ms)) }
    }

    /// Lets time pass.
    pub fn pass(&self, ms: u64) {
        self.now_ms.fetch_add(ms, Ordering::Relaxed);
    }

    /// Starts a dispatcher.
    pub async fn start(&self, name: &str) -> Replica {
        self.try_start(name).await.unwrap()
    }

    /// The same, or why it does not start.
    pub async fn try_start(&self, name: &str) -> Result<Replica, Error> {
        let (health, receiver) = watch::channel(IndexHealth::default());
        let (cancel, tracker, now_ms) = (CancellationToken::new(), TaskTracker::new(), self.now_ms.clone());
        let settings = Settings {
            signer: Keypair::new_from_array([rows::DISPATCHER; 32]),
            engine: self.engine.clone(),
            poll: Duration::from_millis(20),
            hold: Duration::from_secs(1),
            keep: self.keep,
            write_behind: false,
            name: name.to_owned(),
            health: receiver,
            clock: Arc::new(move || now_ms.load(Ordering::Relaxed)),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (url, child, tasks) = (self.scratch.url().to_owned(), cancel.clone(), tracker.clone());
        let begun = runtime.spawn(async move {
            let store = mira_store::open(&url).await.unwrap();
            // Nothing listens there.
            let handle = start(settings, store.clone(), Rpc::new("http://127.0.0.1:1"), child, &tasks).await;
            handle.map(|handle| (handle, store))
        });
        let begun = begun.await.unwrap();
        let mut replica =
            Replica { handle: None, store: None, cancel, tracker, runtime: Some(runtime), _health: health };
        let (handle, store) = begun?;
        (replica.handle, replica.store) = (Some(handle), Some(store));
        Ok(replica)
    }
}

/// A dispatcher.
pub struct Replica {
    handle: Option<Handle>,
    store: Option<Arc<dyn Store>>,
    cancel: CancellationToken,
    tracker: TaskTracker,
    runtime: Option<Runtime>,
    _health: watch::Sender<IndexHealth>,
}

impl Replica {
    pub fn handle(&self) -> &Handle {
        self.handle.as_ref().unwrap()
    }

    /// Offers at a price of its own, so that it says something new.
    pub async fn offer(&self, price: u64) -> Result<(), Error> {
        self.offer_of(rows::PROVIDER, "eu-west", price).await
    }

    /// A provider's offer.
    pub async fn offer_of(&self, provider: Key, region: &str, price: u64) -> Result<(), Error> {
        let label = |text| Label::parse(text).unwrap();
        let offer = Offer {
            provider,
            region: label(region),
            resource_class: label("cpu-small"),
            unit_kind: UnitKind::Fuel,
            unit_price: UnitPrice::new(price),
            slots: 2,
            cached: Vec::new(),
            machine: None,
        };
        self.handle().offer(offer).await.map(drop)
    }

    pub async fn providers(&self) -> u32 {
        self.handle().overview().await.unwrap().providers
    }

    /// Ends it in order.
    pub async fn stop(mut self) {
        self.cancel.cancel();
        self.tracker.close();
        self.tracker.wait().await;
        let (runtime, store) = (self.runtime.take().unwrap(), self.store.take().unwrap());
        runtime.spawn(async move { store.close().await }).await.unwrap();
        end(runtime).await;
    }

    /// Ends it wherever it is, whatever it does.
    pub async fn kill(mut self) {
        end(self.runtime.take().unwrap()).await;
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        // Nothing may wait here.
        self.runtime.take().into_iter().for_each(Runtime::shutdown_background);
    }
}

/// Ends a runtime with all that runs on it.
async fn end(runtime: Runtime) {
    tokio::task::spawn_blocking(move || drop(runtime)).await.unwrap();
}

/// Waits until something holds.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..1_000 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("not in time: {what}");
}
