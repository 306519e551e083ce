//! The engine's log in the store, followed: at the start, after a failed write, and all the time by a dispatcher
//! that stands by.

use mira_dispatch::Engine;
use mira_dispatch::replay::{self, Entry, FORMAT};
use mira_store::Store;
use mira_store::model::DispatchInput;

use crate::dispatch::error::Error;

/// Inputs read at a time.
const PAGE: u32 = 1_000;

/// What a replay of the whole log found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// Inputs replayed.
    pub inputs: u64,
    /// How many of them lead to other decisions than were recorded.
    pub diverged: u64,
}

/// Makes every recorded decision again, in memory; changes nothing and may run beside a dispatcher. Inputs that an
/// earlier version wrote in another format are not counted.
///
/// # Errors
/// The store's; an input that cannot be read.
pub async fn verify_replay(store: &dyn Store) -> Result<Replayed, Error> {
    let mut tail = Tail::default();
    tail.follow(store).await?;
    Ok(Replayed { inputs: tail.seq - tail.began_after, diverged: tail.diverged })
}

/// An engine that was fed the log up to some input.
#[derive(Default)]
pub(super) struct Tail {
    /// The engine.
    pub(super) engine: Engine,
    /// The number of the newest input that it was fed.
    pub(super) seq: u64,
    /// The number of the newest input of an earlier format, 0 if none: the engine began after it.
    pub(super) began_after: u64,
    diverged: u64,
}

impl Tail {
    /// Feeds what the log has more than it had. Gives how many inputs that were.
    pub(super) async fn follow(&mut self, store: &dyn Store) -> Result<u64, Error> {
        let (from, diverged, began_after) = (self.seq, self.diverged, self.began_after);
        loop {
            let page = store.dispatch_inputs(self.seq, PAGE).await?;
            for input in &page {
                self.feed(input)?;
            }
            // An append may end between two reads, so that only an empty page is the end.
            if page.is_empty() {
                break;
            }
        }
        if self.began_after > began_after {
            tracing::error!(
                inputs = self.began_after,
                "the dispatch log begins in the format of an earlier version: those inputs stay where they are and are \
                 not read. Every job has to be placed again; `POST /v1/jobs/JOB/place` does it, and keeps its leases"
            );
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
        Ok(self.seq - from)
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
            *self = Tail { seq, began_after: seq, ..Tail::default() };
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
}
