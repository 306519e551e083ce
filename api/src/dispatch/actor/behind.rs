//! What rounds fed, on its way into the log: one transaction at a time. Where requests may be answered before they are
//! written, the next rounds are decided meanwhile, and what they feed goes into the next transaction together.

use std::sync::Arc;

use mira_store::Store;
use mira_store::model::DispatchCommit;
use mira_wire::clock::monotonic;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::round;
use crate::dispatch::error::Error;

/// Inputs that may wait while others are written. Beyond that a round waits: memory is bounded, and so is what a crash
/// forgets.
const MOST: usize = 1_024;

/// The log's writer.
#[derive(Default)]
pub(super) struct Behind {
    waiting: DispatchCommit,
    writing: Option<(Instant, u64, JoinHandle<mira_store::Result<()>>)>,
    recorded: u64,
}

impl Behind {
    /// Adds what a round fed.
    pub(super) fn push(&mut self, commit: DispatchCommit) {
        let DispatchCommit { inputs, records, began_after, routes, epochs } = commit;
        self.waiting.began_after = began_after;
        self.waiting.inputs.extend(inputs);
        self.waiting.records.extend(records);
        self.waiting.routes.extend(routes);
        self.waiting.epochs.extend(epochs);
    }

    /// Whether so much waits that the next round has to as well.
    pub(super) fn is_full(&self) -> bool {
        self.waiting.inputs.len() >= MOST
    }

    /// Whether all is written.
    pub(super) fn is_idle(&self) -> bool {
        self.writing.is_none() && self.waiting.inputs.is_empty()
    }

    /// The number of the newest input that it has written.
    pub(super) fn recorded(&self) -> u64 {
        self.recorded
    }

    /// Whether something is being written.
    pub(super) fn is_writing(&self) -> bool {
        self.writing.is_some()
    }

    /// Begins to write what waits, if nothing is being written.
    pub(super) fn start(&mut self, store: &Arc<dyn Store>, fence: u64) {
        if self.writing.is_some() || self.waiting.inputs.is_empty() {
            return;
        }
        let (store, commit) = (store.clone(), std::mem::take(&mut self.waiting));
        let last = commit.inputs.last().map_or(0, |input| input.seq);
        let write = async move {
            let began = monotonic();
            let count = u64::try_from(commit.inputs.len()).unwrap_or(u64::MAX);
            store.append_dispatch(fence, commit).await?;
            round::spent("write", began);
            metrics::counter!("mira_dispatch_inputs_total").increment(count);
            metrics::gauge!("mira_dispatch_log_inputs").increment(f64::from(u32::try_from(count).unwrap_or(u32::MAX)));
            Ok(())
        };
        self.writing = Some((Instant::now(), last, tokio::spawn(write)));
    }

    /// Waits for what is being written. Gives when that began. May be dropped and called again.
    pub(super) async fn written(&mut self) -> Result<Option<Instant>, Error> {
        let Some((began, last, task)) = &mut self.writing else { return Ok(None) };
        let (began, last, ended) = (*began, *last, task.await);
        self.writing = None;
        ended.map_err(|error| Error::Internal(format!("the writer of the dispatch log died: {error}")))??;
        self.recorded = last;
        Ok(Some(began))
    }

    /// Forgets what waits; what is being written ends one way or the other first.
    pub(super) async fn clear(&mut self) {
        self.waiting = DispatchCommit::default();
        if let Err(error) = self.written().await {
            tracing::debug!(%error, "a write of the dispatch log failed as well");
        }
    }
}
