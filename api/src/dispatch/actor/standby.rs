//! Waiting for the log while another dispatcher writes it, and taking it over when that one is silent.

use std::time::Duration;

use mira_dispatch::effect::Outcome;
use mira_store::model::Dispatcher;
use mira_store::standby::{Verdict, Watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{Act, Actor, Command, RETRY, ROUND};
use crate::dispatch::error::Error;
use crate::dispatch::standing::Standing;

/// How long giving the log back may take: that only spares others their wait.
const RELEASE: Duration = Duration::from_secs(1);

/// The right to write the log, until another takes it over.
pub(super) struct Seat {
    fence: u64,
    /// When the last write began that the database took.
    sign: Instant,
}

impl Seat {
    /// What every write is checked against.
    pub(super) fn fence(&self) -> u64 {
        self.fence
    }

    /// A write that began then was taken: the log was ours at that time.
    pub(super) fn signed(&mut self, began: Instant) {
        self.sign = began;
    }
}

/// What a look at the log's row gave.
pub(super) enum Looked {
    Holds(Seat),
    Waits(Duration),
}

impl Actor {
    /// Follows the log until this dispatcher holds it; nothing if it was cancelled before.
    pub(super) async fn stand_by(&mut self, cancel: &CancellationToken) -> Option<Seat> {
        let (began, mut watch) = (Instant::now(), Watch::new(self.hold));
        loop {
            let wait = match self.look(&mut watch, began).await {
                Ok(Looked::Holds(seat)) => return Some(seat),
                Ok(Looked::Waits(wait)) => wait,
                Err(error) => {
                    watch.blind();
                    tracing::warn!(%error, "the dispatcher cannot follow its log; trying again");
                    self.shared.post.set(Standing::Restoring);
                    RETRY
                }
            };
            if !self.wait(wait, cancel).await {
                return None;
            }
        }
    }

    /// Follows the log to its end, and takes it if whoever holds it was silent for the hold time.
    pub(super) async fn look(&mut self, watch: &mut Watch<Dispatcher>, began: Instant) -> Result<Looked, Error> {
        let store = self.shared.store.clone();
        let row = store.dispatcher().await?;
        let now = began.elapsed();
        // Before anything is taken: then nobody waits for it after a take-over.
        self.follow().await?;
        match (watch.look(row.as_ref(), now), &row) {
            (Verdict::Wait(wait), Some(row)) => {
                self.shared.post.set(Standing::StandsBy { holder: row.holder.clone(), fence: row.fence });
                Ok(Looked::Waits(wait))
            }
            (Verdict::Wait(wait), None) => Ok(Looked::Waits(wait)),
            (Verdict::Take, row) => {
                self.tail.settle(&*store, self.keeper.begins_anew()).await?;
                self.take(row.as_ref()).await
            }
        }
    }

    async fn take(&mut self, seen: Option<&Dispatcher>) -> Result<Looked, Error> {
        let (store, sign) = (self.shared.store.clone(), Instant::now());
        let Some(taken) = store.take_dispatch(seen, &self.shared.key, &self.shared.name).await? else {
            // Another one was quicker, or it is alive after all: the next look sees its row.
            return Ok(Looked::Waits(Duration::ZERO));
        };
        self.shared.post.begin_term();
        if let Some(seen) = seen {
            let from = &seen.holder;
            tracing::warn!(fence = taken.fence, from, "the dispatcher takes the log over");
            if seen.dispatcher != self.shared.key {
                tracing::warn!("the log was another key's: jobs that name that key are worked on and not leased for");
            }
            metrics::counter!("mira_dispatch_take_overs_total").increment(1);
        }
        // Nobody else appends any more, so that this is all of it.
        self.follow().await?;
        if self.tail.seq != taken.seq {
            let (end, seq) = (self.tail.seq, taken.seq);
            return Err(Error::Internal(format!(
                "the dispatch log ends at {end}, its row says {seq}: restore a backup"
            )));
        }
        self.tail.announce(&*store, taken.fence, (self.shared.clock)()).await?;
        self.keeper.begin(&*store).await?;
        Ok(Looked::Holds(Seat { fence: taken.fence, sign }))
    }

    /// Waits, and answers what a dispatcher that stands by can. False if cancelled.
    async fn wait(&mut self, wait: Duration, cancel: &CancellationToken) -> bool {
        let until = Instant::now() + wait;
        let mut batch = Vec::new();
        loop {
            tokio::select! {
                biased;
                () = cancel.cancelled() => return false,
                () = tokio::time::sleep_until(until) => return true,
                count = self.queue.recv_many(&mut batch, ROUND) => if count == 0 { return false },
            }
            batch.drain(..).for_each(|command| self.decline(command));
        }
    }

    /// Answers a read from what the log says, and refuses everything else.
    fn decline(&self, command: Command) {
        let refused = || self.shared.unavailable();
        match command {
            Command::Act(Act { events, then, .. }) if events.is_empty() => {
                then(Ok((&self.tail.engine, Outcome::default())));
            }
            Command::Act(act) => (act.then)(Err(refused())),
            Command::Serve(serve) => serve.answer(Err(refused())),
            // Whoever is gone has nothing to be told.
            Command::Pull { reply, .. } => drop(reply.send(Err(refused()))),
        }
    }

    /// Shows a sign of life, and so makes sure that the log is still ours, unless a write did so a moment ago. A
    /// process that stood still asks this before it answers anybody.
    pub(super) async fn beat(&mut self) -> Result<(), Error> {
        let Some(seat) = &mut self.seat else { return Err(self.shared.unavailable()) };
        let began = Instant::now();
        if began.saturating_duration_since(seat.sign) >= self.hold / 3 {
            self.shared.store.beat_dispatch(seat.fence).await?;
            seat.sign = began;
        }
        Ok(())
    }

    /// Gives the log back, so that nobody has to wait for a dispatcher that has ended.
    pub(super) async fn release(&mut self) {
        let Some(seat) = self.seat.take() else { return };
        match tokio::time::timeout(RELEASE, self.shared.store.release_dispatch(seat.fence)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "the log is not given back"),
            Err(_) => tracing::debug!("the log is not given back in time"),
        }
    }
}
