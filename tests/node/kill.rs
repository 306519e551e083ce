//! A node that is killed at the worst moments, and started again on its journal.

use std::time::Duration;

use libtest_mimic::Trial;
use mira_node::NodeError;
use mira_node::journal::JournalError;
use mira_wire::KeyStr;

use super::support::{Stage, ended};

pub fn trials() -> Vec<Trial> {
    trials![async:
        a_lost_answer_is_neither_lost_nor_paid_twice,
        a_report_signed_before_the_crash_keeps_its_number,
        a_voucher_survives,
        two_nodes_never_share_a_journal,
    ]
}

async fn a_lost_answer_is_neither_lost_nor_paid_twice() {
    let stage = Stage::set(21).await;
    let node = stage.spawn().await;
    let lease = stage.lease(1_000_000_000).await;
    stage.script.edit(|script| script.lose_result_answers = true);
    stage.shards(lease, &[b"counted but never answered"]);
    stage.until("the result arrived", |script| script.accepted.len() == 1).await;
    node.kill();
    ended(node).await.unwrap();
    assert!(stage.script.look(|script| script.usage.is_empty()));

    stage.script.edit(|script| script.lose_result_answers = false);
    let node = stage.spawn().await;
    stage.until("the report", |script| script.usage.len() == 1).await;
    let (units, report) = stage.script.look(|script| (script.accepted_units(KeyStr(lease)), script.usage[0].clone()));
    assert_eq!((report.seq.get(), report.cumulative_units.get(), report.items), (1, units, 1));
    assert!(stage.town.usage_verifies(&report));
    // It goes on with the same lease, and counts on.
    stage.shards(lease, &[b"and one more"]);
    stage.until("the next report", |script| script.usage.len() == 2).await;
    let units = stage.script.look(|script| script.accepted_units(KeyStr(lease)));
    let report = stage.script.look(|script| script.usage[1].clone());
    assert_eq!((report.seq.get(), report.cumulative_units.get(), report.items), (2, units, 2));
    node.kill();
    ended(node).await.unwrap();
    stage.close().await;
}

async fn a_report_signed_before_the_crash_keeps_its_number() {
    let stage = Stage::set(22).await;
    let node = stage.spawn().await;
    let lease = stage.lease(1_000_000_000).await;
    stage.script.edit(|script| script.usage_unavailable = true);
    stage.shards(lease, &[b"first"]);
    stage.until("accepted", |script| script.accepted.len() == 1).await;
    stage.until("the report is signed and not delivered", |script| script.usage_refused > 0).await;
    node.kill();
    ended(node).await.unwrap();

    stage.script.edit(|script| script.usage_unavailable = false);
    let node = stage.spawn().await;
    stage.shards(lease, &[b"second"]);
    let units = |script: &super::support::Script| script.accepted_units(KeyStr(lease));
    stage
        .until("everything reported", |script| {
            script.accepted.len() == 2
                && script.usage.last().is_some_and(|usage| usage.cumulative_units.get() == units(script))
        })
        .await;
    let usage = stage.script.look(|script| script.usage.clone());
    let numbers: Vec<u64> = usage.iter().map(|report| report.seq.get()).collect();
    assert_eq!(numbers, [1, 2]);
    assert!(usage.iter().all(|report| stage.town.usage_verifies(report)));
    node.kill();
    ended(node).await.unwrap();
    stage.close().await;
}

async fn a_voucher_survives() {
    let stage = Stage::set(23).await;
    let node = stage.spawn().await;
    let lease = stage.lease(1_000_000_000).await;
    stage.shards(lease, &[b"paid for later"]);
    stage.until("accepted", |script| script.accepted.len() == 1).await;
    let amount = stage.vouch(lease);
    // Reports follow answers; the voucher comes with a heartbeat after it.
    let beats = stage.script.look(|script| script.heartbeats);
    stage.until("the voucher was handed over", |script| script.heartbeats > beats + 2).await;
    node.kill();
    ended(node).await.unwrap();
    // Nobody repeats it.
    stage.script.edit(|script| script.vouchers.clear());

    let node = stage.spawn().await;
    stage.town.begin_close().await;
    let paid = async {
        while stage.town.job_account().await.paid != amount {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(super::support::LONG, paid).await.expect("settled from the journal");
    node.kill();
    ended(node).await.unwrap();
    stage.close().await;
}

async fn two_nodes_never_share_a_journal() {
    let stage = Stage::set(24).await;
    let node = stage.spawn().await;
    let error = stage.try_spawn(stage.config()).await.unwrap_err();
    assert!(matches!(error, NodeError::Journal(JournalError::InUse { .. })), "{error}");
    node.kill();
    ended(node).await.unwrap();
    let again = stage.spawn().await;
    again.kill();
    ended(again).await.unwrap();
    stage.close().await;
}
