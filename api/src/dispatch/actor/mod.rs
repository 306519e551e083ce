//! The task that owns the engine.
//!
//! Each round takes all calls that have come in, steps the engine through them and through whatever has
//! fallen due, gives waiting pulls what there is for them, writes it all in one transaction, and only
//! then answers. If that write fails, every caller is told so and the engine is restored from what was
//! written: it never knows more than its log. If it fails because another dispatcher has taken the log over,
//! this one stands by for that one: it follows the log until it may take it over itself.

mod behind;
mod command;
mod epoch;
mod log;
mod round;
mod serving;
mod standby;
mod waiting;

pub(super) use command::{Act, Command};
pub use log::{Replayed, verify_replay};
pub(super) use serving::{Serve, ServeCall, Served};

use std::sync::Arc;
use std::time::Duration;

use mira_dispatch::Config;
use mira_dispatch::effect::Outcome;
use mira_dispatch::input::Event;
use mira_store::standby::Watch;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::error::Error;
use super::handle::Shared;
use super::standing::{RETRY_MS, Standing};
use behind::Behind;
use command::Then;
use log::Tail;
pub(super) use round::PLACEMENT;
use round::Round;
use standby::{Looked, Seat};
use waiting::{Waiter, Waiting};

/// Calls taken into one round: bounds one transaction.
const ROUND: usize = 1_024;
/// The longest sleep, so that waiting pulls see what only time brings about.
const REST: Duration = Duration::from_millis(100);
/// The first wait after a failed write; it doubles up to `RETRY_CAP`. The API is not ready until the log is read again,
/// and it has to be soon after the database is back.
const RETRY: Duration = Duration::from_millis(100);
const RETRY_CAP: Duration = Duration::from_secs(1);

/// The task's state.
pub(super) struct Actor {
    shared: Arc<Shared>,
    config: Config,
    /// How long another dispatcher may be silent.
    hold: Duration,
    /// The engine, and how far in the log it is.
    tail: Tail,
    /// The right to write the log, while this dispatcher has it.
    seat: Option<Seat>,
    queue: mpsc::Receiver<Command>,
    waiting: Waiting,
    /// What is on its way into the log.
    behind: Behind,
    /// Pulls that were answered to nobody: their shards go back in the next round.
    undelivered: Vec<Event>,
    /// When the last round began. Unix milliseconds; 0 before the first one since the log was taken or read again.
    round_ms: u64,
}

/// Why a dispatcher works no more.
enum End {
    /// It was told to.
    Cancelled,
    /// Another one has taken the log over.
    Lost,
}

impl Actor {
    /// The engine as its log has it. It works if nobody else does, and else stands by.
    pub(super) async fn restore(
        shared: Arc<Shared>,
        config: Config,
        hold: Duration,
        queue: mpsc::Receiver<Command>,
    ) -> Result<Self, Error> {
        let mut actor = Actor {
            shared,
            config,
            hold,
            tail: Tail::default(),
            seat: None,
            queue,
            waiting: Waiting::default(),
            behind: Behind::default(),
            undelivered: Vec::new(),
            round_ms: 0,
        };
        let inputs = actor.tail.follow(&*actor.shared.store).await?;
        tracing::info!(inputs, "the dispatcher's log was replayed");
        if let Looked::Holds(seat) = actor.look(&mut Watch::new(hold), Instant::now()).await? {
            actor.seat = Some(seat);
            actor.round(&mut Vec::new()).await?;
            actor.shared.post.set(Standing::Works);
        }
        Ok(actor)
    }

    /// Runs until cancelled.
    pub(super) async fn run(mut self, cancel: CancellationToken) {
        loop {
            if self.seat.is_none() {
                self.seat = self.stand_by(&cancel).await;
                // Whoever was heard meanwhile was heard by another one, if by anybody.
                self.round_ms = 0;
            }
            if self.seat.is_none() || matches!(self.work(&cancel).await, End::Cancelled) {
                break;
            }
            self.seat = None;
            self.undelivered.clear();
            self.shared.post.set(Standing::Restoring);
            metrics::counter!("mira_dispatch_stale_total").increment(1);
            tracing::warn!("another dispatcher took the log over");
        }
        self.shared.post.set(Standing::Restoring);
        self.queue.close();
        self.waiting.dismiss();
        if let Err(error) = self.flush().await {
            tracing::warn!(%error, "the last requests that were routed are not in the dispatch log");
        }
        self.release().await;
    }

    /// Takes calls, round by round, as long as the log is its own.
    async fn work(&mut self, cancel: &CancellationToken) -> End {
        let mut batch = Vec::with_capacity(ROUND);
        loop {
            let (rest, due) = (self.rest(), self.behind.due());
            tokio::select! {
                biased;
                () = cancel.cancelled() => return End::Cancelled,
                written = self.behind.written(), if self.behind.is_writing() => {
                    if let Err(error) = self.sign(written) && let Some(end) = self.lose(error, cancel).await {
                        return end;
                    }
                    continue;
                }
                () = tokio::time::sleep_until(due), if self.behind.is_gathering() => {
                    if let Err(error) = self.write() && let Some(end) = self.lose(error, cancel).await {
                        return end;
                    }
                    continue;
                }
                count = self.queue.recv_many(&mut batch, ROUND), if self.round_ms > 0 => {
                    if count == 0 { return End::Cancelled }
                }
                () = tokio::time::sleep(rest) => {}
            }
            match self.round(&mut batch).await {
                Ok(()) => self.shared.post.set(Standing::Works),
                Err(error) => {
                    if let Some(end) = self.lose(error, cancel).await {
                        return end;
                    }
                }
            }
        }
    }

    /// Notes that a write ended. If it failed, the engine was fed what was not recorded.
    fn sign(&mut self, written: Result<Option<Instant>, Error>) -> Result<(), Error> {
        match (written, &mut self.seat) {
            (Ok(Some(began)), Some(seat)) => seat.signed(began),
            (Ok(_), _) => {}
            (Err(error), _) => {
                self.tail = Tail::default();
                return Err(error);
            }
        }
        Ok(())
    }

    /// A round or a write failed. Gives why it works no more, if so.
    async fn lose(&mut self, error: Error, cancel: &CancellationToken) -> Option<End> {
        if !self.behind.is_idle() {
            self.tail = Tail::default();
            self.behind.clear().await;
        }
        let end = self.recover(error, cancel).await?;
        self.waiting.refuse(|| Error::Replaced { retry_after_ms: RETRY_MS });
        Some(end)
    }

    /// How long there is nothing to do unless somebody calls.
    fn rest(&self) -> Duration {
        if self.round_ms == 0 || !self.undelivered.is_empty() {
            return Duration::ZERO;
        }
        let now_ms = (self.shared.clock)();
        let due_ms = self.tail.engine.next_due_ms().unwrap_or(u64::MAX).saturating_sub(now_ms);
        Duration::from_millis(due_ms.max(1)).min(REST)
    }

    /// One round: step, record, answer.
    async fn round(&mut self, batch: &mut Vec<Command>) -> Result<(), Error> {
        let mut round = Round::default();
        let mut thens = Vec::new();
        if let Err(error) = self.beat().await {
            batch.drain(..).for_each(Command::fail);
            return Err(error);
        }
        let stepped = match self.anchor().await {
            Ok(()) => self.step(batch, &mut round, &mut thens),
            Err(error) => Err(error),
        };
        let early = self.shared.write_behind && stepped.is_ok();
        if early {
            round.answer_served();
        }
        let wait = !early || !thens.is_empty() || round.has_answers();
        let recorded = match stepped {
            Ok(()) => self.record(&mut round, wait).await,
            Err(error) => Err(error),
        };
        if let Err(error) = recorded {
            // It was fed what was not recorded.
            self.tail = Tail::default();
            thens.into_iter().for_each(|(then, _): (Then, Outcome)| then(Err(Error::soon())));
            round.fail();
            return Err(error);
        }
        thens.into_iter().for_each(|(then, outcome)| then(Ok((&self.tail.engine, outcome))));
        self.undelivered.extend(round.deliver());
        Ok(())
    }

    /// Before the first round: an engine that begins anew goes on from the epochs before it; any other has its own.
    async fn anchor(&mut self) -> Result<(), Error> {
        if self.round_ms == 0 {
            self.config.after = epoch::anchor(&*self.shared.store, self.tail.seq).await?;
        }
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
        let (meter, engine) = (&self.shared.meter, &mut self.tail.engine);
        let stood_ms = now_ms.saturating_sub(self.round_ms);
        if stood_ms > self.config.heartbeat_timeout_ms / 2 {
            // It has just begun, or the whole process stood still: nobody could be heard, so nobody was silent.
            if self.round_ms > 0 {
                tracing::warn!(ms = stood_ms, "the dispatcher stood still");
            }
            round.feed(engine, meter, Event::Start(self.config.clone()), now_ms)?;
        }
        self.round_ms = now_ms;
        for event in self.undelivered.drain(..) {
            round.feed(engine, meter, event, now_ms)?;
        }
        let mut serves = Vec::new();
        for command in batch.drain(..) {
            match command {
                Command::Act(act) => {
                    let mut all = Outcome::default();
                    for event in act.events {
                        round.feed_news(engine, meter, event, act.at_ms, &mut all)?;
                    }
                    thens.push((act.then, all));
                }
                Command::Pull { pull, at_ms, until, reply } => {
                    self.waiting.add(Waiter { pull, at_ms, until, reply });
                }
                Command::Serve(serve) => serves.push(serve),
            }
        }
        round.serve(engine, meter, serves, now_ms)?;
        if engine.next_due_ms().is_some_and(|due_ms| due_ms <= now_ms) {
            round.feed(engine, meter, Event::Tick, now_ms)?;
        }
        self.waiting.serve(engine, meter, round, now_ms)
    }

    /// Hands over what a round fed, to be written. `wait` says that somebody must not be answered before it is.
    async fn record(&mut self, round: &mut Round, wait: bool) -> Result<(), Error> {
        let Some(mut commit) = round.commit(self.tail.seq, self.tail.began_after)? else { return Ok(()) };
        commit.epochs = epoch::rows(&self.shared, &round.closed()).await?;
        self.tail.seq = self.tail.seq.saturating_add(u64::try_from(commit.inputs.len()).unwrap_or(u64::MAX));
        self.behind.push(commit);
        if wait || self.behind.is_full() { self.flush().await } else { Ok(()) }
    }

    /// Begins to write what waits, if nothing is being written.
    fn write(&mut self) -> Result<(), Error> {
        let Some(seat) = &self.seat else { return Err(self.shared.unavailable()) };
        self.behind.start(&self.shared.store, seat.fence());
        Ok(())
    }

    /// Writes all that waits.
    async fn flush(&mut self) -> Result<(), Error> {
        while !self.behind.is_idle() {
            self.write()?;
            self.written().await?;
        }
        Ok(())
    }

    /// Waits for what is being written.
    async fn written(&mut self) -> Result<(), Error> {
        let written = self.behind.written().await;
        self.sign(written)
    }

    /// Restores the engine from the log after a failed write. Gives why it works no more, if so.
    async fn recover(&mut self, error: Error, cancel: &CancellationToken) -> Option<End> {
        if matches!(error, Error::Replaced { .. }) {
            return Some(End::Lost);
        }
        self.shared.post.set(Standing::Restoring);
        tracing::error!(%error, "the dispatcher could not write its log");
        let mut wait = RETRY;
        loop {
            match self.again().await {
                Ok(()) => return None,
                Err(Error::Replaced { .. }) => return Some(End::Lost),
                Err(error) => tracing::warn!(%error, "the dispatcher's log cannot be read; trying again"),
            }
            tokio::select! {
                () = cancel.cancelled() => return Some(End::Cancelled),
                () = tokio::time::sleep(wait) => wait = (wait * 2).min(RETRY_CAP),
            }
        }
    }

    /// Reads the log to its end, and makes sure that it is still ours.
    async fn again(&mut self) -> Result<(), Error> {
        self.tail.follow(&*self.shared.store).await?;
        self.beat().await?;
        self.undelivered.clear();
        // Whoever was heard meanwhile was not recorded.
        self.round_ms = 0;
        Ok(())
    }
}
