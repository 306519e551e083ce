//! The demo's job: submitted, watched while a node dies, checked, paid and closed.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use mira_chain::{account::FeeShard, ix, pda, token};
use mira_core::{
    fee_shard::FEE_SHARDS,
    hash::{Sha2, Sha256},
};
use mira_node::executor::Executor;
use mira_requester::{
    ByExecution, CloseOptions, Closed, Outcome, PayOptions, Requester, Sample, Settings, Submission, Submitted,
};
use mira_wire::{clock, job::Shards};
use solana_commitment_config::CommitmentLevel;
use solana_sdk::{pubkey::Pubkey, signer::Signer};
use token_index::Index;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio_util::sync::CancellationToken;

use super::{Options, document};
use crate::{
    error::Error,
    execution,
    network::{Network, Role, TOKEN, genesis},
    output::Output,
    progress::Progress,
};

/// What the requester starts with, base units.
const PURSE: u64 = 1_000 * TOKEN;
const LAMPORTS: u64 = 10_000_000_000;
/// One lease may hold a quarter of the escrow: at least four owners serve the job.
const MAX_SHARE_BPS: u16 = 2_500;
/// How many outputs the requester runs again: one in this many. All are compared at the end.
const SAMPLE: u32 = 4;
/// The highest price, payment base units per million units: above every node's, so that none is left out.
const MAX_UNIT_PRICE: u64 = 2_000;
/// How long closing may take, besides the time that finality takes.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(120);
/// The least time between two looks at the job; on a slow chain a slot.
const MIN_POLL_MS: u64 = 100;

/// What is to be computed, and what must come out.
pub struct Work {
    submission: Submission,
    executor: Arc<dyn Executor>,
    expected: Vec<u8>,
}

/// How it went.
pub struct Finished {
    pub requester: Requester,
    pub job: Pubkey,
    pub summary: document::JobSummary,
    pub placement: document::Placement,
    /// The provider whose node died.
    pub victim: Pubkey,
    pub closed: Closed,
    /// The fees that the network had collected before, payment base units.
    pub fees_before: u64,
}

impl Work {
    /// Cuts the input, measures one shard here, and computes the whole directly.
    pub async fn prepare(options: &Options, executor: Arc<dyn Executor>) -> Result<Self, Error> {
        let shards = execution::cut(&options.input, options.shards)?;
        let module = execution::bundled_module();
        let submission = execution::submission(executor.clone(), module, Vec::new(), shards).await?;
        let submission = Submission { max_share_bps: MAX_SHARE_BPS, max_unit_price: MAX_UNIT_PRICE, ..submission };
        let expected = Index::of(&options.input).encode();
        Ok(Self { submission, executor, expected })
    }

    fn matches(&self, outcome: &Outcome) -> bool {
        let mut whole = Index::default();
        let merged = outcome.outputs.iter().all(|output| {
            let part = Index::decode(&output.bytes);
            part.is_ok_and(|part| whole.merge(&part).is_ok())
        });
        merged && whole.encode() == self.expected
    }
}

/// Runs the job to its end on the network.
pub async fn run(
    network: &Network,
    work: &Work,
    mut fallen: UnboundedReceiver<u16>,
    output: Output,
) -> Result<Finished, Error> {
    let requester = connect(network).await?;
    let fees_before = requester.api().network().await?.data.fees.collected.get();
    let quote = requester.quote(&work.submission.quote_request()).await?;
    if !quote.feasible {
        return Err(Error::failed("quoting", quote.reason.unwrap_or_default()));
    }
    let submission = Submission { funding: quote.recommended_funding.get(), ..work.submission.clone() };
    let submitted = requester.submit(&submission, &mut |_| {}).await?;
    output.note(&format!("job {} is placed; one node will die in the middle of its work", submitted.job));
    let (outcome, victim) =
        tokio::try_join!(watch(&requester, network, work, &submitted, output), kill(network, &mut fallen, output))?;
    let shards = requester.progress(submitted.job).await?;
    output.note("closing leases and job");
    let close = CloseOptions { settle_for_providers: true, timeout: network.pace.patience(CLOSE_TIMEOUT, 4) };
    let closed = requester.close(submitted.job, &close, &CancellationToken::new(), &mut |_| {}).await?;
    sweep(network).await?;
    let placement = placement(&requester, &submitted).await?;
    let summary = summarize(work, &submission, &outcome, &shards, &closed);
    Ok(Finished { requester, job: submitted.job, summary, placement, victim, closed, fees_before })
}

/// A requester with a purse.
async fn connect(network: &Network) -> Result<Requester, Error> {
    let (admin, wallet) = (&*network.admin, network.key(Role::Requester));
    let mint = network.genesis.payment_mint;
    let (payer, who) = (admin.pubkey(), wallet.pubkey());
    let funding = [
        solana_system_interface::instruction::transfer(&payer, &who, LAMPORTS),
        token::create_associated(&payer, &who, &mint),
        token::mint_to(&mint, &token::associated(&who, &mint), &payer, PURSE),
    ];
    genesis::send(&network.rpc, &funding, &[admin]).await?;
    let settings = Settings {
        api_url: network.file.api_url.clone(),
        rpc_url: network.file.rpc_url.clone(),
        wallet: Arc::new(wallet),
        voucher_signer: Arc::new(network.key(Role::VoucherSigner)),
        clock: clock::system(),
    };
    Ok(Requester::connect(settings).await?)
}

/// Moves all collected fees to the reward vault; anybody may.
async fn sweep(network: &Network) -> Result<(), Error> {
    let wallet = network.key(Role::Requester);
    for index in 0..FEE_SHARDS {
        let shard: Option<FeeShard> = network
            .rpc
            .state(&pda::fee_shard(index), CommitmentLevel::Confirmed)
            .await
            .map_err(|error| Error::failed("sweeping fees", error))?;
        if shard.is_some_and(|shard| shard.collected > shard.swept) {
            genesis::send(&network.rpc, &[ix::sweep_fees(&wallet.pubkey(), index)], &[&wallet]).await?;
        }
    }
    Ok(())
}

async fn watch(
    requester: &Requester,
    network: &Network,
    work: &Work,
    submitted: &Submitted,
    output: Output,
) -> Result<Outcome, Error> {
    let slot_ms = u64::try_from(network.pace.slot().as_millis()).unwrap_or(u64::MAX);
    let pay = PayOptions {
        cap: submitted.funded,
        sample: Sample::EveryNth(SAMPLE),
        check: Arc::new(ByExecution(execution::again(work.executor.clone()))),
        poll_ms: slot_ms.max(MIN_POLL_MS),
    };
    let mut bar = Progress::new(output, u64::from(submitted.shards));
    let mut show = |seen: &mira_requester::Progress| bar.set(u64::from(seen.done));
    let outcome = requester.run(submitted.job, &pay, &CancellationToken::new(), &mut show).await?;
    bar.finish();
    Ok(outcome)
}

/// Waits for the node that falls, and makes sure that nothing more comes from it.
async fn kill(network: &Network, fallen: &mut UnboundedReceiver<u16>, output: Output) -> Result<Pubkey, Error> {
    let index = fallen.recv().await.ok_or_else(|| Error::failed("the demo", "no node ever began a shard"))?;
    let victim = network
        .providers
        .get(usize::from(index))
        .ok_or_else(|| Error::failed("the demo", format!("there is no node {index}")))?;
    victim.node.kill();
    output.note(&format!("killed the node of provider {} while it held a shard", victim.key));
    Ok(victim.key)
}

/// The decisions by which the job was placed. Their order is that of the dispatcher.
async fn placement(requester: &Requester, submitted: &Submitted) -> Result<document::Placement, Error> {
    let mut text = String::new();
    for id in &submitted.decisions {
        let decision = requester.api().decision(*id).await?.data;
        text.push_str(&serde_json::to_string(&decision).map_err(|error| Error::failed("reading decisions", error))?);
        text.push('\n');
    }
    Ok(document::Placement { records: submitted.decisions.len(), sha256: hex::encode(Sha2::hashv(&[text.as_bytes()])) })
}

fn summarize(
    work: &Work,
    submission: &Submission,
    outcome: &Outcome,
    shards: &Shards,
    closed: &Closed,
) -> document::JobSummary {
    let operators: BTreeSet<Pubkey> = outcome.outputs.iter().map(|output| output.provider).collect();
    document::JobSummary {
        tier: submission.tier.as_str().to_owned(),
        // The index says the last word on these two once it has caught up.
        status: String::new(),
        fees: String::new(),
        shards: shards.total,
        redispatched: shards.redispatched,
        result_matches: work.matches(outcome),
        funded: closed.funded.to_string(),
        paid: closed.paid.to_string(),
        refunded: closed.refunded.to_string(),
        operators: operators.len(),
    }
}
