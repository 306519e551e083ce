//! Reward epochs: sweep, build, verify, approve, finalize, claim.

pub mod approve;
pub mod build;
pub mod claim;
pub mod finalize;
pub mod sweep;
pub mod verify;

use std::{path::Path, process::ExitCode, sync::Arc};

use clap::Subcommand;
use mira_chain::pda;
use mira_indexer::epoch::{self, Bundle, Report};
use mira_store::Store;

use crate::{chain::Chain, error::Error, files, settings::Settings};

/// What happens to an epoch.
#[derive(Subcommand)]
pub enum EpochCommand {
    /// Move the fees of all shards to the reward vault, where epochs count them; anyone may.
    Sweep(sweep::SweepArgs),
    /// Fold the index into the bundle of the next epoch.
    Build(build::BuildArgs),
    /// Recompute a bundle and say which lines differ.
    Verify(verify::VerifyArgs),
    /// Approve a bundle's epoch as a reward authority.
    Approve(approve::ApproveArgs),
    /// Make the approved epoch final, when its challenge window is over; anyone may.
    Finalize(finalize::FinalizeArgs),
    /// Pay providers what a final epoch's bundle holds for them; anyone may.
    Claim(claim::ClaimArgs),
}

/// Runs the command.
pub async fn run(command: EpochCommand, settings: &Settings) -> Result<ExitCode, Error> {
    match command {
        EpochCommand::Sweep(args) => sweep::run(args, settings).await?,
        EpochCommand::Build(args) => build::run(args, settings).await?,
        EpochCommand::Verify(args) => return verify::run(args, settings).await,
        EpochCommand::Approve(args) => approve::run(args, settings).await?,
        EpochCommand::Finalize(args) => finalize::run(args, settings).await?,
        EpochCommand::Claim(args) => return claim::run(args, settings).await,
    }
    Ok(ExitCode::SUCCESS)
}

async fn open(database: &str) -> Result<Arc<dyn Store>, Error> {
    mira_store::open(database).await.map_err(|error| Error::failed("opening the database", error))
}

/// A bundle, whatever it says.
fn load(path: &Path) -> Result<Bundle, Error> {
    Bundle::from_json(&files::read(path)?).map_err(|error| malformed(path, error))
}

/// A bundle that follows from its own inputs, and the report that it stands for.
fn sound(path: &Path) -> Result<(Bundle, Report), Error> {
    let bundle = load(path)?;
    if let Some(difference) = epoch::alone(&bundle).map_err(|error| malformed(path, error))?.first() {
        return Err(malformed(path, difference));
    }
    let inputs = bundle.inputs().map_err(|error| malformed(path, error))?;
    let report = epoch::fold(&inputs).map_err(|error| malformed(path, error))?;
    Ok((bundle, report))
}

fn malformed(path: &Path, reason: impl std::fmt::Display) -> Error {
    let help = "build it with `mira epoch build`, or get it anew from where it was published; \
                `mira epoch verify` names every line that differs";
    Error::Malformed { path: path.to_path_buf(), reason: reason.to_string(), help: help.to_owned() }
}

/// A report of another network must not be sent to this one.
fn require_network(report: &Report, chain: &Chain) -> Result<(), Error> {
    let here = (pda::PROGRAM_ID.to_bytes(), pda::config().to_bytes(), chain.config().cluster_id);
    if (report.header.program, report.header.network, report.header.cluster) == here {
        return Ok(());
    }
    Err(Error::invalid("the bundle is of another network", "give its cluster with --url"))
}
