//! `mira job show`: one job with its leases and shards.

use clap::Args;
use mira_core::Key;
use mira_wire::{PageQuery, lease::LeasesQuery};
use serde_json::json;

use crate::{
    error::Error,
    settings::{Settings, parse_key},
    view,
};

/// Arguments of `mira job show`.
#[derive(Args)]
pub struct ShowArgs {
    /// The job's address.
    #[arg(value_parser = parse_key)]
    job: Key,
}

/// Shows the job.
pub async fn run(args: ShowArgs, settings: &Settings) -> Result<(), Error> {
    let api = settings.api()?;
    let money = settings.money()?;
    let job = api.job(args.job.into()).await?;
    let leases = api.job_leases(args.job.into(), &LeasesQuery::default()).await?;
    // A job that was never placed has no shards yet; its books are worth showing all the same.
    let shards = api.job_shards(args.job.into(), &PageQuery::default()).await.ok();
    let document = json!({
        "context": job.context,
        "job": job.data,
        "leases": leases.data,
        "shards": shards.as_ref().map(|shards| &shards.data),
    });
    settings
        .output
        .print(&document, || view::job(&job.data, &leases.data, shards.as_ref().map(|shards| &shards.data), money))
}
