//! What rounds fed, on its way into the log: one transaction at a time. Where requests may be answered before they are
//! written, the next rounds are decided meanwhile, and what they feed gathers for the next transaction.

use std::sync::Arc;
use std::time::Duration;

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

/// From the beginning of one write that nobody waits for to that of the next. However little is in it, a write costs the
/// core that also answers its messages to the database's thread, its statements and its commit.
const EVERY: Duration = Duration::from_millis(10);

/// The log's writer.
#[derive(Default)]
pub(super) struct Behind {
    waiting: DispatchCommit,
    writing: Option<(Instant, u64, JoinHandle<mira_store::Result<()>>)>,
    /// When the last write began.
    began: Option<Instant>,
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

    /// Whether something waits and nothing is being written.
    pub(super) fn is_gathering(&self) -> bool {
        self.writing.is_none() && !self.waiting.inputs.is_empty()
    }

    /// When what waits has gathered for long enough.
    pub(super) fn due(&self) -> Instant {
        self.began.map_or_else(Instant::now, |began| began + EVERY)
    }

    /// Begins to write what waits, if nothing is being written.
    pub(super) fn start(&mut self, store: &Arc<dyn Store>, fence: u64) {
        if !self.is_gathering() {
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
        let began = Instant::now();
        self.began = Some(began);
        self.writing = Some((began, last, tokio::spawn(write)));
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

#[cfg(test)]
mod tests {
    use mira_store::model::DispatchInput;
    use mira_store::scratch::Scratch;

    use super::*;

    fn inputs(seqs: std::ops::RangeInclusive<u64>) -> DispatchCommit {
        let inputs = seqs.map(|seq| DispatchInput { seq, bytes: vec![7; 40], version: 1 }).collect();
        DispatchCommit { inputs, ..DispatchCommit::default() }
    }

    #[tokio::test]
    async fn what_nobody_waits_for_gathers_until_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let store = Scratch::sqlite(folder.path()).open().await.unwrap();
        let fence = store.take_dispatch(None, &[1; 32], "one").await.unwrap().unwrap().fence;
        let mut behind = Behind::default();
        assert!(behind.is_idle() && !behind.is_gathering());
        behind.push(inputs(1..=1));
        assert!(behind.is_gathering());
        assert!(behind.due() <= Instant::now(), "nothing was written for a long time");
        behind.start(&store, fence);
        assert!(behind.is_writing() && !behind.is_gathering());
        for seq in 2..=MOST as u64 {
            behind.push(inputs(seq..=seq));
        }
        behind.start(&store, fence);
        assert!(!behind.is_gathering() && !behind.is_full(), "one write at a time");
        let began = behind.written().await.unwrap().expect("it was writing");
        assert!(behind.is_gathering());
        assert_eq!(behind.due(), began + EVERY);
        behind.push(inputs(MOST as u64 + 1..=MOST as u64 + 1));
        assert!(behind.is_full());
        behind.start(&store, fence);
        behind.written().await.unwrap().expect("it was writing");
        assert!(behind.is_idle());
        assert_eq!(store.last_dispatch_seq().await.unwrap(), MOST as u64 + 1);
        let row = store.dispatcher().await.unwrap().unwrap();
        assert_eq!(row.beat, Some(2), "two writes");
        store.close().await;
    }
}
