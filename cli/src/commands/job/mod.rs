//! Get work done: quote, create, watch, fetch, close.

pub mod cancel;
pub mod close;
pub mod create;
pub mod quote;
pub mod result;
pub mod show;
pub mod watch;
pub mod why;

use clap::Subcommand;

use crate::{error::Error, settings::Settings};

/// What a requester does.
#[derive(Subcommand)]
pub enum JobCommand {
    /// Ask what a job would cost; nothing is sent to the chain.
    Quote(quote::QuoteArgs),
    /// Create, fund and place a job, then watch it until it is done.
    Create(create::CreateArgs),
    /// Watch a job: check its results and sign vouchers until it is done.
    Watch(watch::WatchArgs),
    /// Fetch a finished job's result.
    Result(result::ResultArgs),
    /// Stop a job: close its leases and take no more results.
    Cancel(cancel::CancelArgs),
    /// Close a job whose leases have ended, and take back what is left.
    Close(close::CloseArgs),
    /// Show a job.
    Show(show::ShowArgs),
    /// Say why a job has the leases it has, or waits for them.
    Why(why::WhyArgs),
}

/// Runs the command.
pub async fn run(command: JobCommand, settings: &Settings) -> Result<(), Error> {
    match command {
        JobCommand::Quote(args) => quote::run(args, settings).await,
        JobCommand::Create(args) => create::run(args, settings).await,
        JobCommand::Watch(args) => watch::run(args, settings).await,
        JobCommand::Result(args) => result::run(args, settings).await,
        JobCommand::Cancel(args) => cancel::run(args, settings).await,
        JobCommand::Close(args) => close::run(args, settings).await,
        JobCommand::Show(args) => show::run(args, settings).await,
        JobCommand::Why(args) => why::run(args, settings).await,
    }
}
