//! Where an engine begins: with the newest snapshot that this version can read, or with the first input of the log.

use mira_dispatch::Engine;
use mira_dispatch::replay::FORMAT;
use mira_store::Store;
use mira_store::model::{DispatchInput, DispatchSnapshot};

use crate::dispatch::error::Error;
use crate::dispatch::snapshot;

/// What an engine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begun {
    /// What the log says.
    Read,
    /// New, and it may work: nothing of what was before can be read by anybody of this version. Whoever writes the log
    /// next says so by a snapshot of it.
    Anew,
    /// New, and it may not work: a snapshot can be read, and inputs after it cannot.
    Stranded,
}

/// An engine, and where in the log it is.
pub(super) struct Beginning {
    /// The engine.
    pub(super) engine: Engine,
    /// The number of the newest input that it knows of.
    pub(super) seq: u64,
    /// The engine began after the input of this number, 0 for the first.
    pub(super) began_after: u64,
    /// What it is.
    pub(super) begun: Begun,
}

impl Beginning {
    /// An engine that knows nothing of the inputs up to `seq`.
    pub(super) fn new(seq: u64, begun: Begun) -> Self {
        Beginning { engine: Engine::new(), seq, began_after: seq, begun }
    }
}

/// Finds where to begin. `anew` allows to begin with an engine that knows nothing where nothing can be read.
///
/// # Errors
/// The store's. `Internal` with what to do if there is neither a snapshot nor the whole log.
pub(super) async fn begin(store: &dyn Store, anew: bool) -> Result<Beginning, Error> {
    let first = store.dispatch_inputs(0, 1).await?.pop();
    let snapshots = store.dispatch_snapshots().await?;
    let mut stranded = false;
    for row in &snapshots {
        match usable(store, row, first.as_ref()).await? {
            Ok(engine) if !is_older(store, row.seq).await? => {
                let DispatchSnapshot { seq, began_after, .. } = *row;
                return Ok(Beginning { engine, seq, began_after, begun: Begun::Read });
            }
            // Those before it are no better off.
            Ok(_) => {
                stranded = true;
                break;
            }
            Err(why) => {
                tracing::error!(input = row.seq, why, "a snapshot of the dispatcher cannot be used");
                metrics::counter!("mira_dispatch_snapshots_unusable_total").increment(1);
            }
        }
    }
    let whole = first.as_ref().map_or(snapshots.is_empty(), |first| first.seq == 1 && first.version >= FORMAT);
    if whole {
        return Ok(Beginning::new(0, Begun::Read));
    }
    let newest = store.last_dispatch_seq().await?;
    if anew {
        tracing::error!(
            inputs = newest,
            "the dispatcher begins anew, as it was told: every job has to be placed again"
        );
        return Ok(Beginning::new(newest, Begun::Anew));
    }
    if stranded {
        return Ok(Beginning::new(newest, Begun::Stranded));
    }
    if is_older(store, newest.saturating_sub(1)).await? {
        tracing::error!(
            inputs = newest,
            "the dispatch log is in the format of an earlier version: its inputs are not read. Every job has to be \
             placed again; `POST /v1/jobs/JOB/place` does it, and keeps its leases"
        );
        return Ok(Beginning::new(newest, Begun::Anew));
    }
    Err(nowhere(first.map_or(0, |first| first.seq), snapshots.len()))
}

/// The engine of a snapshot that the log goes on from, or why there is none.
async fn usable(
    store: &dyn Store,
    row: &DispatchSnapshot,
    first: Option<&DispatchInput>,
) -> Result<Result<Engine, String>, Error> {
    match first {
        Some(first) if first.seq > row.seq.saturating_add(1) => {
            Ok(Err(format!("the log goes on with input {} only", first.seq)))
        }
        _ => snapshot::load(store, row).await,
    }
}

/// Whether the input after this one was written by an earlier version.
async fn is_older(store: &dyn Store, seq: u64) -> Result<bool, Error> {
    let next = store.dispatch_inputs(seq, 1).await?.pop();
    Ok(next.is_some_and(|input| input.version < FORMAT))
}

/// Why an engine may not work although a snapshot can be read.
pub(super) fn stranded() -> Error {
    Error::Internal(
        "the dispatch log has inputs of an earlier format after its newest snapshot: start the version that wrote them \
         once more and stop it in order, and this one goes on from its last snapshot; or --dispatch-begin-anew starts with \
         an engine that knows nothing, and every job has to be placed again"
            .to_owned(),
    )
}

fn nowhere(from: u64, snapshots: usize) -> Error {
    Error::Internal(format!(
        "the dispatch log begins with input {from}, what was before it is gone, and of its {snapshots} snapshots this \
         version can read none (the log above says why). Start the version that wrote them, or restore a backup; if \
         there is neither, --dispatch-begin-anew starts with an engine that knows nothing: every job has to be placed \
         again then"
    ))
}
