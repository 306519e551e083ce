//! What can be asked of the task that owns the engine.

use mira_dispatch::Engine;
use mira_dispatch::effect::{Assignment, Outcome};
use mira_dispatch::input::{Event, Pull};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::serving::Serve;
use crate::dispatch::error::Error;

/// What runs once a call's inputs are recorded, or have failed to be.
pub(super) type Then = Box<dyn FnOnce(Result<(&Engine, Outcome), Error>) + Send>;

/// A call.
pub(in crate::dispatch) enum Command {
    /// Feed events, then read.
    Act(Act),
    /// Wait for a shard.
    Pull {
        /// Who asks.
        pull: Pull,
        /// When it asked. Unix milliseconds.
        at_ms: u64,
        /// Until when it waits.
        until: Instant,
        /// Where the shard goes.
        reply: oneshot::Sender<Result<Option<Assignment>, Error>>,
    },
    /// Serve requests of an interactive job.
    Serve(Serve),
}

/// Events to feed, in order, and what to do with what they led to.
pub(in crate::dispatch) struct Act {
    /// The events.
    pub(in crate::dispatch) events: Vec<Event>,
    /// When they came. Unix milliseconds.
    pub(in crate::dispatch) at_ms: u64,
    /// What then.
    pub(in crate::dispatch) then: Then,
}

impl Command {
    /// Tells the caller that it was not taken.
    pub(super) fn fail(self) {
        match self {
            Command::Act(act) => (act.then)(Err(Error::soon())),
            Command::Serve(serve) => serve.answer(Err(Error::soon())),
            // Whoever is gone has nothing to be told.
            Command::Pull { reply, .. } => drop(reply.send(Err(Error::soon()))),
        }
    }
}
