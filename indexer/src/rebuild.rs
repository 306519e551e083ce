//! The promise that the tables are a pure function of the ledger, kept: fold it again and compare.

use std::time::Duration;

use mira_core::Hash;
use mira_store::Store;
use mira_store::model::{Claim, Cursor, Set, Swap, state_hash};

use crate::apply::CODE_VERSION;
use crate::replay::{KEEP_ROWS, Replay, Target};
use crate::shell::{STREAM, keep};

pub use crate::replay::ReplayError;

/// How often a rebuild shows that it is at work: far within any hold time that an operator would choose.
const BEAT: Duration = Duration::from_secs(1);

/// What a rebuild found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The slot up to which both states reach; `None` if nothing was indexed.
    pub slot: Option<u64>,
    /// Events folded.
    pub events: u64,
    /// The hash of the live rows, before any swap.
    pub live: Hash,
    /// The hash of the rows folded anew.
    pub rebuilt: Hash,
}

impl Report {
    /// Whether the live rows were what the ledger says.
    pub fn matches(&self) -> bool {
        self.live == self.rebuilt
    }
}

/// Folds the ledger in memory and compares, while the indexer may be running. Changes nothing.
///
/// # Errors
/// The database, or an event that does not fold.
pub async fn verify(store: &dyn Store) -> Result<Report, ReplayError> {
    let live = store.state_digest(Set::Live, STREAM).await?;
    let mut replay = Replay::new(store, Target::Memory);
    if let Some(slot) = live.cursor {
        replay.advance(slot).await?;
    }
    let rebuilt = state_hash(replay.rows());
    Ok(Report { slot: live.cursor, events: replay.events(), live: live.hash, rebuilt })
}

/// Folds the ledger into the shadow set and puts it in the live set's place, all or nothing.
///
/// It takes the stream by force: an indexer that runs on this database waits until the rebuild is done.
///
/// # Errors
/// The database, or an event that does not fold. The live rows are then as they were.
pub async fn rebuild(store: &dyn Store) -> Result<Report, ReplayError> {
    let cursor = store.claim(STREAM).await?;
    let fence = cursor.fence;
    let report = tokio::select! {
        report = fold_anew(store, cursor) => report,
        lost = keep(store, fence, BEAT) => return Err(lost.into()),
    };
    store.release(STREAM, fence).await?;
    report
}

async fn fold_anew(store: &dyn Store, cursor: Cursor) -> Result<Report, ReplayError> {
    store.clear_shadow().await?;
    let mut replay = Replay::new(store, Target::Shadow { keep: KEEP_ROWS });
    if let Some(slot) = cursor.slot {
        replay.advance(slot).await?;
    }
    let claim = Claim { stream: STREAM.to_owned(), fence: cursor.fence, at: cursor.slot };
    let swap = store.swap_shadow(Swap { claim, code_version: CODE_VERSION }).await?;
    Ok(Report { slot: cursor.slot, events: replay.events(), live: swap.before, rebuilt: swap.after })
}
