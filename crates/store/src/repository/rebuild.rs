//! Building the projections anew beside the live ones.

use async_trait::async_trait;

use crate::Result;
use crate::model::{Projection, ProjectionMeta, Swap, SwapReport};

/// A rebuild: `clear_shadow`, then `write_shadow` while folding `Ledger::events_after`, then
/// compare `Projections::state_digest` of both sets, then `swap_shadow`.
#[async_trait]
pub trait Rebuild {
    /// Empties the shadow set.
    async fn clear_shadow(&self) -> Result<()>;

    /// Writes new rows or newer versions into the shadow set; the rules are those of `commit_slot`.
    async fn write_shadow(&self, rows: &[Projection]) -> Result<()>;

    /// Replaces the live set by the shadow set and notes it in `projection_meta`.
    ///
    /// # Errors
    /// `StaleFence`, and `CursorMoved` if the live set is of another slot by now: fold the rest first.
    async fn swap_shadow(&self, swap: Swap) -> Result<SwapReport>;

    /// What made the live set of a stream; `None` for one that a version followed which did not note it.
    async fn projection_meta(&self, name: &str) -> Result<Option<ProjectionMeta>>;
}
