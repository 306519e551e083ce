//! How far the index is: told by the indexer in the same process, or read from the database by a
//! server of its own.

use std::sync::Arc;
use std::time::Duration;

use mira_chain::rpc::Rpc;
use mira_store::Store;
use mira_store::model::NO_BLOCKHASH;
use mira_wire::Context;
use solana_commitment_config::CommitmentLevel;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How often a separate server looks.
const POLL: Duration = Duration::from_millis(500);
/// A separate server is not ready if the index trails by more than this: two minutes of a cluster's slots.
const MAX_LAG_SLOTS: u64 = 300;

/// How far the index is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexHealth {
    /// Whether its state can be relied on.
    pub ready: bool,
    /// The last slot folded, if any.
    pub slot: Option<u64>,
    /// The cluster's finalized tip as last seen, if it was.
    pub tip: Option<u64>,
    /// How it stands, in words: for `/readyz`.
    pub detail: String,
}

impl IndexHealth {
    /// What replies carry.
    pub fn context(&self) -> Context {
        let slot = self.slot.unwrap_or(0);
        Context {
            slot: slot.into(),
            commitment: "finalized".to_owned(),
            lag_slots: self.tip.unwrap_or(slot).saturating_sub(slot).into(),
        }
    }
}

/// Follows the cursor of `stream` and the cluster's tip until cancelled, for a server without an
/// indexer in its process.
pub fn follow(
    store: Arc<dyn Store>,
    stream: String,
    rpc: Rpc,
    shutdown: CancellationToken,
) -> watch::Receiver<IndexHealth> {
    let (sender, receiver) = watch::channel(IndexHealth { detail: "starting".to_owned(), ..IndexHealth::default() });
    tokio::spawn(async move {
        while !shutdown.is_cancelled() {
            let health = look(&*store, &stream, &rpc).await;
            sender.send_if_modified(|current| {
                let changed = *current != health;
                *current = health;
                changed
            });
            tokio::select! {
                () = shutdown.cancelled() => break,
                () = tokio::time::sleep(POLL) => {}
            }
        }
    });
    receiver
}

async fn look(store: &dyn Store, stream: &str, rpc: &Rpc) -> IndexHealth {
    let cursor = match store.cursor(stream).await {
        Ok(cursor) => cursor,
        Err(error) => return IndexHealth { detail: format!("the database: {error}"), ..IndexHealth::default() },
    };
    let slot = cursor.as_ref().and_then(|cursor| cursor.slot);
    let set_aside = match store.dead_letter_count().await {
        Ok(set_aside) => set_aside,
        Err(error) => return IndexHealth { detail: format!("the database: {error}"), ..IndexHealth::default() },
    };
    let tip = match rpc.slot(CommitmentLevel::Finalized).await {
        Ok(tip) => tip,
        Err(error) => {
            return IndexHealth { slot, detail: format!("the chain's RPC: {error}"), ..IndexHealth::default() };
        }
    };
    // Blocks leave their hash with the cursor; single transactions have none to leave.
    let blocks = cursor.and_then(|cursor| cursor.blockhash).is_some_and(|hash| hash != NO_BLOCKHASH);
    let mut health = judge(slot, tip, if blocks { "parent links" } else { "seq continuity" });
    if set_aside > 0 {
        health.detail.push_str(&format!(" but for {set_aside} transactions set aside unread"));
    }
    health
}

/// What a cursor and a tip say; `proof` is what shows that nothing up to the cursor is missing.
fn judge(slot: Option<u64>, tip: u64, proof: &str) -> IndexHealth {
    let (ready, detail) = match slot {
        None => (false, "nothing was indexed yet".to_owned()),
        Some(slot) if tip.saturating_sub(slot) > MAX_LAG_SLOTS => {
            (false, format!("{} slots behind", tip.saturating_sub(slot)))
        }
        Some(slot) => (true, format!("at slot {slot}, complete by {proof}")),
    };
    IndexHealth { ready, slot, tip: Some(tip), detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_or_empty_is_not_ready() {
        assert!(!judge(None, 5, "parent links").ready);
        assert!(judge(Some(5), 5, "parent links").ready);
        assert!(judge(Some(9), 5, "parent links").ready);
        assert!(judge(Some(0), MAX_LAG_SLOTS, "parent links").ready);
        assert!(!judge(Some(0), MAX_LAG_SLOTS + 1, "parent links").ready);
    }

    #[test]
    fn the_context_never_counts_below_zero() {
        let context = judge(Some(9), 5, "parent links").context();
        assert_eq!((context.slot.get(), context.lag_slots.get()), (9, 0));
        assert_eq!(judge(Some(3), 5, "parent links").context().lag_slots.get(), 2);
    }
}
