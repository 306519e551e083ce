//! Snapshots of the engine, and the inputs before the oldest that is kept.
//!
//! A snapshot is made between two rounds, in memory. It is checked and written by a task beside them, in short
//! transactions under the same fence, once every input that it covers is in the log; then the same task deletes what is
//! not needed any more. A round never waits for it.

use std::sync::Arc;

use mira_store::Store;
use tokio::task::JoinHandle;

use crate::dispatch::error::Error;
use crate::dispatch::settings::Keep;
use crate::dispatch::snapshot::Made;

/// Rows deleted in one transaction.
const BATCH: u32 = 1_000;
/// Bytes of a snapshot for which one more input has to come before the next: about what that input takes in the log. So
/// snapshots do not take more of the disk's time than the log itself.
const BYTES_PER_INPUT: u64 = 256;

/// Makes, writes and forgets snapshots.
pub(super) struct Keeper {
    keep: Keep,
    /// Of which input the newest one is.
    newest: u64,
    /// How many inputs there are between two.
    every: u64,
    /// One that is made, and not written yet.
    waiting: Option<Made>,
    task: Option<JoinHandle<()>>,
}

impl Keeper {
    pub(super) fn new(keep: Keep) -> Self {
        Keeper { keep, newest: 0, every: keep.inputs, waiting: None, task: None }
    }

    /// Whether nothing read is to stop the dispatcher from beginning anew.
    pub(super) fn begins_anew(&self) -> bool {
        self.keep.begin_anew
    }

    /// The log was taken over: goes on from what is there.
    pub(super) async fn begin(&mut self, store: &dyn Store) -> Result<(), Error> {
        self.forget();
        let newest = store.dispatch_snapshots().await?.into_iter().next();
        let (seq, bytes) = newest.map_or((0, 0), |row| (row.seq, row.bytes));
        self.note(seq, bytes);
        measure(store).await
    }

    /// The engine is restored: one that was made and is not written may be of inputs that never were.
    pub(super) fn forget(&mut self) {
        self.waiting = None;
    }

    /// Whether it is time for a snapshot after this input.
    pub(super) fn is_due(&self, seq: u64) -> bool {
        let busy = self.waiting.is_some() || self.task.as_ref().is_some_and(|task| !task.is_finished());
        !busy && seq.saturating_sub(self.newest) >= self.every
    }

    /// Whether there are inputs after the newest one.
    pub(super) fn is_behind(&self, seq: u64) -> bool {
        seq > self.newest
    }

    /// Takes one that was made. If that failed, the next one is tried when its time has come.
    pub(super) fn push(&mut self, seq: u64, made: Result<Made, Error>) {
        match made {
            Ok(made) => {
                self.note(seq, made.row.bytes);
                self.waiting = Some(made);
            }
            Err(error) => {
                self.note(seq, 0);
                failed(&error);
            }
        }
    }

    fn note(&mut self, seq: u64, bytes: u64) {
        self.newest = seq;
        self.every = self.keep.inputs.max(bytes / BYTES_PER_INPUT);
    }

    /// Begins to write what waits, if the log has all inputs up to there: it has those up to `recorded`.
    pub(super) fn start(&mut self, store: &Arc<dyn Store>, fence: u64, recorded: u64) {
        let Some(made) = self.waiting.take_if(|made| made.row.seq <= recorded) else { return };
        let (store, keep) = (store.clone(), self.keep.snapshots);
        self.task = Some(tokio::spawn(async move {
            match write(&store, fence, made, keep).await {
                Ok(()) => {}
                // Whoever has the log now goes on.
                Err(error @ Error::Replaced { .. }) => tracing::debug!(%error, "a snapshot is not kept"),
                Err(error) => failed(&error),
            }
        }));
    }

    /// Waits for what is being written.
    pub(super) async fn finish(&mut self) {
        if let Some(task) = self.task.take()
            && let Err(error) = task.await
        {
            failed(&Error::Internal(format!("its writer died: {error}")));
        }
    }
}

/// Writes a snapshot, then deletes what it makes superfluous.
async fn write(store: &Arc<dyn Store>, fence: u64, made: Made, keep: u32) -> Result<(), Error> {
    let checked = tokio::task::spawn_blocking(move || made.check().map(|()| made)).await;
    let made = checked.map_err(|error| Error::Internal(format!("its check died: {error}")))??;
    made.put(&**store, fence).await?;
    let (input, bytes) = (made.row.seq, made.row.bytes);
    drop(made);
    let mut pruned = 0u64;
    loop {
        match store.prune_dispatch(fence, keep, BATCH).await? {
            0 => break,
            gone => pruned = pruned.saturating_add(gone),
        }
    }
    tracing::info!(input, bytes, pruned, "a snapshot of the dispatcher is kept");
    measure(&**store).await
}

/// Says how long the log is.
async fn measure(store: &dyn Store) -> Result<(), Error> {
    let first = store.dispatch_inputs(0, 1).await?.pop().map_or(0, |first| first.seq);
    let inputs = if first == 0 { 0 } else { store.last_dispatch_seq().await?.saturating_sub(first).saturating_add(1) };
    metrics::gauge!("mira_dispatch_log_inputs").set(f64::from(u32::try_from(inputs).unwrap_or(u32::MAX)));
    Ok(())
}

fn failed(error: &Error) {
    tracing::error!(%error, "a snapshot of the dispatcher is not kept; the log grows, and another one is tried later");
    metrics::counter!("mira_dispatch_snapshots_failed_total").increment(1);
}
