//! `mira job cancel`: takes no more leases; what was vouched is still paid.

use clap::Args;
use mira_core::Key;
use serde_json::json;
use solana_sdk::pubkey::Pubkey;

use crate::{
    error::Error,
    requesting,
    settings::{Settings, parse_key},
};

/// Arguments of `mira job cancel`.
#[derive(Args)]
pub struct CancelArgs {
    /// The job's address.
    #[arg(value_parser = parse_key)]
    job: Key,
}

/// Cancels the job.
pub async fn run(args: CancelArgs, settings: &Settings) -> Result<(), Error> {
    let requester = requesting::connect(settings, None).await?;
    let job = Pubkey::new_from_array(args.job);
    let sent = requester.cancel(job).await?;
    let signatures: Vec<String> = sent.iter().map(|sent| sent.signature.to_string()).collect();
    let document = json!({ "job": job.to_string(), "already_closing": sent.is_empty(), "signatures": signatures });
    settings.output.print(&document, || match sent.is_empty() {
        true => format!("job {job} is closing already; next: mira job close {job}"),
        false => format!("job {job} takes no more leases; next: mira job close {job}"),
    })
}
