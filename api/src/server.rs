//! The life of a server: bind, serve, stop.

use std::future::IntoFuture as _;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::serve::ListenerExt as _;
use mira_chain::rpc::Rpc;
use mira_store::Store;
use mira_wire::Time;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::auth::Sessions;
use crate::blobs::{BlobError, Blobs};
use crate::config::{ApiConfig, Limits};
use crate::state::{AppState, Shared};
use crate::{dispatch, router, telemetry};

/// How often what has expired is deleted, and the metrics' histograms are drained.
const UPKEEP: Duration = Duration::from_secs(5);
/// How long a request with an idempotency key is remembered: a day.
const REMEMBER_MS: i64 = 86_400_000;

/// Why a server could not start.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The address is taken or not this machine's.
    #[error("cannot listen on {address}: {source}; choose another address, or port 0 for any free one")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The blob folder cannot be used.
    #[error("cannot use the blob folder: {0}")]
    Blobs(#[from] BlobError),
    /// The dispatcher's keypair is not one.
    #[error("the dispatcher's keypair is not valid: give the 64 bytes of a keypair file")]
    Keypair,
    /// The dispatcher did not start.
    #[error("the dispatcher did not start: {0}")]
    Dispatch(#[from] dispatch::Error),
}

/// The server.
#[derive(Debug)]
pub struct Api;

/// A server that runs.
#[derive(Debug)]
pub struct Running {
    /// Where it listens, with the port that it got.
    pub addr: SocketAddr,
    tracker: TaskTracker,
}

impl Running {
    /// Its address as clients write it.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Waits until everything has stopped. Cancel the token of [`Api::spawn`] first.
    pub async fn stopped(&self) {
        self.tracker.wait().await;
    }
}

impl Api {
    /// Starts a server and its dispatcher. Both stop when `shutdown` is cancelled: open requests may go
    /// on for [`Limits::shutdown`], streams and long polls end at once.
    ///
    /// # Errors
    /// [`ApiError`]; nothing is left running then.
    pub async fn spawn(config: ApiConfig, shutdown: CancellationToken) -> Result<Running, ApiError> {
        let dispatcher = Keypair::try_from(config.dispatcher.as_slice()).map_err(|_| ApiError::Keypair)?;
        let dispatcher_key = dispatcher.pubkey().to_bytes();
        let blobs = Blobs::open(&config.blobs_dir, config.limits.blob_bytes)?;
        let bind = |source| ApiError::Bind { address: config.bind, source };
        let listener = TcpListener::bind(config.bind).await.map_err(bind)?;
        let addr = listener.local_addr().map_err(bind)?;

        let tracker = TaskTracker::new();
        let settings = dispatch::Settings {
            signer: dispatcher,
            engine: config.engine.clone(),
            poll: config.dispatch_poll,
            hold: config.dispatch_hold,
            write_behind: config.write_behind,
            name: format!("{addr} (process {})", std::process::id()),
            health: config.health.clone(),
            clock: config.clock.clone(),
        };
        let rpc = Rpc::new(&config.rpc_url);
        let dispatch = dispatch::start(settings, config.store.clone(), rpc, shutdown.clone(), &tracker).await?;

        let (routes, docs) = router::build(&config.limits);
        let state = AppState::from(Shared {
            store: config.store,
            blobs,
            dispatch,
            health: config.health,
            clock: config.clock,
            limits: config.limits,
            program_id: config.program_id,
            dispatcher: dispatcher_key,
            metrics: telemetry::recorder(),
            streams: Semaphore::new(config.limits.streams).into(),
            shutdown: shutdown.clone(),
            heartbeat_ms: u32::try_from(config.engine.heartbeat_timeout_ms / 3).unwrap_or(u32::MAX),
            sessions: Sessions::new(&config.dispatcher),
            docs,
        });
        tracker.spawn(upkeep(state.clone(), shutdown.clone()));
        tracker.spawn(serve(listener, router::wrap(routes, state), config.limits, shutdown));
        tracker.close();
        tracing::info!(%addr, "the API listens");
        Ok(Running { addr, tracker })
    }
}

/// Serves until cancelled, then lets open requests finish, but not for ever.
async fn serve(listener: TcpListener, router: axum::Router, limits: Limits, shutdown: CancellationToken) {
    let stop = shutdown.clone();
    let listener = listener.tap_io(|stream| {
        // An answer is one write: nothing is gained by holding it back until the one before is acknowledged.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection's answers may be held back");
        }
    });
    let server = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned());
    let patience = async {
        shutdown.cancelled().await;
        tokio::time::sleep(limits.shutdown).await;
    };
    tokio::select! {
        result = server.into_future() => {
            if let Err(error) = result {
                tracing::error!(%error, "the API stopped");
            }
        }
        () = patience => tracing::warn!("requests were still open at shutdown"),
    }
}

/// Deletes what has expired and drains the metrics, until cancelled.
async fn upkeep(state: AppState, shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(UPKEEP) => {}
        }
        state.metrics.run_upkeep();
        forget(&*state.store, state.now_ms()).await;
    }
}

async fn forget(store: &dyn Store, now_ms: u64) {
    let now = Time::from_unsigned_ms(now_ms).ms();
    if let Err(error) = store.forget_old(now.saturating_sub(REMEMBER_MS), now).await {
        tracing::warn!(%error, "old nonces were not deleted");
    }
}
