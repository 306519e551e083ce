//! What may go when it is old. Events, reports, vouchers and the dispatcher's log never do: the first are what
//! everything is folded from, money depends on the second and third, and the dispatcher replays the last.

use mira_store::model::{Horizon, ReconRun};
use mira_store::{Error as StoreError, Store};

use crate::prove::prove;
use crate::shell::STREAM;

/// Slots compacted in one transaction, so that the indexer never waits long for its turn.
const STEP: u64 = 20_000;
/// Runs read at once.
const PAGE: u32 = 1_000;

/// How much is kept; `None` keeps all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// Recorded slots below the cursor.
    pub slots: Option<u64>,
    /// The age of reconciliation runs in milliseconds. The newest one always stays.
    pub recon_ms: Option<i64>,
    /// The age of requests that count once, in milliseconds.
    pub requests_ms: Option<i64>,
}

/// What went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Slots compacted.
    pub slots: u64,
    /// Where the recorded slots begin now, if any were ever compacted.
    pub horizon: Option<Horizon>,
    /// Why fewer slots went than was asked for.
    pub held: Option<String>,
    /// Reconciliation runs.
    pub runs: u64,
    /// Requests and nonces.
    pub requests: u64,
}

/// Why nothing more was pruned.
#[derive(Debug, thiserror::Error)]
pub enum PruneError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is not proven may not go: the proof could never be made up for.
    #[error("the ledger has {holes} holes, so no slot was compacted: see `mira prove-gaps`")]
    NotWhole {
        /// How many.
        holes: u64,
    },
}

/// Prunes, while an indexer and an API may be running. Each step is one transaction.
///
/// # Errors
/// [`PruneError`]; what went before stays gone.
pub async fn prune(store: &dyn Store, keep: &Keep, now_ms: i64) -> Result<Pruned, PruneError> {
    let mut pruned = Pruned::default();
    if let Some(slots) = keep.slots {
        compact(store, slots, now_ms, &mut pruned).await?;
    }
    if let Some(age) = keep.recon_ms
        && let Some(newest) = first_before(store, now_ms.saturating_sub(age)).await?
    {
        pruned.runs = store.forget_recon(newest.run.saturating_add(1)).await?;
    }
    if let Some(age) = keep.requests_ms {
        pruned.requests = store.forget_old(now_ms.saturating_sub(age), now_ms).await?;
    }
    pruned.horizon = store.horizon(STREAM).await?;
    Ok(pruned)
}

async fn compact(store: &dyn Store, keep: u64, now_ms: i64, pruned: &mut Pruned) -> Result<(), PruneError> {
    let cursor = store.cursor(STREAM).await?.and_then(|cursor| cursor.slot);
    let first = store.chain_slots(None, 1).await?.first().map(|row| row.slot);
    let (Some(cursor), Some(first)) = (cursor, first) else { return Ok(()) };
    let report = prove(store).await?;
    if !report.is_whole() {
        return Err(PruneError::NotWhole { holes: report.holes });
    }
    let limit = cursor.saturating_sub(keep);
    let Some(newest) = store.block_before(cursor, None).await? else { return Ok(()) };
    // Bundles are dated by the block of their slot: one that can still be approved, challenged or finalized
    // has to stay verifiable.
    let open_secs = open_secs(store).await?;
    let latest = newest.block_time.unwrap_or(0).saturating_sub(open_secs);
    let target = store.block_before(limit, Some(latest)).await?.map_or(first, |row| row.slot);
    if store.block_before(limit, None).await?.is_some_and(|row| row.slot > target) {
        let held = format!("the slots of the last {open_secs} s stay, because reward epochs of that time are open");
        pruned.held = Some(held);
    }
    let (mut done, mut up_to) = (first, first);
    while up_to < target {
        up_to = up_to.saturating_add(STEP).min(target);
        let block = store.block_before(up_to, None).await?;
        if let Some(block) = block.filter(|block| block.slot > done) {
            pruned.slots = pruned.slots.saturating_add(store.compact_slots(STREAM, block.slot, now_ms).await?);
            done = block.slot;
        }
    }
    Ok(())
}

/// How long a bundle of the past can still matter, seconds: an epoch is collected, approved until it is stale,
/// and challenged, and the one before it may not be final yet.
async fn open_secs(store: &dyn Store) -> Result<i64, StoreError> {
    let Some(network) = store.network().await? else { return Ok(0) };
    let reward = network.params.reward;
    let epochs = i64::from(reward.epoch_secs).saturating_mul(2);
    Ok(epochs.saturating_add(i64::from(reward.stale_secs)).saturating_add(i64::from(reward.challenge_secs)))
}

/// The newest run from before a time.
async fn first_before(store: &dyn Store, time_ms: i64) -> Result<Option<ReconRun>, StoreError> {
    let mut before = None;
    loop {
        let page = store.recon_runs(before, PAGE).await?;
        if let Some(found) = page.rows.iter().find(|run| run.at_ms < time_ms) {
            return Ok(Some(found.clone()));
        }
        match page.rows.last() {
            Some(last) if page.more => before = Some(last.run),
            _ => return Ok(None),
        }
    }
}
