//! A requester from the command line's settings.

use std::{path::PathBuf, sync::Arc};

use clap::Args;
use mira_node::executor::Executor;
use mira_requester::{ByExecution, Outcome, PayOptions, Requester, Sample, Settings as RequesterSettings, Status};
use mira_wire::clock;
use solana_sdk::pubkey::Pubkey;
use tokio_util::sync::CancellationToken;

use crate::{
    error::Error,
    execution,
    progress::Progress,
    settings::{Settings, load_keypair},
};

/// How results are paid.
#[derive(Args)]
pub struct PayArgs {
    /// The key that signs vouchers; the keypair itself when left out.
    #[arg(long, value_name = "FILE")]
    pub voucher_keypair: Option<PathBuf>,
    /// The most to sign vouchers for, in payment tokens; the whole escrow when left out.
    #[arg(long, value_name = "TOKENS")]
    pub cap: Option<String>,
    /// Run one in this many results again before paying; 0 for none.
    #[arg(long, default_value_t = 8)]
    pub sample: u32,
}

impl PayArgs {
    /// The most to sign for, base units, where it was said.
    pub fn cap(&self, settings: &Settings) -> Result<Option<u64>, Error> {
        let money = settings.money()?;
        Ok(self.cap.as_deref().map(|cap| money.parse_payment(cap)).transpose()?)
    }
}

/// Connects with the settings' keypair as wallet.
pub async fn connect(settings: &Settings, voucher_keypair: Option<&PathBuf>) -> Result<Requester, Error> {
    let wallet = Arc::new(settings.keypair()?);
    let voucher_signer = match voucher_keypair {
        Some(path) => Arc::new(load_keypair(path)?),
        None => wallet.clone(),
    };
    let requester = RequesterSettings {
        api_url: settings.api_url()?,
        rpc_url: settings.rpc_url(),
        wallet,
        voucher_signer,
        clock: clock::system(),
    };
    Ok(Requester::connect(requester).await?)
}

/// Watches a job with a bar, judging and paying up to `cap` base units; Ctrl-C stops watching, not the job.
pub async fn watch(
    requester: &Requester,
    job: Pubkey,
    cap: u64,
    sample: u32,
    executor: Arc<dyn Executor>,
    settings: &Settings,
) -> Result<Outcome, Error> {
    let options = PayOptions {
        cap,
        sample: if sample == 0 { Sample::None } else { Sample::EveryNth(sample) },
        check: Arc::new(ByExecution(execution::again(executor))),
        poll_ms: 250,
    };
    let total = u64::from(requester.progress(job).await?.total);
    let mut bar = Progress::new(settings.output, total);
    let cancel = CancellationToken::new();
    let mut show = |seen: &mira_requester::Progress| bar.set(u64::from(seen.done));
    let run = requester.run(job, &options, &cancel, &mut show);
    let interrupted = async {
        // Without a handler Ctrl-C ends the process, which stops the watching too.
        if tokio::signal::ctrl_c().await.is_ok() {
            cancel.cancel();
        }
        std::future::pending::<()>().await;
    };
    let outcome = tokio::select! {
        outcome = run => outcome?,
        () = interrupted => return Err(Error::failed("watching", "interrupted")),
    };
    bar.finish();
    Ok(outcome)
}

/// What came of it, in a sentence.
pub fn describe(outcome: &Outcome, job: Pubkey) -> String {
    match outcome.status {
        Status::Done => format!(
            "all {} shards are done and vouched for; next: mira job result {job} --out FILE",
            outcome.outputs.len()
        ),
        Status::Failed => format!(
            "{} shards are done, {} results were refused; `mira job show {job}` says more",
            outcome.outputs.len(),
            outcome.refused.len()
        ),
        Status::CapReached => {
            format!("the cap is used up and providers wait for pay; raise it with: mira job watch {job} --cap TOKENS")
        }
        Status::Cancelled => format!("stopped watching; the job goes on. Resume with: mira job watch {job}"),
    }
}
