//! Reconciliation runs.

use async_trait::async_trait;
use mira_core::Key;

use crate::Result;
use crate::model::{Page, ReconClass, ReconItem, ReconRun};

/// Each comparison of the three books, and what it found.
#[async_trait]
pub trait Reconciliations {
    /// Writes a run with its items, or nothing.
    ///
    /// # Errors
    /// `Invalid` if its number does not follow the newest one's, because another run was written
    /// meanwhile, or if an item is not of this run.
    async fn put_recon(&self, run: ReconRun, items: Vec<ReconItem>) -> Result<()>;

    /// The newest run.
    async fn last_recon(&self) -> Result<Option<ReconRun>>;

    /// Runs before a number, newest first.
    async fn recon_runs(&self, before: Option<u64>, limit: u32) -> Result<Page<ReconRun>>;

    /// A run's items, of one class or all, by lease and class after one.
    async fn recon_items(
        &self,
        run: u64,
        class: Option<ReconClass>,
        after: Option<(Key, ReconClass)>,
        limit: u32,
    ) -> Result<Page<ReconItem>>;

    /// A run's items of these leases, in any order.
    async fn recon_items_among(&self, run: u64, leases: &[Key]) -> Result<Vec<ReconItem>>;

    /// A lease's items, those of the newest run first.
    async fn recon_items_of(&self, lease: &Key, limit: u32) -> Result<Vec<ReconItem>>;

    /// Deletes the runs before a number with their items; gives how many runs went. The newest stays, because
    /// ages are counted on from it.
    async fn forget_recon(&self, before: u64) -> Result<u64>;
}
