//! Pulls that wait for a shard. A pull is fed to the engine, and so recorded, only when there is one.

use mira_dispatch::Engine;
use mira_dispatch::effect::{Assignment, Effect};
use mira_dispatch::input::{Event, Pull};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::round::Round;
use crate::dispatch::error::Error;
use crate::dispatch::meter::Meter;

/// One pull that waits.
pub(super) struct Waiter {
    pub(super) pull: Pull,
    pub(super) at_ms: u64,
    pub(super) until: Instant,
    pub(super) reply: oneshot::Sender<Result<Option<Assignment>, Error>>,
}

/// All that wait, oldest first.
#[derive(Default)]
pub(super) struct Waiting(Vec<Waiter>);

impl Waiting {
    pub(super) fn add(&mut self, waiter: Waiter) {
        self.0.push(waiter);
    }

    /// Gives each what there is for it; sends away whoever has waited long enough.
    pub(super) fn serve(
        &mut self,
        engine: &mut Engine,
        meter: &Meter,
        round: &mut Round,
        now_ms: u64,
    ) -> Result<(), Error> {
        let now = Instant::now();
        for waiter in std::mem::take(&mut self.0) {
            if waiter.reply.is_closed() {
                continue;
            }
            let at_ms = now_ms.max(waiter.at_ms);
            if engine.has_work(&waiter.pull, at_ms) {
                let outcome = round.feed(engine, meter, Event::Pull(waiter.pull), at_ms)?;
                let assignment = outcome.effects.into_iter().find_map(|effect| match effect {
                    Effect::Assign(assignment) => Some(assignment),
                    _ => None,
                });
                round.answer(waiter.reply, assignment);
            } else if waiter.until <= now {
                round.answer(waiter.reply, None);
            } else {
                self.0.push(waiter);
            }
        }
        Ok(())
    }

    /// Tells everybody that another dispatcher works now.
    pub(super) fn refuse(&mut self, why: impl Fn() -> Error) {
        for waiter in self.0.drain(..) {
            // Whoever is gone has nothing to be told.
            let _ = waiter.reply.send(Err(why()));
        }
    }

    /// Sends everybody away: the dispatcher stops.
    pub(super) fn dismiss(&mut self) {
        for waiter in self.0.drain(..) {
            // Whoever is gone has nothing to be told.
            let _ = waiter.reply.send(Ok(None));
        }
    }
}
