//! Audits: have accepted results computed again by others, and show what came of it.

pub mod run;
pub mod show;

use std::process::ExitCode;

use clap::Subcommand;

use crate::{error::Error, settings::Settings};

/// What is done about audits.
#[derive(Subcommand)]
pub enum AuditCommand {
    /// Draw accepted results, have other operators run them again, pay for that, and keep the verdicts.
    Run(run::RunArgs),
    /// Show audits with every run: the evidence for a dispute.
    Show(show::ShowArgs),
}

/// Runs the command.
pub async fn run(command: AuditCommand, settings: &Settings) -> Result<ExitCode, Error> {
    match command {
        AuditCommand::Run(args) => run::run(args, settings).await,
        AuditCommand::Show(args) => show::run(args, settings).await.map(|()| ExitCode::SUCCESS),
    }
}
