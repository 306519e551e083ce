//! `mira job quote`: what a job would cost; nothing is sent to the chain.

use clap::Args;
use serde_json::json;

use crate::{error::Error, execution, settings::Settings, view, work_args::WorkArgs};

/// Arguments of `mira job quote`.
#[derive(Args)]
pub struct QuoteArgs {
    #[command(flatten)]
    work: WorkArgs,
}

/// Quotes.
pub async fn run(args: QuoteArgs, settings: &Settings) -> Result<(), Error> {
    let submission = args.work.submission(execution::executor()?, settings).await?;
    let reply = settings.api()?.quote(&submission.quote_request()).await?;
    let money = settings.money()?;
    settings.output.print(&json!(reply), || view::quote(&reply.data, money))
}
