//! `mira job close`: ends a job's leases as they fall due and takes back what is left.

use std::time::Duration;

use clap::Args;
use mira_core::Key;
use mira_requester::CloseOptions;
use serde_json::json;
use solana_sdk::pubkey::Pubkey;
use tokio_util::sync::CancellationToken;

use crate::{
    error::Error,
    requesting,
    settings::{Settings, parse_key},
};

/// Arguments of `mira job close`.
#[derive(Args)]
pub struct CloseArgs {
    /// The job's address.
    #[arg(value_parser = parse_key)]
    job: Key,
    /// How long to wait for the deadlines; a public network's are hours.
    #[arg(long, default_value_t = 120)]
    wait_secs: u64,
    /// Do not cash vouchers that their providers have not cashed in time.
    #[arg(long)]
    no_settle: bool,
}

/// Closes the job.
pub async fn run(args: CloseArgs, settings: &Settings) -> Result<(), Error> {
    let money = settings.money()?;
    let requester = requesting::connect(settings, None).await?;
    let job = Pubkey::new_from_array(args.job);
    let options = CloseOptions { settle_for_providers: !args.no_settle, timeout: Duration::from_secs(args.wait_secs) };
    let mut note = |sent: &mira_requester::Sent| settings.output.note(&format!("{}: {}", sent.what, sent.signature));
    let closed = requester.close(job, &options, &CancellationToken::new(), &mut note).await?;
    let document = json!({ "job": job.to_string(), "funded": closed.funded.to_string(), "paid": closed.paid.to_string(),
        "refunded": closed.refunded.to_string(), "transactions": closed.transactions.len() });
    settings.output.print(&document, || {
        let (funded, paid, refunded) =
            (money.payment(closed.funded), money.payment(closed.paid), money.payment(closed.refunded));
        format!("closed; of {funded} funded, {paid} were paid and {refunded} came back")
    })
}
