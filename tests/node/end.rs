//! A job that closes: the node settles, gives up the lease, and gets its stake and rent back without being asked.

use std::time::Duration;

use libtest_mimic::Trial;

use super::support::{LONG, Stage, ended};

pub fn trials() -> Vec<Trial> {
    trials![async: a_closing_job_is_settled_and_its_lease_ended, unvouched_work_is_released_unpaid]
}

async fn gone(stage: &Stage, lease: &[u8; 32]) {
    let ended = async {
        while stage.town.lease(lease).await.is_some() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(LONG, ended).await.expect("the lease ends");
}

async fn a_closing_job_is_settled_and_its_lease_ended() {
    let stage = Stage::set(51).await;
    let node = stage.spawn().await;
    let lease = stage.lease(1_000_000_000).await;
    assert!(stage.town.provider_account().await.exposure > 0);
    stage.shards(lease, &[b"work to be paid"]);
    stage.until("accepted", |script| script.accepted.len() == 1).await;
    let amount = stage.vouch(lease);
    stage.town.begin_close().await;
    gone(&stage, &lease).await;
    let job = stage.town.job_account().await;
    assert_eq!((job.paid, job.committed, job.open_leases), (amount, 0, 0));
    let provider = stage.town.provider_account().await;
    assert_eq!((provider.exposure, provider.open_leases), (0, 0));
    let status = node.status();
    assert!(status.transactions >= 4 && status.fees_lamports > 0, "{status:?}");
    assert_eq!(status.settle_ms.len(), 1);
    node.drain();
    ended(node).await.unwrap();
    stage.close().await;
}

async fn unvouched_work_is_released_unpaid() {
    let stage = Stage::set(52).await;
    let node = stage.spawn().await;
    let lease = stage.lease(1_000_000_000).await;
    stage.shards(lease, &[b"never vouched for"]);
    stage.until("accepted", |script| script.accepted.len() == 1).await;
    stage.town.begin_close().await;
    // The node waits for a voucher until the time to settle is over, not a moment less.
    stage.beats(10).await;
    assert!(stage.town.lease(&lease).await.is_some_and(|account| !account.released));
    gone(&stage, &lease).await;
    assert_eq!(stage.town.job_account().await.paid, 0);
    node.kill();
    ended(node).await.unwrap();
    stage.close().await;
}
