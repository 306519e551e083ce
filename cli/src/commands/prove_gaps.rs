//! `mira prove-gaps`: the proof from the store alone that nothing is missing from the ledger.

use std::process::ExitCode;

use clap::Args;
use mira_indexer::prove::{self, Hole, Report};
use mira_wire::Time;
use serde_json::{Value, json};

use crate::{error::Error, settings::Settings};

/// What to do about a hole. What was not recorded cannot be made up.
const HELP: &str = "restore a backup, or index again into an empty database from an endpoint that has the slots";

/// Arguments of `mira prove-gaps`.
#[derive(Args)]
pub struct ProveGapsArgs {
    /// The index: sqlite:PATH or postgres://….
    #[arg(long, env = "MIRA_DATABASE", value_name = "URL")]
    database: String,
}

/// Proves the ledger, beside an indexer or without one; the exit status says whether it is whole.
pub async fn run(args: ProveGapsArgs, settings: &Settings) -> Result<ExitCode, Error> {
    let store = mira_store::open(&args.database).await.map_err(|error| Error::failed("opening the database", error))?;
    let report = prove::prove(&*store).await.map_err(|error| Error::failed("proving the ledger", error))?;
    settings.output.print(&document(&report), || display(&report))?;
    Ok(if report.is_whole() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn document(report: &Report) -> Value {
    let hole = |hole: &Hole| json!({ "code": hole.code(), "detail": hole.to_string() });
    json!({
        "ok": report.is_whole(),
        "proof": proof(report),
        "first_slot": report.first,
        "cursor": report.cursor,
        "compacted": report.compacted.as_ref().map(|horizon| json!({
            "first_slot": horizon.first,
            "slots": horizon.slots,
            "skipped": horizon.skipped,
            "at": Time::from_ms(horizon.at_ms).to_string(),
        })),
        "slots": report.slots,
        "skipped": report.skipped,
        "events": report.events,
        "aggregates": report.aggregates,
        "holes": report.holes,
        "missing": report.named.iter().map(hole).collect::<Vec<_>>(),
    })
}

/// What shows that nothing is missing.
fn proof(report: &Report) -> &'static str {
    if report.linked { "parent links" } else { "seq continuity" }
}

fn display(report: &Report) -> String {
    let Report { slots, skipped, events, aggregates, holes, .. } = report;
    let reach = match (report.first, report.cursor) {
        (Some(first), Some(cursor)) => format!("slots {first} to {cursor}"),
        _ => "no slot".to_owned(),
    };
    let compacted = report.compacted.as_ref().map_or_else(String::new, |horizon| {
        let (first, last) = (horizon.first, horizon.slot.saturating_sub(1));
        format!("; slots {first} to {last} were proven before they were compacted ({} slots)", horizon.slots)
    });
    let figures = format!(
        "{reach}: {slots} recorded, {skipped} of them skipped; {events} events of {aggregates} aggregates{compacted}"
    );
    if report.is_whole() {
        return format!("{figures}: nothing is missing, by {}", proof(report));
    }
    let named: Vec<_> = report.named.iter().map(|hole| format!("  {}: {hole}", hole.code())).collect();
    format!("{figures}\n{holes} HOLES, the first:\n{}\n{HELP}", named.join("\n"))
}
