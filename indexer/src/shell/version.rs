//! Rows are continued by the code that folded them, or by none: what another version left out or wrote in
//! another way would stay wrong for ever.

use mira_store::model::{Claim, Cursor};
use mira_store::repository::Ledger;

use super::STREAM;
use super::session::Failure;
use crate::apply::CODE_VERSION;
use crate::stop::Stop;

/// Demands that this code folded the live rows; where nothing was read yet, notes that it will.
pub(super) async fn settle(store: &(impl Ledger + ?Sized), cursor: &Cursor) -> Result<(), Failure> {
    let claim = Claim { stream: STREAM.to_owned(), fence: cursor.fence, at: cursor.slot };
    match store.folded_by(&claim, CODE_VERSION).await? {
        Some(CODE_VERSION) => Ok(()),
        found => Err(Failure::Stop(Stop::OtherVersion { found })),
    }
}
