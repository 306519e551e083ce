//! Offer compute: register, stake, run, withdraw.

pub mod register;
pub mod run;
pub mod show;
pub mod stake;
pub mod unstake;
pub mod withdraw;

use clap::Subcommand;

use crate::{error::Error, settings::Settings};

/// What a provider does.
#[derive(Subcommand)]
pub enum ProviderCommand {
    /// Create the provider that the keypair owns.
    Register(register::RegisterArgs),
    /// Add stake to a provider.
    Stake(stake::StakeArgs),
    /// Begin to take stake out; it is locked until it has unbonded.
    Unstake(unstake::UnstakeArgs),
    /// Take out stake that has unbonded.
    Withdraw(withdraw::WithdrawArgs),
    /// Run a node that serves work.
    Run(run::RunArgs),
    /// Show a provider.
    Show(show::ShowArgs),
}

/// Runs the command.
pub async fn run(command: ProviderCommand, settings: &Settings) -> Result<(), Error> {
    match command {
        ProviderCommand::Register(args) => register::run(args, settings).await,
        ProviderCommand::Stake(args) => stake::run(args, settings).await,
        ProviderCommand::Unstake(args) => unstake::run(args, settings).await,
        ProviderCommand::Withdraw(args) => withdraw::run(args, settings).await,
        ProviderCommand::Run(args) => run::run(args, settings).await,
        ProviderCommand::Show(args) => show::run(args, settings).await,
    }
}
