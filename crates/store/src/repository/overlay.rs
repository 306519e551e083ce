//! Confirmed rows beside the live ones: disposable, and never money.

use async_trait::async_trait;

use crate::Result;
use crate::model::{Claim, Projection};

/// The confirmed set. A reader takes, of a live and a confirmed row, the one with the higher `seq`.
#[async_trait]
pub trait Overlay {
    /// Puts these rows in the place of all confirmed rows, in one transaction.
    ///
    /// # Errors
    /// `StaleFence`, and `CursorMoved` if the rows were folded over another slot than the cursor's.
    async fn replace_confirmed(&self, claim: &Claim, rows: &[Projection]) -> Result<()>;
}
