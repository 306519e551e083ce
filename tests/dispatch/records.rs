//! What was recorded: the same seed decides the same, and a replay of the log decides all of it again.

use mira_dispatch::replay::{Entry, replay};
use mira_wire::decision::Decision;

use super::stage::Stage;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: the_same_seed_gives_the_same_records_and_the_log_replays]
}

/// The decisions of one whole network, from the chain up.
async fn decisions(seed: [u8; 32]) -> Vec<Decision> {
    let stage = Stage::set(seed).await;
    let placed = stage.client.place(stage.job).await.unwrap().data;
    for id in 0..3 {
        stage.beat(id).await;
    }
    let mut decisions = Vec::new();
    for id in placed.decisions {
        decisions.push(stage.client.decision(id).await.unwrap().data);
    }
    let rows = stage.store.dispatch_inputs(0, 10_000).await.unwrap();
    let log: Vec<Entry> = rows.iter().map(|row| Entry::from_bytes(&row.bytes).unwrap()).collect();
    let (_, outcomes) = replay(&log).unwrap();
    let again: Vec<_> = outcomes.iter().flat_map(|outcome| &outcome.records).map(|record| record.id).collect();
    assert_eq!(again, decisions.iter().map(|decision| decision.id.get()).collect::<Vec<_>>());
    stage.stop().await;
    decisions
}

async fn the_same_seed_gives_the_same_records_and_the_log_replays() {
    let first = decisions([7; 32]).await;
    assert_eq!(first.len(), 3);
    assert_eq!(first, decisions([7; 32]).await);
    let other = decisions([8; 32]).await;
    assert!(first.iter().zip(&other).all(|(first, other)| first.id != other.id));
}
