//! The engine's log in the store, followed: at the start, after a failed write, and all the time by a dispatcher
//! that stands by.

use mira_dispatch::Engine;
use mira_dispatch::replay::{self, Entry, FORMAT};
use mira_store::Store;
use mira_store::model::DispatchInput;

use super::begin::{Beginning, Begun, begin, stranded};
use crate::dispatch::error::Error;
use crate::dispatch::snapshot::{self, Made};

/// Inputs read at a time.
const PAGE: u32 = 1_000;

/// An engine that was fed the log up to some input.
#[derive(Default)]
pub(super) struct Tail {
    /// The engine.
    pub(super) engine: Engine,
    /// The number of the newest input that it was fed.
    pub(super) seq: u64,
    /// The number of the newest input before its first, 0 if none: the engine began after it.
    pub(super) began_after: u64,
    state: State,
    diverged: u64,
}

/// What an engine is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Nothing: neither a snapshot nor the log was read.
    #[default]
    Unread,
    /// As it was begun.
    Begun(Begun),
}

impl From<Beginning> for Tail {
    fn from(from: Beginning) -> Self {
        let Beginning { engine, seq, began_after, begun } = from;
        Tail { engine, seq, began_after, state: State::Begun(begun), diverged: 0 }
    }
}

impl Tail {
    /// Feeds what the log has more than it had. Gives how many inputs that were. `anew`: see [`begin`].
    pub(super) async fn follow(&mut self, store: &dyn Store, anew: bool) -> Result<u64, Error> {
        if self.state == State::Unread {
            *self = begin(store, anew).await?.into();
        }
        let (mut fed, diverged) = (0u64, self.diverged);
        loop {
            let page = store.dispatch_inputs(self.seq, PAGE).await?;
            for input in &page {
                if !self.is_next(store, input).await? {
                    *self = begin(store, anew).await?.into();
                    break;
                }
                self.feed(input)?;
                fed = fed.saturating_add(1);
            }
            // An append may end between two reads, so that only an empty page is the end.
            if page.is_empty() {
                break;
            }
        }
        if self.diverged > diverged {
            let diverged = self.diverged;
            tracing::error!(
                diverged,
                "recorded inputs lead to other decisions than they did: another version wrote them"
            );
        }
        metrics::gauge!("mira_dispatch_replay_diverged")
            .set(f64::from(u32::try_from(self.diverged).unwrap_or(u32::MAX)));
        Ok(fed)
    }

    /// Whether an input is the one that the engine has to be fed next. It is not if those between were pruned, or if
    /// the dispatcher that wrote it had another engine to begin with: a snapshot says then where to go on.
    async fn is_next(&self, store: &dyn Store, input: &DispatchInput) -> Result<bool, Error> {
        let next = self.seq.saturating_add(1);
        if input.seq == next {
            return Ok(self.is_read() || input.version != FORMAT);
        }
        let first = store.dispatch_inputs(0, 1).await?.pop();
        if first.is_some_and(|first| first.seq > next) {
            return Ok(false);
        }
        Err(Error::Internal(format!("dispatch input {next} is missing: restore a backup")))
    }

    fn feed(&mut self, input: &DispatchInput) -> Result<(), Error> {
        let seq = input.seq;
        if input.version > FORMAT {
            let found = input.version;
            return Err(Error::Internal(format!(
                "dispatch input {seq} has format {found}, this version reads {FORMAT}: update this replica"
            )));
        }
        if input.version < FORMAT {
            // Whether it may work is settled before it does.
            *self = Beginning::new(seq, Begun::Stranded).into();
            return Ok(());
        }
        let entry = Entry::from_bytes(&input.bytes)
            .ok_or_else(|| Error::Internal(format!("dispatch input {seq} is too short: restore a backup")))?;
        match replay::feed(&mut self.engine, seq, &entry) {
            Ok(_) => {}
            // An earlier version decided this. What providers hold by its decisions expires and is
            // handed out again, so going on is safer for jobs than not starting.
            Err(replay::Error::Diverged { .. }) => self.diverged += 1,
            Err(error @ replay::Error::Corrupt { .. }) => return Err(Error::Internal(error.to_string())),
        }
        self.seq = seq;
        Ok(())
    }

    /// The engine as a snapshot.
    pub(super) fn snapshot(&self, created_ms: u64) -> Result<Made, Error> {
        snapshot::make(&self.engine, self.seq, self.began_after, created_ms)
    }

    fn is_read(&self) -> bool {
        self.state == State::Begun(Begun::Read)
    }

    /// Makes sure that the engine may work: one that could not read what another version wrote looks again for a
    /// snapshot that this one may have left. `anew`: see [`begin`].
    pub(super) async fn settle(&mut self, store: &dyn Store, anew: bool) -> Result<(), Error> {
        if !self.is_read() {
            *self = begin(store, anew).await?.into();
        }
        self.allowed()
    }

    fn allowed(&self) -> Result<(), Error> {
        if self.state == State::Begun(Begun::Stranded) { Err(stranded()) } else { Ok(()) }
    }

    /// Says that the engine begins anew, if it does: without that nobody who reads the log could know.
    pub(super) async fn announce(&mut self, store: &dyn Store, fence: u64, created_ms: u64) -> Result<(), Error> {
        self.allowed()?;
        if !self.is_read() {
            self.snapshot(created_ms)?.put(store, fence).await?;
            self.state = State::Begun(Begun::Read);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
