//! One command a file; each says what it promises, takes its arguments, checks them before anything
//! is sent, and prints one answer.

pub mod api;
pub mod audit;
pub mod backup;
pub mod demo;
pub mod doctor;
pub mod epoch;
pub mod explain;
pub mod faucet;
pub mod indexer;
pub mod job;
pub mod prove_gaps;
pub mod provider;
pub mod prune;
pub mod rebuild;
pub mod reconcile;
pub mod replay;
pub mod restore;
pub mod up;

use std::process::ExitCode;

use crate::{
    args::{Cli, Command},
    error::Error,
    settings::Settings,
};

/// Runs the command.
pub async fn run(cli: Cli) -> Result<ExitCode, Error> {
    let settings = Settings::resolve(&cli.global)?;
    match cli.command {
        Command::Audit(command) => return audit::run(command, &settings).await,
        Command::Demo(args) => return demo::run(args, &settings).await,
        Command::Doctor(args) => return doctor::run(args, &settings).await,
        Command::Epoch(command) => return epoch::run(command, &settings).await,
        Command::Explain(args) => return explain::run(args, &settings).await,
        Command::Rebuild(args) => return rebuild::run(args, &settings).await,
        Command::Reconcile(args) => return reconcile::run(args, &settings).await,
        Command::Replay(args) => return replay::run(args, &settings).await,
        Command::ProveGaps(args) => return prove_gaps::run(args, &settings).await,
        Command::Up(args) => up::run(args, &settings).await?,
        Command::Faucet(args) => faucet::run(args, &settings).await?,
        Command::Provider(command) => provider::run(command, &settings).await?,
        Command::Job(command) => job::run(command, &settings).await?,
        Command::Indexer(args) => indexer::run(args, &settings).await?,
        Command::Api(args) => api::run(args, &settings).await?,
        Command::Backup(args) => backup::run(args, &settings).await?,
        Command::Restore(args) => restore::run(args, &settings).await?,
        Command::Prune(args) => prune::run(args, &settings).await?,
    }
    Ok(ExitCode::SUCCESS)
}
