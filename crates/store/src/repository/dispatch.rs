//! The dispatch engine's inputs and decisions.

use async_trait::async_trait;

use crate::Result;
use crate::model::{DispatchCommit, DispatchInput, DispatchRecord, Dispatcher};

/// The dispatch log.
#[async_trait]
pub trait DispatchLog {
    /// Who writes the log, if anybody ever did.
    async fn dispatcher(&self) -> Result<Option<Dispatcher>>;

    /// Takes the log over under the next fence, if its row is still as it was seen: of two that try one wins, and a
    /// writer that showed a sign of life since is not robbed. `None` if the row is another by now.
    async fn take_dispatch(
        &self,
        seen: Option<&Dispatcher>,
        dispatcher: &[u8; 32],
        holder: &str,
    ) -> Result<Option<Dispatcher>>;

    /// Shows a sign of life.
    ///
    /// # Errors
    /// `StaleDispatcher` if another holds the log.
    async fn beat_dispatch(&self, fence: u64) -> Result<()>;

    /// Gives the log back, so that nobody waits for a writer that has ended.
    ///
    /// # Errors
    /// `StaleDispatcher` if another holds the log.
    async fn release_dispatch(&self, fence: u64) -> Result<()>;

    /// Appends inputs and the records they caused, which is a sign of life, too.
    ///
    /// # Errors
    /// `StaleDispatcher` if another holds the log. `Invalid` if the inputs do not follow the newest stored one
    /// without a gap. `Conflict` if a record's id is taken.
    async fn append_dispatch(&self, fence: u64, commit: DispatchCommit) -> Result<()>;

    /// The number of the newest input, 0 if none.
    async fn last_dispatch_seq(&self) -> Result<u64>;

    /// Inputs after a number, ascending.
    async fn dispatch_inputs(&self, after_seq: u64, limit: u32) -> Result<Vec<DispatchInput>>;

    /// One record.
    async fn dispatch_record(&self, id: &[u8; 32]) -> Result<Option<DispatchRecord>>;

    /// Records after an (input number, id), in that order.
    async fn dispatch_records(&self, after: Option<(u64, [u8; 32])>, limit: u32) -> Result<Vec<DispatchRecord>>;

    /// The newest records about a subject, newest first.
    async fn dispatch_records_of(&self, subject: &[u8; 32], limit: u32) -> Result<Vec<DispatchRecord>>;
}
