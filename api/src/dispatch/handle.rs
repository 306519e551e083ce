//! How a dispatcher is started and called.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use mira_chain::rpc::Rpc;
use mira_dispatch::Engine;
use mira_dispatch::effect::{Effect, Outcome};
use mira_dispatch::input::Event;
use mira_store::Store;
use mira_wire::clock::Clock;
use solana_sdk::signer::Signer as _;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::actor::{Act, Actor, Command};
use super::error::Error;
use super::meter::Meter;
use super::offering::Offering;
use super::settings::Settings;
use super::sync::Follower;

/// Calls that may wait for the actor before callers have to.
const QUEUE: usize = 1_024;

/// A handle to a running dispatcher. Cheap to clone.
#[derive(Clone)]
pub struct Handle {
    pub(super) shared: Arc<Shared>,
}

/// What all handles and tasks of a dispatcher share.
pub(super) struct Shared {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Clock,
    pub(super) meter: Meter,
    pub(super) ready: AtomicBool,
    pub(super) offering: Offering,
    pub(super) commands: mpsc::Sender<Command>,
    /// The dispatcher's public key.
    pub(super) key: mira_core::Key,
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("ready", &self.ready()).finish_non_exhaustive()
    }
}

/// Restores the engine from its log and starts its tasks; they stop when `cancel` is cancelled.
///
/// # Errors
/// The log cannot be read.
pub async fn start(
    settings: Settings,
    store: Arc<dyn Store>,
    rpc: Rpc,
    cancel: CancellationToken,
    tracker: &TaskTracker,
) -> Result<Handle, Error> {
    let (commands, queue) = mpsc::channel(QUEUE);
    let key = settings.signer.pubkey().to_bytes();
    let shared = Arc::new(Shared {
        store,
        clock: settings.clock.clone(),
        meter: Meter::default(),
        ready: AtomicBool::new(false),
        offering: Offering::new(settings.signer, rpc),
        commands,
        key,
    });
    let actor = Actor::restore(shared.clone(), settings.engine, queue).await?;
    let handle = Handle { shared };
    tracker.spawn(actor.run(cancel.clone()));
    tracker.spawn(Follower::new(handle.clone(), settings.health, settings.poll).run(cancel));
    Ok(handle)
}

impl Handle {
    /// Whether it can take calls: false while it restores, and while its log cannot be written.
    pub fn ready(&self) -> bool {
        self.shared.ready.load(Ordering::Acquire)
    }

    pub(super) fn now_ms(&self) -> u64 {
        (self.shared.clock)()
    }

    /// Feeds events to the engine and, once they are recorded, reads from it.
    pub(super) async fn act<T: Send + 'static>(
        &self,
        events: Vec<Event>,
        read: impl FnOnce(&Engine, Outcome) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        let then = Box::new(move |result: Result<(&Engine, Outcome), Error>| {
            // The caller may be gone: then nobody waits for it.
            let _ = reply.send(result.map(|(engine, outcome)| read(engine, outcome)));
        });
        self.send(Command::Act(Act { events, at_ms: self.now_ms(), then })).await?;
        answer.await.map_err(|_| Error::soon())?
    }

    /// Reads from the engine.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Engine) -> T + Send + 'static,
    ) -> Result<T, Error> {
        self.act(Vec::new(), |engine, _| read(engine)).await
    }

    pub(super) async fn send(&self, command: Command) -> Result<(), Error> {
        self.shared.commands.send(command).await.map_err(|_| Error::soon())
    }
}

/// The first refusal among effects.
pub(super) fn refusal(outcome: &Outcome) -> Option<Error> {
    outcome.effects.iter().find_map(|effect| match effect {
        Effect::Refused(refusal) => Some(refusal.clone().into()),
        _ => None,
    })
}
