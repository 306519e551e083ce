//! Snapshots of the dispatch engine, and the inputs that they make superfluous.

use async_trait::async_trait;

use crate::Result;
use crate::model::{DispatchSnapshot, SnapshotPart};

/// What the dispatch log begins with.
#[async_trait]
pub trait DispatchSnapshots {
    /// Writes pieces of a snapshot. Nobody sees them before [`DispatchSnapshots::put_snapshot`].
    ///
    /// # Errors
    /// `StaleDispatcher` if another holds the log.
    async fn put_snapshot_parts(&self, fence: u64, parts: &[SnapshotPart]) -> Result<()>;

    /// Writes a snapshot whose pieces are all there. It takes the place of one after the same input.
    ///
    /// # Errors
    /// `StaleDispatcher` if another holds the log. `Invalid` if the input that it is of is not recorded, or if its
    /// pieces are not all there.
    async fn put_snapshot(&self, fence: u64, snapshot: &DispatchSnapshot) -> Result<()>;

    /// All snapshots, the newest first.
    async fn dispatch_snapshots(&self) -> Result<Vec<DispatchSnapshot>>;

    /// The bytes of a snapshot, as far as its pieces are there.
    async fn snapshot_bytes(&self, snapshot: &DispatchSnapshot) -> Result<Vec<u8>>;

    /// Deletes snapshots but for the newest `keep` of them, and inputs that all of these cover: what happened before the
    /// oldest. With fewer snapshots than `keep` no input goes. Deletes up to about `limit` rows and gives how many;
    /// 0 says that nothing is left to delete.
    ///
    /// # Errors
    /// `StaleDispatcher` if another holds the log.
    async fn prune_dispatch(&self, fence: u64, keep: u32, limit: u32) -> Result<u64>;
}
