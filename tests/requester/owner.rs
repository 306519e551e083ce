//! A job is its owner's: nobody else ends it, or signs for it.

use mira_chain::account::Job;
use mira_requester::{CloseOptions, Error, HashOnly, PayOptions, Requester, Sample};
use solana_commitment_config::CommitmentLevel::Confirmed;
use solana_sdk::pubkey::Pubkey;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

use super::patron::{Patron, nowhere};
use crate::dispatch::stage::Stage;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: anothers_job_is_left_alone]
}

/// What cancelling, closing and paying for a job are refused with.
async fn refusals(requester: &Requester, job: Pubkey) -> [Error; 3] {
    let never = CancellationToken::new();
    let close = CloseOptions { settle_for_providers: true, timeout: Duration::from_secs(60) };
    let pay = PayOptions { cap: u64::MAX, sample: Sample::None, check: Arc::new(HashOnly), poll_ms: 20 };
    [
        requester.cancel(job).await.expect_err("it is not cancelled"),
        requester.close(job, &close, &never, &mut |sent| panic!("{sent:?}")).await.expect_err("it is not closed"),
        requester.run(job, &pay, &never, &mut |seen| panic!("{seen:?}")).await.expect_err("it is not paid for"),
    ]
}

async fn anothers_job_is_left_alone() {
    let stage = Stage::set([7; 32]).await;
    let patron = Patron::arrive(&stage, 40).await;
    let job = Pubkey::new_from_array(stage.job.get());
    let account = async || stage.net.rpc.state::<Job>(&job, Confirmed).await.unwrap().unwrap();
    let before = (patron.books(&stage).await, account().await.seq);
    for error in refusals(&patron.requester, job).await {
        assert_eq!(error.kind(), "wrong-signer", "{error}");
        assert!(error.to_string().contains(&job.to_string()), "{error}");
    }
    for error in refusals(&patron.requester, nowhere()).await {
        assert_eq!(error.kind(), "no-job", "{error}");
    }
    assert_eq!((patron.books(&stage).await, account().await.seq), before);
    stage.stop().await;
}
