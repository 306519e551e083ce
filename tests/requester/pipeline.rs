//! A pipeline of two stages from its quote to its refund, served by two real nodes.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mira_core::hash::{Sha2, Sha256};
use mira_core::tier::Tier;
use mira_node::executor::{Executor, Task, WasmExecutor};
use mira_node::{Node, NodeConfig, NodeHandle};
use mira_requester::{
    Again, ByExecution, Claim, CloseOptions, Outcome, PayOptions, Sample, Status, Submission, Submitted, result_shards,
};
use mira_wire::spec::JobSpec;
use solana_sdk::pubkey::Pubkey;
use tokio_util::sync::CancellationToken;

use super::patron::{MODULE, PRICE, PURSE, Patron, found_fee_shards, shards, submission};
use crate::dispatch::stage::{Stage, operator, provider};

const LONG: Duration = Duration::from_secs(60);

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: two_stages_are_run_checked_and_paid_for]
}

/// A command that reads up to 60,000 bytes and writes all but the first. As text:
///
/// ```wat
/// (func (export "_start")
///   (i32.store (i32.const 0) (i32.const 16)) (i32.store (i32.const 4) (i32.const 60000))
///   (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
///   (i32.store (i32.const 0) (i32.const 17))
///   (i32.store (i32.const 4) (i32.sub (i32.load (i32.const 8)) (i32.const 1)))
///   (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
/// ```
fn tail_module() -> Bytes {
    let types: &[u8] = b"\x01\x0c\x02\x60\x04\x7f\x7f\x7f\x7f\x01\x7f\x60\x00\x00";
    let wasi: &[u8] = b"\x16wasi_snapshot_preview1";
    let imports = [b"\x02\x44\x02".as_slice(), wasi, b"\x07fd_read\x00\x00", wasi, b"\x08fd_write\x00\x00"].concat();
    let rest: &[u8] = b"\x03\x02\x01\x01\x05\x03\x01\x00\x01\x07\x13\x02\x06memory\x02\x00\x06_start\x00\x02";
    let body: &[u8] = b"\x00\
        \x41\x00\x41\x10\x36\x02\x00\
        \x41\x04\x41\xe0\xd4\x03\x36\x02\x00\
        \x41\x00\x41\x00\x41\x01\x41\x08\x10\x00\x1a\
        \x41\x00\x41\x11\x36\x02\x00\
        \x41\x04\x41\x08\x28\x02\x00\x41\x01\x6b\x36\x02\x00\
        \x41\x01\x41\x00\x41\x01\x41\x08\x10\x01\x1a\
        \x0b";
    let length = u8::try_from(body.len()).unwrap();
    let code = [&[0x0a, length + 2, 0x01, length], body].concat();
    Bytes::from([b"\0asm\x01\0\0\0".as_slice(), types, &imports, rest, &code].concat())
}

/// What running a module here gives.
fn run(executor: &dyn Executor, module: &Bytes, input: &Bytes) -> (Bytes, u64) {
    let task = Task {
        module_hash: Sha2::hashv(&[module]),
        module: module.clone(),
        input: input.clone(),
        units_limit: 1_000_000_000,
        memory_limit_bytes: 256 << 20,
        time_limit_ms: 30_000,
        output_limit_bytes: 1 << 20,
    };
    let output = executor.run(&task, &CancellationToken::new()).unwrap();
    (output.bytes, output.units)
}

/// What the two stages give over each input, computed here: the outputs of the first, then those of the second.
async fn compute(executor: Arc<dyn Executor>) -> Vec<(Bytes, u64)> {
    let all = move || {
        let first: Vec<_> = shards().iter().map(|input| run(&*executor, &Bytes::from_static(MODULE), input)).collect();
        let tail = tail_module();
        let second: Vec<_> = first.iter().map(|(output, _)| run(&*executor, &tail, output)).collect();
        [first, second].concat()
    };
    tokio::task::spawn_blocking(all).await.unwrap()
}

async fn serve(stage: &Stage, id: u8, executor: Arc<dyn Executor>, shutdown: &CancellationToken) -> NodeHandle {
    let folder = stage.folder.path().join(format!("node-{id}"));
    let (api, rpc) = (stage.client.base(), stage.net.chain.rpc_url());
    let config = NodeConfig {
        unit_price: PRICE,
        region: "eu-west".into(),
        heartbeat_ms: 50,
        ..NodeConfig::new(api, rpc, Arc::new(operator(id)), provider(id), folder)
    };
    Node::spawn(config, executor, shutdown.clone()).await.unwrap()
}

async fn pay(patron: &Patron, submitted: &Submitted, executor: &Arc<dyn Executor>) -> Outcome {
    let executor = executor.clone();
    let check = ByExecution(move |claim: &Claim<'_>| Ok(run(&*executor, claim.module, claim.input)));
    let options = PayOptions { cap: submitted.funded, sample: Sample::All, check: Arc::new(check), poll_ms: 20 };
    let (never, mut ignore) = (CancellationToken::new(), |_: &mira_requester::Progress| ());
    let run = patron.requester.run(submitted.job, &options, &never, &mut ignore);
    tokio::time::timeout(LONG, run).await.expect("the run ends").unwrap()
}

async fn two_stages_are_run_checked_and_paid_for() {
    let engine = mira_dispatch::Config { seed: [9; 32], heartbeat_timeout_ms: 2_000, ..Default::default() };
    let stage = Stage::with(engine).await;
    found_fee_shards(&stage).await;
    let (executor, shutdown) = (WasmExecutor::new().unwrap() as Arc<dyn Executor>, CancellationToken::new());
    let computed = compute(executor.clone()).await;
    assert!(computed[3].0 == computed[0].0.slice(1..), "the second stage is the module it is said to be");
    let most = computed.iter().map(|(_, units)| *units).max().unwrap();
    let nodes =
        [serve(&stage, 0, executor.clone(), &shutdown).await, serve(&stage, 1, executor.clone(), &shutdown).await];
    let patron = Patron::arrive(&stage, 40).await;
    let asked = Submission {
        tier: Tier::Pipeline,
        stages: vec![tail_module()],
        deny: vec![provider(2)],
        max_share_bps: 5_000,
        max_leases: 4,
        ..submission(most)
    };
    let quote = patron.requester.quote(&asked.quote_request()).await.unwrap();
    let row = quote.tiers.iter().find(|row| row.tier == "pipeline").unwrap();
    assert!(quote.feasible && row.feasible && quote.id == quote.promise.id(), "{quote:?}");
    assert_eq!(quote.promise.start.basis, "limits", "nothing was observed yet");
    let submitted = Submission { promise: Some(quote.promise.clone()), ..asked };
    let submitted = patron.requester.submit(&submitted, &mut |_| ()).await.unwrap();
    assert_eq!(submitted.shards, 6, "three inputs through two stages");

    let whole = pay(&patron, &submitted, &executor).await;
    assert_eq!((whole.status, whole.refused.len()), (Status::Done, 0));
    let results: Vec<_> = whole.outputs.iter().map(|output| (output.bytes.clone(), output.units)).collect();
    assert_eq!(results, computed, "every stage's outputs, in the order of the numbers");
    let units: u64 = computed.iter().map(|(_, units)| units).sum();
    assert_eq!(whole.vouchers.iter().map(|voucher| voucher.units).sum::<u64>(), units, "all stages are vouched for");

    // The job keeps its quote beside what became of it.
    let kept = patron.requester.progress(submitted.job).await.unwrap().quote.unwrap();
    assert_eq!((kept.id, kept.cost.quoted), (quote.id, quote.expected_cost));
    let vouchered: u64 = whole.vouchers.iter().map(|voucher| voucher.amount).sum();
    assert_eq!(kept.cost.actual.map(|actual| actual.get()), Some(vouchered));
    let (start, end) = (kept.start_ms.actual.unwrap(), kept.completion_ms.unwrap().actual.unwrap());
    assert!(start <= end && end.get() <= quote.promise.completion.unwrap().p99_ms.get());

    audit(&patron, &submitted, &computed).await;
    let options = CloseOptions { settle_for_providers: true, timeout: LONG };
    let closed = patron.requester.close(submitted.job, &options, &CancellationToken::new(), &mut |_| ()).await.unwrap();
    assert_eq!((closed.paid, closed.paid + closed.refunded), (vouchered, PURSE / 2));
    shutdown.cancel();
    for node in nodes {
        tokio::time::timeout(LONG, node.wait()).await.expect("the node ends").unwrap();
    }
    stage.stop().await;
}

/// What an audit would have others run again: the stage's own module over the stage's own input.
async fn audit(patron: &Patron, submitted: &Submitted, computed: &[(Bytes, u64)]) {
    let job = patron.requester.api().job(submitted.job.to_bytes().into()).await.unwrap().data;
    let spec = JobSpec::parse(&patron.requester.api().get_blob(job.spec_hash).await.unwrap()).unwrap();
    assert_eq!(result_shards(&spec), 3..6);
    let again = |shard| Again { job: job.clone(), shard, exclude: Vec::<Pubkey>::new(), deadline_secs: 600 };
    let second = patron.requester.again(&again(4)).await.unwrap().expect("it could be placed");
    assert_eq!((second.module, second.shards), (tail_module(), vec![computed[1].0.clone()]));
    let first = patron.requester.again(&again(1)).await.unwrap().expect("it could be placed");
    assert_eq!((first.module, first.shards), (Bytes::from_static(MODULE), vec![shards()[1].clone()]));
    assert_eq!(patron.requester.again(&again(6)).await.expect_err("there is none").kind(), "no-shard");
}
