//! `mira rebuild`: folds the index anew from its own ledger and compares.

use std::process::ExitCode;

use clap::Args;
use mira_indexer::rebuild;
use serde_json::json;

use crate::{error::Error, settings::Settings};

/// Arguments of `mira rebuild`.
#[derive(Args)]
pub struct RebuildArgs {
    /// The index: sqlite:PATH or postgres://….
    #[arg(long, env = "MIRA_DATABASE", value_name = "URL")]
    database: String,
    /// Only compare; change nothing. May run beside an indexer.
    #[arg(long)]
    verify: bool,
}

/// Rebuilds or verifies; the exit status says whether both hashes agree.
pub async fn run(args: RebuildArgs, settings: &Settings) -> Result<ExitCode, Error> {
    let store = mira_store::open(&args.database).await.map_err(|error| Error::failed("opening the database", error))?;
    let report = if args.verify { rebuild::verify(&*store).await } else { rebuild::rebuild(&*store).await };
    let report = report.map_err(|error| Error::failed("rebuilding", error))?;
    let (live, rebuilt) = (hex::encode(report.live), hex::encode(report.rebuilt));
    let document = json!({ "ok": report.matches(), "slot": report.slot, "events": report.events,
        "state_hash": live, "rebuilt_hash": rebuilt });
    settings.output.print(&document, || {
        let verdict = if report.matches() { "equal" } else { "DIFFERENT" };
        format!("{} events folded: {verdict}\nstate   {live}\nrebuilt {rebuilt}", report.events)
    })?;
    Ok(if report.matches() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
