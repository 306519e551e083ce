//! The task that owns the engine.
//!
//! Each round takes all calls that have come in, steps the engine through them and through whatever has
//! fallen due, gives waiting pulls what there is for them, writes it all in one transaction, and only
//! then answers. If that write fails, every caller is told so and the engine is restored from what was
//! written: it never knows more than its log.

mod epoch;
mod log;
mod round;
mod waiting;

pub use log::{Replayed, verify_replay};

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use mira_dispatch::effect::{Assignment, Outcome};
use mira_dispatch::input::{Event, Pull};
use mira_dispatch::{Config, Engine};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::error::Error;
use super::handle::Shared;
pub(super) use round::PLACEMENT;
use round::Round;
use waiting::{Waiter, Waiting};

/// Calls taken into one round: bounds one transaction.
const ROUND: usize = 256;
/// The longest sleep, so that waiting pulls see what only time brings about.
const REST: Duration = Duration::from_millis(100);
/// The first wait after a failed write; it doubles up to `RETRY_CAP`. The API is not ready until the log is read again,
/// and it has to be soon after the database is back.
const RETRY: Duration = Duration::from_millis(100);
const RETRY_CAP: Duration = Duration::from_secs(1);

/// What runs once a call's inputs are recorded, or have failed to be.
type Then = Box<dyn FnOnce(Result<(&Engine, Outcome), Error>) + Send>;

/// A call.
pub(super) enum Command {
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
}

/// Events to feed, in order, and what to do with what they led to.
pub(super) struct Act {
    /// The events.
    pub(super) events: Vec<Event>,
    /// When they came. Unix milliseconds.
    pub(super) at_ms: u64,
    /// What then.
    pub(super) then: Then,
}

/// The task's state.
pub(super) struct Actor {
    shared: Arc<Shared>,
    config: Config,
    engine: Engine,
    queue: mpsc::Receiver<Command>,
    waiting: Waiting,
    /// Pulls that were answered to nobody: their shards go back in the next round.
    undelivered: Vec<Event>,
    /// The number of the newest recorded input.
    seq: u64,
    /// When the last round began. Unix milliseconds.
    round_ms: u64,
}

impl Actor {
    /// The engine as its log has it, started anew.
    pub(super) async fn restore(
        shared: Arc<Shared>,
        config: Config,
        queue: mpsc::Receiver<Command>,
    ) -> Result<Self, Error> {
        let (engine, seq) = log::replay(&*shared.store).await?;
        let round_ms = (shared.clock)();
        let mut actor = Actor {
            shared,
            config,
            engine,
            queue,
            waiting: Waiting::default(),
            undelivered: Vec::new(),
            seq,
            round_ms,
        };
        let mut round = Round::default();
        // A new engine goes on from the epochs before it; any other has its own.
        actor.config.after = epoch::anchor(&*actor.shared.store, seq).await?;
        let start = Event::Start(actor.config.clone());
        round.feed(&mut actor.engine, &actor.shared.meter, start, round_ms)?;
        actor.record(&mut round).await?;
        actor.shared.ready.store(true, Ordering::Release);
        Ok(actor)
    }

    /// Runs until cancelled.
    pub(super) async fn run(mut self, cancel: CancellationToken) {
        let mut batch = Vec::with_capacity(ROUND);
        loop {
            let rest = self.rest();
            tokio::select! {
                biased;
                () = cancel.cancelled() => break,
                count = self.queue.recv_many(&mut batch, ROUND) => if count == 0 { break },
                () = tokio::time::sleep(rest) => {}
            }
            if let Err(error) = self.round(&mut batch).await
                && !self.recover(error, &cancel).await
            {
                break;
            }
        }
        self.shared.ready.store(false, Ordering::Release);
        self.queue.close();
        self.waiting.dismiss();
    }

    /// How long there is nothing to do unless somebody calls.
    fn rest(&self) -> Duration {
        let now_ms = (self.shared.clock)();
        let due_ms = self.engine.next_due_ms().unwrap_or(u64::MAX).saturating_sub(now_ms);
        if self.undelivered.is_empty() { Duration::from_millis(due_ms.max(1)).min(REST) } else { Duration::ZERO }
    }

    /// One round: step, record, answer.
    async fn round(&mut self, batch: &mut Vec<Command>) -> Result<(), Error> {
        let mut round = Round::default();
        let mut thens = Vec::new();
        let stepped = self.step(batch, &mut round, &mut thens);
        let recorded = match stepped {
            Ok(()) => self.record(&mut round).await,
            Err(error) => Err(error),
        };
        if let Err(error) = recorded {
            thens.into_iter().for_each(|(then, _): (Then, Outcome)| then(Err(Error::soon())));
            round.fail();
            return Err(error);
        }
        thens.into_iter().for_each(|(then, outcome)| then(Ok((&self.engine, outcome))));
        self.undelivered.extend(round.deliver());
        Ok(())
    }

    /// Steps the engine through all that has come in and fallen due.
    fn step(
        &mut self,
        batch: &mut Vec<Command>,
        round: &mut Round,
        thens: &mut Vec<(Then, Outcome)>,
    ) -> Result<(), Error> {
        let now_ms = (self.shared.clock)();
        let meter = &self.shared.meter;
        if now_ms.saturating_sub(self.round_ms) > self.config.heartbeat_timeout_ms / 2 {
            // The whole process stood still: nobody could be heard, so nobody was silent.
            tracing::warn!(ms = now_ms.saturating_sub(self.round_ms), "the dispatcher stood still");
            round.feed(&mut self.engine, meter, Event::Start(self.config.clone()), now_ms)?;
        }
        self.round_ms = now_ms;
        for event in self.undelivered.drain(..) {
            round.feed(&mut self.engine, meter, event, now_ms)?;
        }
        for command in batch.drain(..) {
            match command {
                Command::Act(act) => {
                    let mut all = Outcome::default();
                    for event in act.events {
                        round.feed_news(&mut self.engine, meter, event, act.at_ms, &mut all)?;
                    }
                    thens.push((act.then, all));
                }
                Command::Pull { pull, at_ms, until, reply } => {
                    self.waiting.add(Waiter { pull, at_ms, until, reply });
                }
            }
        }
        if self.engine.next_due_ms().is_some_and(|due_ms| due_ms <= now_ms) {
            round.feed(&mut self.engine, meter, Event::Tick, now_ms)?;
        }
        self.waiting.serve(&mut self.engine, meter, round, now_ms)
    }

    /// Writes what a round fed.
    async fn record(&mut self, round: &mut Round) -> Result<(), Error> {
        let Some(mut commit) = round.commit(self.seq)? else { return Ok(()) };
        commit.epochs = epoch::rows(&self.shared, &round.closed()).await?;
        let count = u64::try_from(commit.inputs.len()).unwrap_or(u64::MAX);
        self.shared.store.append_dispatch(commit).await.map_err(|error| match error {
            // The log has grown by another hand.
            mira_store::Error::Invalid(_) | mira_store::Error::Conflict { .. } => Error::Replaced,
            other => other.into(),
        })?;
        self.seq = self.seq.saturating_add(count);
        metrics::counter!("mira_dispatch_inputs_total").increment(count);
        Ok(())
    }

    /// Restores the engine from the log after a failed write. False if it must stop.
    async fn recover(&mut self, error: Error, cancel: &CancellationToken) -> bool {
        self.shared.ready.store(false, Ordering::Release);
        tracing::error!(%error, "the dispatcher could not write its log");
        if matches!(error, Error::Replaced) {
            return false;
        }
        let mut wait = RETRY;
        loop {
            match log::replay(&*self.shared.store).await {
                Ok((engine, seq)) => {
                    (self.engine, self.seq) = (engine, seq);
                    self.undelivered.clear();
                    // Whoever was heard meanwhile was not recorded.
                    self.round_ms = 0;
                    self.shared.ready.store(true, Ordering::Release);
                    return true;
                }
                Err(error) => tracing::warn!(%error, "the dispatcher's log cannot be read; trying again"),
            }
            tokio::select! {
                () = cancel.cancelled() => return false,
                () = tokio::time::sleep(wait) => wait = (wait * 2).min(RETRY_CAP),
            }
        }
    }
}
