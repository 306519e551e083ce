//! An index from a backup: the recorded ledger and the books come from the file, the projections are folded.

use std::io::Read;

use mira_store::Store;
use mira_store::model::Restored;

use crate::apply::CODE_VERSION;
use crate::replay::{KEEP_ROWS, Replay, ReplayError, Target};

/// What a restore did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What the file is of, and how many rows were in it.
    pub restored: Restored,
    /// Events folded.
    pub events: u64,
}

/// Restores a backup into an empty database. Its state hash comes out again, or nothing may follow the cursor:
/// there is none until it has.
///
/// # Errors
/// The database, a file that cannot be used, an event that does not fold, or another state hash.
pub async fn restore(store: &dyn Store, from: &mut (dyn Read + Send)) -> Result<Report, ReplayError> {
    let restored = store.restore(from).await?;
    let mut replay = Replay::new(store, Target::Shadow { keep: KEEP_ROWS });
    if let Some(slot) = restored.head.slot {
        replay.advance(slot).await?;
    }
    store.finish_restore(&restored, CODE_VERSION).await?;
    Ok(Report { restored, events: replay.events() })
}
