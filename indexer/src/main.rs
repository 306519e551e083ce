//! `mira-indexer`: the indexer alone, for operators who run each service by itself.
//!
//! Same code as `mira indexer`; logs go to standard error. Exits with status 1 when the database
//! cannot be opened, and runs until SIGINT or SIGTERM otherwise: a stopped cursor is reported, not
//! an exit.

use std::process::ExitCode;

use clap::Parser;
use mira_indexer::process;
use tracing_subscriber::EnvFilter;

/// Follows what is finalized on the chain and keeps the network's tables.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Cli {
    #[command(flatten)]
    args: process::Args,
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match process::run(Cli::parse().args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}
