//! A job from its submission to its refund, served by a real node.

use bytes::Bytes;
use mira_core::amount::{Bps, Payment, UnitPrice, Units};
use mira_core::fee::fee_ceil;
use mira_core::price::amount_ceil;
use mira_node::executor::{Executor, WasmExecutor};
use mira_node::{Node, NodeConfig, NodeHandle};
use mira_requester::{
    ByExecution, Claim, CloseOptions, Outcome, PayOptions, Sample, Status, Submission, SubmitStep, Submitted,
};
use solana_commitment_config::CommitmentLevel::Confirmed;
use solana_sdk::signer::Signer;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

use super::patron::{PRICE, Patron, found_fee_shards, measure, shards, submission};
use crate::chain::net::key;
use crate::dispatch::stage::{Stage, operator, provider};

const LONG: Duration = Duration::from_secs(60);

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: work_is_paid_up_to_the_cap_and_the_rest_comes_back]
}

/// What running each shard here gives; executors block their thread.
async fn measure_all(executor: Arc<dyn Executor>) -> Vec<(Bytes, u64)> {
    let all = move || shards().iter().map(|shard| measure(&*executor, shard)).collect();
    tokio::task::spawn_blocking(all).await.unwrap()
}

fn cost(units: u64) -> u64 {
    amount_ceil(Units::new(units), UnitPrice::new(PRICE)).unwrap().get()
}

/// The first provider's node, which gives no credit: after a shard it waits for its voucher.
async fn serve(stage: &Stage, executor: Arc<dyn Executor>, shutdown: &CancellationToken) -> NodeHandle {
    let folder = stage.folder.path().join("node");
    let (api, rpc) = (stage.client.base(), stage.net.chain.rpc_url());
    let config = NodeConfig {
        unit_price: PRICE,
        region: "eu-west".into(),
        credit_window: 0,
        heartbeat_ms: 50,
        ..NodeConfig::new(api, rpc, Arc::new(operator(0)), provider(0), folder)
    };
    Node::spawn(config, executor, shutdown.clone()).await.unwrap()
}

async fn submit(patron: &Patron, submission: &Submission) -> Submitted {
    let mut steps = Vec::new();
    let submitted = patron.requester.submit(submission, &mut |step| steps.push(step)).await.unwrap();
    let uploaded = (1..=5).map(|done| SubmitStep::Uploaded { done, total: 5 });
    let rest = [SubmitStep::Created { job: submitted.job }, SubmitStep::Indexed, SubmitStep::Placed];
    assert_eq!(steps, uploaded.chain(rest).collect::<Vec<_>>());
    submitted
}

async fn pay(patron: &Patron, submitted: &Submitted, executor: &Arc<dyn Executor>, cap: u64) -> Outcome {
    let executor = executor.clone();
    let check = ByExecution(move |claim: &Claim<'_>| Ok(measure(&*executor, claim.input)));
    let options = PayOptions { cap, sample: Sample::All, check: Arc::new(check), poll_ms: 20 };
    let mut watch = |seen: &mira_requester::Progress| assert!(seen.vouchered <= cap, "{seen:?} with a cap of {cap}");
    let never = CancellationToken::new();
    let run = patron.requester.run(submitted.job, &options, &never, &mut watch);
    tokio::time::timeout(LONG, run).await.expect("the run ends").unwrap()
}

async fn work_is_paid_up_to_the_cap_and_the_rest_comes_back() {
    // A node's heartbeats bring its vouchers, and it gets the rhythm from this.
    let engine = mira_dispatch::Config { seed: [9; 32], heartbeat_timeout_ms: 2_000, ..Default::default() };
    let stage = Stage::with(engine).await;
    found_fee_shards(&stage).await;
    let (executor, shutdown) = (WasmExecutor::new().unwrap() as Arc<dyn Executor>, CancellationToken::new());
    let measured = measure_all(executor.clone()).await;
    let (most, all) =
        (measured.iter().map(|(_, units)| *units).max().unwrap(), measured.iter().map(|(_, units)| units).sum());
    let node = serve(&stage, executor.clone(), &shutdown).await;
    let patron = Patron::arrive(&stage, 40).await;
    let before = patron.books(&stage).await;

    let deny = vec![provider(1), provider(2)];
    let submitted = submit(&patron, &Submission { deny, ..submission(most) }).await;
    assert_eq!((submitted.shards, patron.books(&stage).await.payment), (3, before.payment - submitted.funded));

    // Enough for one shard and not for two: the node stops there, and so does the run.
    let cap = cost(most + most / 2);
    let short = pay(&patron, &submitted, &executor, cap).await;
    assert_eq!((short.status, short.vouchers.len()), (Status::CapReached, 1));
    assert!(short.vouchers[0].amount > 0 && short.vouchers[0].amount <= cap);
    assert!(short.outputs.len() < 3 && short.refused.is_empty());

    let whole = pay(&patron, &submitted, &executor, submitted.funded).await;
    assert_eq!((whole.status, whole.refused.len()), (Status::Done, 0));
    let results: Vec<_> = whole.outputs.iter().map(|output| (output.bytes.clone(), output.units)).collect();
    assert_eq!(results, measured);
    let [voucher] = whole.vouchers[..] else { panic!("one lease: {:?}", whole.vouchers) };
    assert_eq!((voucher.amount, voucher.units), (cost(all), all));
    // Nothing is signed twice.
    let again = pay(&patron, &submitted, &executor, submitted.funded).await;
    assert_eq!((again.status, again.vouchers.len()), (Status::Done, 0));

    let options = CloseOptions { settle_for_providers: true, timeout: LONG };
    let never = CancellationToken::new();
    let closed = patron.requester.close(submitted.job, &options, &never, &mut |_| ()).await.unwrap();
    assert_eq!((closed.funded, closed.paid), (submitted.funded, cost(all)));
    assert_eq!(closed.funded, closed.paid + closed.refunded);
    let books = patron.books(&stage).await;
    assert_eq!(books.payment, before.payment - closed.paid);
    let fee = fee_ceil(Payment::new(closed.paid), Bps::new(100).unwrap()).unwrap().get();
    let earned = stage.net.rpc.token_balance(&key(21).pubkey(), &stage.net.payment_mint, Confirmed).await.unwrap();
    assert_eq!(earned, closed.paid - fee);

    let twice = patron.requester.close(submitted.job, &options, &never, &mut |_| ()).await.expect_err("it is gone");
    assert_eq!(twice.kind(), "no-job", "{twice}");
    assert_eq!(patron.requester.cancel(submitted.job).await.expect_err("it is gone").kind(), "no-job");
    assert_eq!(patron.books(&stage).await, books);
    shutdown.cancel();
    tokio::time::timeout(LONG, node.wait()).await.expect("the node ends").unwrap();
    stage.stop().await;
}
