//! How a dispatcher is started and called.

use std::fmt;
use std::sync::Arc;

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
use super::standing::{Post, RETRY_MS, Standing};
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
    pub(super) post: Post,
    /// Whether requests are answered before they are written.
    pub(super) write_behind: bool,
    pub(super) offering: Offering,
    pub(super) commands: mpsc::Sender<Command>,
    /// The dispatcher's public key.
    pub(super) key: mira_core::Key,
    /// Where this process is, for people.
    pub(super) name: String,
}

impl Shared {
    /// Why a call cannot be taken now.
    pub(super) fn unavailable(&self) -> Error {
        match self.post.get() {
            Standing::StandsBy { holder, .. } => Error::StandingBy { holder, retry_after_ms: RETRY_MS },
            Standing::Restoring | Standing::Works => Error::soon(),
        }
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("standing", &self.standing()).finish_non_exhaustive()
    }
}

/// Restores the engine from its log and starts its tasks; they stop when `cancel` is cancelled. If another
/// dispatcher works on the database, this one stands by.
///
/// # Errors
/// The log cannot be read or written.
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
        post: Post::new(),
        write_behind: settings.write_behind,
        offering: Offering::new(settings.signer, rpc),
        commands,
        key,
        name: settings.name,
    });
    let actor = Actor::restore(shared.clone(), settings.engine, settings.hold, settings.keep, queue).await?;
    let handle = Handle { shared };
    tracker.spawn(actor.run(cancel.clone()));
    tracker.spawn(Follower::new(handle.clone(), settings.health, settings.poll).run(cancel));
    Ok(handle)
}

impl Handle {
    /// Whether it can take calls: false while it restores, while its log cannot be written, and while it stands by.
    pub fn ready(&self) -> bool {
        self.standing() == Standing::Works
    }

    /// What it does now.
    pub fn standing(&self) -> Standing {
        self.shared.post.get()
    }

    /// Refuses what only a dispatcher that works can answer.
    pub(super) fn refuse_standby(&self) -> Result<(), Error> {
        match self.standing() {
            Standing::StandsBy { .. } => Err(self.shared.unavailable()),
            Standing::Restoring | Standing::Works => Ok(()),
        }
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
