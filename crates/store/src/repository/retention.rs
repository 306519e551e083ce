//! What may go when it is old.

use async_trait::async_trait;

use crate::Result;
use crate::model::{ChainSlot, Horizon};

/// Compacting the recorded slots. Events never go: rebuilding needs them.
#[async_trait]
pub trait Retention {
    /// Where the stream's recorded slots begin since older ones were compacted; `None` if none ever were.
    async fn horizon(&self, stream: &str) -> Result<Option<Horizon>>;

    /// The newest slot up to `slot` that has a block with a time, the time being at most `time` if one is given.
    async fn block_before(&self, slot: u64, time: Option<i64>) -> Result<Option<ChainSlot>>;

    /// Deletes the recorded slots below `slot`, whose block becomes the horizon; gives how many went. Takes its
    /// turn with the stream's writer, whose claim stays as it is.
    ///
    /// # Errors
    /// `Invalid` if there is no recorded block at `slot`, or it lies beyond the cursor.
    async fn compact_slots(&self, stream: &str, slot: u64, at_ms: i64) -> Result<u64>;
}
