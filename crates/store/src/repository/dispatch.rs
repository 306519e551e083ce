//! The dispatch engine's inputs and decisions.

use async_trait::async_trait;

use crate::Result;
use crate::model::{DispatchCommit, DispatchInput, DispatchRecord};

/// The dispatch log.
#[async_trait]
pub trait DispatchLog {
    /// Appends inputs and the records they caused.
    ///
    /// # Errors
    /// `Invalid` if the inputs do not follow the newest stored one without a gap: another engine
    /// writes the same log. `Database` if a record's id is taken.
    async fn append_dispatch(&self, commit: DispatchCommit) -> Result<()>;

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
