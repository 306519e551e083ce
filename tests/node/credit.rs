//! A requester that does not sign: the node stops at its credit window and goes on when it is paid for.

use libtest_mimic::Trial;

use super::support::{Stage, ended};

pub fn trials() -> Vec<Trial> {
    trials![async: work_stops_at_the_window_and_goes_on_with_a_voucher]
}

async fn work_stops_at_the_window_and_goes_on_with_a_voucher() {
    let stage = Stage::set(41).await;
    let mut config = stage.config();
    // Less than any shard earns: each has to be vouched for before the next.
    config.credit_window = 1;
    let node = stage.try_spawn(config).await.unwrap();
    let lease = stage.lease(1_000_000_000).await;
    stage.shards(lease, &[b"one", b"two", b"three"]);
    stage.until("the first", |script| script.accepted.len() == 1).await;
    stage.beats(10).await;
    assert_eq!(stage.script.look(|script| (script.accepted.len(), script.queue.len())), (1, 2));
    stage.vouch(lease);
    stage.until("the second", |script| script.accepted.len() == 2).await;
    stage.vouch(lease);
    stage.until("the third", |script| script.accepted.len() == 3).await;
    stage.until_node(&node, "the third is not vouched for", |status| status.unvouched > 0).await;
    node.kill();
    ended(node).await.unwrap();
    stage.close().await;
}
