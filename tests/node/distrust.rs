//! A dispatcher that lies: nothing it says moves money or stake against the node's terms.

use std::time::Duration;

use libtest_mimic::Trial;
use mira_wire::node::{Fault, Outcome};
use mira_wire::{KeyStr, U64Str};

use super::support::{PRICE, Stage, ended};

pub fn trials() -> Vec<Trial> {
    trials![async:
        proposals_that_differ_from_their_words_are_not_signed,
        a_forged_voucher_is_not_kept,
        a_swapped_blob_is_not_run,
    ]
}

async fn proposals_that_differ_from_their_words_are_not_signed() {
    let stage = Stage::set(31).await;
    let node = stage.spawn().await;
    let honest = stage.town.propose(1_000).await;
    let lease = stage.town.lease_of(&honest);
    let mut cheap = honest.clone();
    cheap.unit_price = U64Str(PRICE - 1);
    let mut larger = honest.clone();
    larger.cap = U64Str(2_000);
    let mut elsewhere = honest.clone();
    elsewhere.provider = KeyStr([9; 32]);
    let mut lies = vec![cheap, larger, elsewhere];
    for (id, lie) in (100..).zip(&mut lies) {
        lie.id = U64Str(id);
    }
    stage.script.edit(|script| script.proposals = lies);
    let beats = stage.script.look(|script| script.heartbeats);
    stage.until("they were seen", |script| script.heartbeats > beats + 4).await;
    assert!(stage.town.lease(&lease).await.is_none());
    // The same transaction with its true terms is signed.
    stage.script.edit(|script| script.proposals = vec![honest]);
    let opened = async {
        while stage.town.lease(&lease).await.is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(super::support::LONG, opened).await.expect("the honest one is signed");
    assert_eq!(stage.town.job_account().await.leases_total, 1);
    node.kill();
    ended(node).await.unwrap();
    stage.close().await;
}

async fn a_forged_voucher_is_not_kept() {
    let stage = Stage::set(32).await;
    let node = stage.spawn().await;
    let lease = stage.lease(1_000_000_000).await;
    stage.shards(lease, &[b"work"]);
    stage.until("accepted", |script| script.accepted.len() == 1).await;
    let forged = stage.town.forged(&lease, 900_000_000);
    stage.script.edit(|script| script.vouchers = vec![forged]);
    let beats = stage.script.look(|script| script.heartbeats);
    stage.until("it was handed over", |script| script.heartbeats > beats + 4).await;
    assert_eq!(node.status().unsettled, 0);
    // A true one, although lower, is taken afterwards.
    let amount = stage.vouch(lease);
    node.drain();
    ended(node).await.unwrap();
    assert_eq!(stage.town.lease(&lease).await.unwrap().settled, amount);
    stage.close().await;
}

async fn a_swapped_blob_is_not_run() {
    let stage = Stage::set(33).await;
    let node = stage.spawn().await;
    let lease = stage.lease(1_000_000_000).await;
    stage.script.edit(|script| script.swap_blobs = Some(b"something else".to_vec()));
    stage.shards(lease, &[b"work"]);
    stage.until("the failure", |script| script.results.len() == 1).await;
    let outcome = stage.script.look(|script| script.results[0].outcome.clone());
    assert!(
        matches!(&outcome, Outcome::Error { fault: Fault::Node, message } if message.contains("hash")),
        "{outcome:?}"
    );
    assert_eq!(node.status().shards_done, 0);
    node.kill();
    ended(node).await.unwrap();
    stage.close().await;
}
