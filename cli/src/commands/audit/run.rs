//! `mira audit run`: draws accepted results, has others run them again, and keeps the verdicts.
//!
//! The exit status is that of a monitor: it fails when a result is found to be wrong.

use std::{process::ExitCode, time::Duration};

use clap::Args;
use mira_indexer::audit::State;
use mira_wire::KeyStr;
use serde_json::{Value, json};

use crate::{
    audit::{self, Audited, Options, Report},
    error::Error,
    output, requesting,
    settings::Settings,
};

/// The largest seed: what a column of the database holds.
const MAX_SEED: u64 = i64::MAX.unsigned_abs();

/// Arguments of `mira audit run`.
#[derive(Args)]
pub struct RunArgs {
    /// The index, where the verdicts are kept: sqlite:PATH or postgres://….
    #[arg(long, env = "MIRA_DATABASE", value_name = "URL")]
    database: String,
    /// Decides which results are drawn. Choose it when they are in: who knows it before knows what is looked at.
    #[arg(long, value_parser = clap::value_parser!(u64).range(..=MAX_SEED))]
    seed: u64,
    /// The most results to draw in this run.
    #[arg(long, default_value_t = 16)]
    limit: u16,
    /// How long to wait for one run of one shard; it is taken up by the next `mira audit run`.
    #[arg(long, default_value_t = 120, value_name = "SECS")]
    patience_secs: u64,
    /// The deadline of audit jobs.
    #[arg(long, default_value_t = 600, value_name = "SECS", value_parser = clap::value_parser!(u32).range(1..))]
    deadline_secs: u32,
    /// How long to wait at the end for the escrow of audit jobs; a public network's deadlines are hours, and the
    /// next run tries again.
    #[arg(long, default_value_t = 60, value_name = "SECS")]
    closing_secs: u64,
}

/// Audits; the exit status says whether all results were right.
pub async fn run(args: RunArgs, settings: &Settings) -> Result<ExitCode, Error> {
    let requester = requesting::connect(settings, None).await?;
    let store = mira_store::open(&args.database).await.map_err(|error| Error::failed("opening the database", error))?;
    let options = Options {
        seed: args.seed,
        limit: usize::from(args.limit),
        patience: Duration::from_secs(args.patience_secs),
        deadline_secs: args.deadline_secs,
        closing: Duration::from_secs(args.closing_secs),
    };
    let report = audit::run(&requester, &*store, options, settings.output).await;
    store.close().await;
    let report = report?;
    let wrong = report.audits.iter().filter(|audited| audited.row.wrong_lease.is_some()).count();
    settings.output.print(&document(&report, args.seed, wrong), || display(&report, wrong))?;
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How many audits are in each state.
fn counts(report: &Report) -> impl Iterator<Item = (&'static str, usize)> {
    State::ALL.iter().map(|state| {
        let count = report.audits.iter().filter(|audited| audited.row.state == *state).count();
        (state.as_str(), count)
    })
}

fn document(report: &Report, seed: u64, wrong: usize) -> Value {
    let audit = |audited: &Audited| {
        let row = &audited.row;
        json!({ "job": KeyStr(row.job), "shard": row.shard, "lease": KeyStr(row.lease), "provider": KeyStr(row.provider),
            "state": row.state.as_str(), "wrong_lease": row.wrong_lease.map(KeyStr),
            "wrong_provider": row.wrong_provider.map(KeyStr), "rate_bps": row.rate.get(), "waits": audited.waits })
    };
    json!({
        "ok": wrong == 0,
        "seed": seed,
        "results": report.results,
        "drawn": report.drawn,
        "states": counts(report).map(|(state, count)| (state.to_owned(), json!(count))).collect::<serde_json::Map<_, _>>(),
        "audits": report.audits.iter().map(audit).collect::<Vec<_>>(),
        "closed": report.closed,
        "refunded": report.refunded.to_string(),
        "closing": report.closing,
    })
}

fn display(report: &Report, wrong: usize) -> String {
    let line = |audited: &Audited| {
        let row = &audited.row;
        let who = row.wrong_provider.map_or_else(|| "-".to_owned(), |key| KeyStr(key).to_string());
        let waits = audited.waits.clone().unwrap_or_default();
        [KeyStr(row.job).to_string(), row.shard.to_string(), row.state.as_str().to_owned(), who, waits]
    };
    let table = output::table(["JOB", "SHARD", "STATE", "WRONG", "WAITS FOR"], report.audits.iter().map(line));
    let counts: Vec<String> =
        counts(report).filter(|(_, count)| *count > 0).map(|(state, count)| format!("{count} {state}")).collect();
    let verdict = match wrong {
        0 => "no result is shown to be wrong".to_owned(),
        count => format!("{count} RESULTS ARE WRONG: mira audit show has the evidence"),
    };
    format!(
        "{table}\n\n{} of {} results drawn; {}; {verdict}\n{} audit jobs closed, {} base units came back, {} to close later",
        report.drawn,
        report.results,
        if counts.is_empty() { "nothing to audit".to_owned() } else { counts.join(", ") },
        report.closed,
        report.refunded,
        report.closing
    )
}
