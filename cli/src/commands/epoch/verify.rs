//! `mira epoch verify`: recomputes a bundle from itself, and from an index and the bundle before it if
//! they are given, and says which lines differ.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use mira_indexer::epoch::{self, Difference};
use serde_json::{Value, json};

use super::{load, malformed, open};
use crate::{error::Error, settings::Settings};

/// Arguments of `mira epoch verify`.
#[derive(Args)]
pub struct VerifyArgs {
    /// The bundle.
    file: PathBuf,
    /// An index, with the usage reports, to recompute it from: sqlite:PATH or postgres://….
    #[arg(long, env = "MIRA_DATABASE", value_name = "URL")]
    database: Option<String>,
    /// The bundle of the epoch before, to hold what came before against.
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,
}

/// Verifies; the exit status says whether everything is the same.
pub async fn run(args: VerifyArgs, settings: &Settings) -> Result<ExitCode, Error> {
    let bundle = load(&args.file)?;
    let mut found: Vec<(&str, Difference)> = Vec::new();
    let mut checked = vec!["bundle"];
    let own = epoch::alone(&bundle).map_err(|error| malformed(&args.file, error))?;
    found.extend(own.into_iter().map(|difference| ("bundle", difference)));
    if let Some(previous) = &args.previous {
        checked.push("previous");
        let differences = epoch::against_previous(&bundle, &load(previous)?);
        let differences = differences.map_err(|error| malformed(&args.file, error))?;
        found.extend(differences.into_iter().map(|difference| ("previous", difference)));
    }
    if let Some(database) = &args.database {
        checked.push("ledger");
        let store = open(database).await?;
        let differences = epoch::against_ledger(&bundle, &*store).await;
        store.close().await;
        let differences = differences.map_err(|error| Error::failed("recomputing from the ledger", error))?;
        found.extend(differences.into_iter().map(|difference| ("ledger", difference)));
    }
    let ok = found.is_empty();
    let differences: Vec<Value> = found.iter().map(|(by, difference)| document(by, difference)).collect();
    let report_hash = bundle.epoch.report_hash.to_string();
    let index = bundle.epoch.index.to_string();
    let document = json!({ "ok": ok, "epoch": index, "report_hash": report_hash, "leases": bundle.leases.len(),
        "providers": bundle.providers.len(), "checked": checked, "differences": differences });
    settings.output.print(&document, || {
        let verdict = if ok { "equal" } else { "DIFFERENT" };
        let head = format!("epoch {index}, recomputed from {}: {verdict}", checked.join(", "));
        let lines = found.iter().map(|(by, difference)| format!("{difference} ({by})"));
        std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n")
    })?;
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn document(by: &str, difference: &Difference) -> Value {
    let Difference { line, field, bundle, recomputed } = difference;
    json!({ "by": by, "line": line, "field": field, "bundle": bundle, "recomputed": recomputed })
}
