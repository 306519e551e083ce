//! `mira job watch`: checks a job's results and signs vouchers until it is done.

use clap::Args;
use mira_core::Key;
use serde_json::json;
use solana_sdk::pubkey::Pubkey;

use crate::{
    error::Error,
    execution,
    requesting::{self, PayArgs},
    settings::{Settings, parse_key},
};

/// Arguments of `mira job watch`.
#[derive(Args)]
pub struct WatchArgs {
    /// The job's address.
    #[arg(value_parser = parse_key)]
    job: Key,
    #[command(flatten)]
    pay: PayArgs,
}

/// Watches the job.
pub async fn run(args: WatchArgs, settings: &Settings) -> Result<(), Error> {
    let cap = args.pay.cap(settings)?;
    let requester = requesting::connect(settings, args.pay.voucher_keypair.as_ref()).await?;
    let job = Pubkey::new_from_array(args.job);
    let escrow = requester.api().job(args.job.into()).await?.data.funded.get();
    let cap = cap.unwrap_or(escrow);
    let outcome = requesting::watch(&requester, job, cap, args.pay.sample, execution::executor()?, settings).await?;
    let document = json!({ "job": job.to_string(), "shards_done": outcome.outputs.len(),
        "refused": outcome.refused.len(), "status": format!("{:?}", outcome.status).to_lowercase() });
    settings.output.print(&document, || requesting::describe(&outcome, job))
}
