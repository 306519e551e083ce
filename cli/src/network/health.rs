//! The indexer's own word on how far it is, as the API's readiness takes it: exact, with the reason of a
//! stop, where both run in one process.

use mira_api::IndexHealth;
use mira_indexer::Health;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How far the index may trail finality before the API is not ready: a few seconds of short slots.
const MAX_LAG_SLOTS: u64 = 100;

/// Follows the indexer's health until `shutdown`.
pub fn bridge(indexer: &mira_indexer::Handle, shutdown: CancellationToken) -> watch::Receiver<IndexHealth> {
    let mut health = indexer.health.clone();
    let (sender, receiver) = watch::channel(translate(&health.borrow_and_update()));
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                changed = health.changed() => {
                    if changed.is_err() {
                        return;
                    }
                }
            }
            let translated = translate(&health.borrow_and_update());
            if sender.send(translated).is_err() {
                return;
            }
        }
    });
    receiver
}

fn translate(health: &Health) -> IndexHealth {
    let verdict = health.ready(MAX_LAG_SLOTS);
    let detail = match &verdict {
        Ok(()) => format!("the index follows finality, {}", health.completeness()),
        Err(reason) => reason.to_string(),
    };
    IndexHealth { ready: verdict.is_ok(), slot: health.cursor, tip: health.finalized, detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_that_trails_is_not_ready_and_says_by_how_much() {
        let health = Health { cursor: Some(10), finalized: Some(10), ..Health::default() };
        let ready = translate(&health);
        assert!(ready.ready && ready.detail.contains("parent links"), "{}", ready.detail);
        let late = Health { finalized: Some(10 + MAX_LAG_SLOTS + 1), ..health };
        let translated = translate(&late);
        assert!(!translated.ready);
        assert!(translated.detail.contains("101"), "{}", translated.detail);
    }
}
