//! The command line's shape. Flags and configuration follow the Solana CLI.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use solana_commitment_config::CommitmentLevel;

use crate::commands;

/// Run, watch and use a Mira network.
#[derive(Parser)]
#[command(name = "mira", version, about, propagate_version = true)]
pub struct Cli {
    /// Flags that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags that every command takes.
#[derive(Args, Clone, Default)]
pub struct Global {
    /// The cluster's JSON-RPC URL, or a moniker: mainnet-beta, testnet, devnet, localhost.
    #[arg(short = 'u', long, global = true, value_name = "URL_OR_MONIKER")]
    pub url: Option<String>,
    /// The keypair that signs and pays.
    #[arg(short = 'k', long, global = true, value_name = "FILE")]
    pub keypair: Option<PathBuf>,
    /// How final the chain's answers must be.
    #[arg(long, global = true, value_enum)]
    pub commitment: Option<Commitment>,
    /// The Mira API's URL.
    #[arg(long, global = true, value_name = "URL")]
    pub api: Option<String>,
    /// The network's file, as `mira up` writes it.
    #[arg(short = 'n', long, global = true, env = "MIRA_NETWORK", value_name = "FILE")]
    pub network: Option<PathBuf>,
    /// The Solana CLI's configuration file.
    #[arg(short = 'C', long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The form of what is printed.
    #[arg(long, global = true, value_enum, default_value_t)]
    pub output: Output,
    /// Print one JSON document; short for `--output json`.
    #[arg(long, global = true)]
    pub json: bool,
    /// Amounts are base units, not tokens.
    #[arg(long, global = true)]
    pub raw: bool,
}

/// How final the chain's answers must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Commitment {
    Confirmed,
    Finalized,
}

impl Commitment {
    /// The same in the chain's terms.
    pub fn level(self) -> CommitmentLevel {
        match self {
            Self::Confirmed => CommitmentLevel::Confirmed,
            Self::Finalized => CommitmentLevel::Finalized,
        }
    }
}

/// The form of what is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Output {
    #[default]
    Display,
    Json,
    JsonCompact,
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Run the whole network on this machine once, with real work, and check the books.
    Demo(commands::demo::DemoArgs),
    /// Run the whole network on this machine and keep it up for other terminals.
    Up(commands::up::UpArgs),
    /// Get tokens of a local network.
    Faucet(commands::faucet::FaucetArgs),
    /// Offer compute: register, stake, run, withdraw.
    #[command(subcommand)]
    Provider(commands::provider::ProviderCommand),
    /// Get work done: quote, create, watch, fetch, close.
    #[command(subcommand)]
    Job(commands::job::JobCommand),
    /// Say why a decision of a dispatcher was taken as it was, and verify it.
    Explain(commands::explain::ExplainArgs),
    /// Run an indexer.
    Indexer(mira_indexer::FollowArgs),
    /// Run an API with its dispatcher.
    Api(commands::api::ApiArgs),
    /// Fold the index anew from its ledger and compare.
    Rebuild(commands::rebuild::RebuildArgs),
    /// Take every decision of a dispatcher's log again and compare.
    Replay(commands::replay::ReplayArgs),
    /// Write everything that the chain cannot give again into a file.
    Backup(commands::backup::BackupArgs),
    /// Make an index from a backup, in a new database of either engine.
    Restore(commands::restore::RestoreArgs),
    /// Let go of what is old and not needed any more.
    Prune(commands::prune::PruneArgs),
    /// Prove from the index alone that nothing is missing from its ledger.
    ProveGaps(commands::prove_gaps::ProveGapsArgs),
    /// Hold what was reported, vouchered and settled against each other, lease by lease.
    Reconcile(commands::reconcile::ReconcileArgs),
    /// Audits: have accepted results computed again by others, and show what came of it.
    #[command(subcommand)]
    Audit(commands::audit::AuditCommand),
    /// Reward epochs: sweep, build, verify, approve, finalize, claim.
    #[command(subcommand)]
    Epoch(commands::epoch::EpochCommand),
    /// Check that everything this command needs can be reached and agrees.
    Doctor(commands::doctor::DoctorArgs),
}
