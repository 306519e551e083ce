//! The tokio shell around [`crate::step`] and [`crate::apply`]: it fetches, commits, and reports.
//!
//! Any failure throws the in-memory state away and starts again from the stored cursor, so there is
//! one way to continue, and it is the way a restarted process takes.
//!
//! Of several indexers on one database one works and the others wait ([`crate::standby`]); one that lost the
//! stream waits as they do.

mod blocks;
mod clock;
mod confirmed;
mod gaps;
mod handle;
mod hold;
mod session;
mod signatures;
mod version;

pub use handle::{Handle, WaitError};
pub(crate) use hold::keep;
pub use session::Source;

use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use mira_chain::hint::{Hints, Websocket};
use mira_chain::rpc::Rpc;
use mira_chain::source::{BlockSource, Endpoints, RpcSource, SignatureSource, label};
use mira_store::Index;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::health::{Health, Stopped};
use crate::step::SetAside;
use crate::stop::Stop;
use session::{Failure, Session};

/// The name under which the cursor is stored: what is finalized, from either source.
pub const STREAM: &str = "finalized";

/// What an RPC is asked for. Both give the same rows to the byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum SourceKind {
    /// Every block: proven by the links between blocks.
    #[default]
    Blocks,
    /// The program's transactions alone, for endpoints where blocks are too dear: proven by the numbers of
    /// the events.
    Signatures,
}

/// How the indexer reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The slot to start at when nothing is stored: the program's deployment, or before. `None` is
    /// the endpoint's oldest slot. Starting too late shows as a missing event and stops.
    pub start_slot: Option<u64>,
    /// How long to wait before asking for new finalized slots: about one slot's time, or more with hints.
    pub poll: Duration,
    /// A websocket that says when to ask sooner. It changes nothing else.
    pub hints: Option<Websocket>,
    /// Blocks or transactions fetched at the same time when catching up.
    pub concurrency: usize,
    /// What the RPC endpoints are asked for.
    pub source: SourceKind,
    /// Whether the confirmed rows above the cursor are kept too. Each new slot costs some calls more. Single
    /// transactions do not show which fork they are on: from them there are none.
    pub confirmed: bool,
    /// Transactions that are set aside if they cannot be read, instead of stopping there: only what is known to
    /// concern nothing of the network. An event that is lost with one stops the cursor at the next of its aggregate.
    pub set_aside: SetAside,
    /// How long the stream's writer may be silent before another indexer takes over. A writer shows signs of
    /// life [`BEATS`] times in it.
    pub hold: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            start_slot: None,
            poll: Duration::from_millis(400),
            hints: None,
            concurrency: 8,
            source: SourceKind::Blocks,
            confirmed: false,
            set_aside: SetAside::new(),
            hold: Duration::from_secs(10),
        }
    }
}

/// Signs of life within the hold time: one may be late, and one lost.
pub const BEATS: u32 = 3;
/// The first pause after a failure.
const MIN_PAUSE: Duration = Duration::from_millis(100);
/// An endpoint or database that is back is noticed within this.
const MAX_PAUSE: Duration = Duration::from_secs(2);
/// A question that got a bad answer is not asked more often than this.
const MAX_STOP_PAUSE: Duration = Duration::from_secs(15);

/// The indexer.
#[derive(Debug)]
pub struct Indexer;

impl Indexer {
    /// Follows the chain behind an RPC endpoint until `shutdown`.
    pub fn spawn(config: Config, store: Arc<dyn Index>, rpc: Rpc, shutdown: CancellationToken) -> Handle {
        let source = Arc::new(RpcSource::new(rpc));
        let source = match config.source {
            SourceKind::Blocks => Source::Blocks(source),
            SourceKind::Signatures => Source::Signatures(source),
        };
        Self::spawn_from(config, store, source, shutdown)
    }

    /// As [`Indexer::spawn`], over several endpoints of one cluster, the preferred one first. `None` without
    /// any.
    pub fn spawn_over(
        config: Config,
        store: Arc<dyn Index>,
        urls: &[String],
        shutdown: CancellationToken,
    ) -> Option<Handle> {
        let source = match (config.source, urls) {
            (_, [url]) => return Some(Self::spawn(config, store, Rpc::new(url), shutdown)),
            (SourceKind::Blocks, _) => {
                Source::Blocks(Arc::new(Endpoints::<dyn BlockSource>::new(labelled(urls, |source| source))?))
            }
            (SourceKind::Signatures, _) => {
                Source::Signatures(Arc::new(Endpoints::<dyn SignatureSource>::new(labelled(urls, |source| source))?))
            }
        };
        Some(Self::spawn_from(config, store, source, shutdown))
    }

    /// As [`Indexer::spawn`], from any source.
    pub fn spawn_from(config: Config, store: Arc<dyn Index>, source: Source, shutdown: CancellationToken) -> Handle {
        let (health, health_seen) = watch::channel(Health { proof: source.proof(), ..Health::default() });
        let (committed, committed_seen) = watch::channel(None);
        let hints = config.hints.clone().map_or_else(Hints::none, Hints::listen);
        let session = Session {
            config,
            store,
            source,
            hints,
            health,
            committed,
            fence: 0,
            tip: None,
            progressed: false,
            gaps: false,
        };
        let task = tokio::spawn(run(session, shutdown));
        Handle { health: health_seen, committed: committed_seen, task }
    }
}

/// Each endpoint with its number and host, so that two of one host can be told apart.
fn labelled<S: ?Sized>(urls: &[String], source: fn(Arc<RpcSource>) -> Arc<S>) -> Vec<(String, Arc<S>)> {
    let one = |url: &String| source(Arc::new(RpcSource::new(Rpc::new(url))));
    let named = |(index, url): (usize, &String)| (format!("endpoint {} ({})", index + 1, label(url)), one(url));
    urls.iter().enumerate().map(named).collect()
}

/// Waits for the stream, works until it is lost or `shutdown`, and waits again.
async fn run(mut session: Session, shutdown: CancellationToken) {
    loop {
        session.fence = tokio::select! {
            biased;
            () = shutdown.cancelled() => return,
            fence = hold::acquire(&session) => fence,
        };
        let (store, every) = (session.store.clone(), session.config.hold / BEATS);
        let lost = tokio::select! {
            biased;
            () = shutdown.cancelled() => None,
            lost = keep(store.as_ref(), session.fence, every) => Some(lost.to_string()),
            lost = work(&mut session) => Some(lost),
        };
        let Some(reason) = lost else { return hold::release(&session).await };
        tracing::warn!(%reason, "indexing goes on elsewhere");
        session.health.send_modify(|health| (health.stopped, health.trouble) = (None, None));
    }
}

/// Works until the stream is lost; gives what the store said.
async fn work(session: &mut Session) -> String {
    let mut pauses = pauses(MAX_PAUSE);
    loop {
        let pause = match session.follow().await {
            Failure::Fenced(reason) => return reason,
            Failure::Stop(stop) if stop.asks_again() => {
                report(session, &stop).await;
                Some(MAX_STOP_PAUSE.min(pauses.next().unwrap_or(MAX_PAUSE) * 8))
            }
            Failure::Stop(stop) => {
                report(session, &stop).await;
                None
            }
            Failure::Trouble(trouble) => {
                session.trouble(trouble);
                pauses.next()
            }
        };
        if std::mem::take(&mut session.progressed) {
            pauses = self::pauses(MAX_PAUSE);
        }
        wait(pause).await;
    }
}

fn pauses(most: Duration) -> impl Iterator<Item = Duration> + Send {
    ExponentialBuilder::default().with_min_delay(MIN_PAUSE).with_max_delay(most).without_max_times().build()
}

/// Waits for a time, or for ever: a stop that needs a person ends with the process.
async fn wait(pause: Option<Duration>) {
    match pause {
        Some(pause) => tokio::time::sleep(pause).await,
        None => std::future::pending().await,
    }
}

async fn report(session: &mut Session, stop: &Stop) {
    tracing::error!(code = stop.code(), %stop, "indexing stopped");
    metrics::counter!("mira_indexer_stops_total", "code" => stop.code()).increment(1);
    session.health.send_modify(|health| health.stopped = Some(Stopped::from(stop)));
    session.note(stop).await;
}

#[cfg(test)]
mod tests;
