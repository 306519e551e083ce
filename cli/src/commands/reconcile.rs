//! `mira reconcile`: what providers reported, requesters vouchered and the chain settled, lease by lease.
//!
//! The exit status is that of a monitor: it fails when an exception lasts as long as `--tolerate` says or
//! longer. What an open lease has on its way to a voucher or to the chain is pending, and what a lease has
//! that ended is closed: neither fails, however old. See `mira_indexer::reconcile`.

use std::process::ExitCode;

use clap::Args;
use mira_indexer::reconcile::{self, Class, Item, Report, age_ms};
use mira_wire::{KeyStr, Time, clock};
use serde_json::{Value, json};

use crate::{error::Error, output, settings::Settings};

/// Arguments of `mira reconcile`.
#[derive(Args)]
pub struct ReconcileArgs {
    /// The index: sqlite:PATH or postgres://….
    #[arg(long, env = "MIRA_DATABASE", value_name = "URL")]
    database: String,
    /// Look at one class only: what is listed, and what the exit status says.
    #[arg(long, value_parser = parse_class, value_name = "CLASS")]
    class: Option<Class>,
    /// The age in seconds from which an exception fails.
    #[arg(long, default_value_t = 0, value_name = "SECS")]
    tolerate: u64,
    /// Only compare: keep no run, from which later ones count ages on.
    #[arg(long)]
    dry_run: bool,
    /// Delete all but so many of the newest runs.
    #[arg(long, value_name = "RUNS", value_parser = clap::value_parser!(u64).range(1..), conflicts_with = "dry_run")]
    keep: Option<u64>,
}

fn parse_class(name: &str) -> Result<Class, String> {
    let names = || Class::ALL.iter().map(|class| class.as_str()).collect::<Vec<_>>().join(", ");
    Class::parse(name).ok_or_else(|| format!("not a class; the classes are {}", names()))
}

/// Compares the books; the exit status says whether an exception lasts.
pub async fn run(args: ReconcileArgs, settings: &Settings) -> Result<ExitCode, Error> {
    let failed = |error: mira_store::Error| Error::failed("reconciling", error);
    let store = mira_store::open(&args.database).await.map_err(|error| Error::failed("opening the database", error))?;
    let now_ms = Time::from_unsigned_ms(clock::now_ms()).ms();
    let mut report = match args.dry_run {
        true => reconcile::look(&*store, now_ms).await.map_err(failed)?,
        false => reconcile::run(&*store, now_ms).await.map_err(failed)?,
    };
    if let Some(keep) = args.keep {
        let before = report.run.run.saturating_add(1).saturating_sub(keep);
        store.forget_recon(before).await.map_err(failed)?;
    }
    if let Some(class) = args.class {
        report.items.retain(|item| item.class == class);
    }
    let lasting = report.lasting(args.tolerate.saturating_mul(1_000)).count();
    settings.output.print(&document(&report, &args, lasting), || display(&report, &args, lasting))?;
    Ok(if lasting == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The classes that are shown.
fn classes(args: &ReconcileArgs) -> impl Iterator<Item = Class> {
    let only = args.class;
    Class::ALL.iter().copied().filter(move |class| only.is_none_or(|only| only == *class))
}

fn document(report: &Report, args: &ReconcileArgs, lasting: usize) -> Value {
    let run = &report.run;
    let class = |class: Class| {
        let (count, amount) = report.total(class);
        json!({ "class": class.as_str(), "count": count, "amount": amount.to_string() })
    };
    let item = |item: &Item| {
        json!({ "lease": KeyStr(item.lease), "class": item.class.as_str(), "owner": item.owner.as_str(),
            "state": item.state.as_str(), "amount": item.amount.get().to_string(),
            "since": Time::from_ms(item.since_ms), "age_secs": age_ms(item, run.at_ms) / 1_000 })
    };
    json!({
        "ok": lasting == 0,
        "lasting": lasting,
        "tolerate_secs": args.tolerate,
        "run": (!args.dry_run).then_some(run.run),
        "at": Time::from_ms(run.at_ms),
        "slot": run.slot,
        "leases": run.leases,
        "matched": run.matched.to_string(),
        "eligible": run.eligible.to_string(),
        "eligible_fees": run.eligible_fees.to_string(),
        "classes": classes(args).map(class).collect::<Vec<_>>(),
        "items": report.items.iter().map(item).collect::<Vec<_>>(),
    })
}

fn display(report: &Report, args: &ReconcileArgs, lasting: usize) -> String {
    let run = &report.run;
    let class = |class: Class| {
        let (count, amount) = report.total(class);
        [class.as_str().to_owned(), count.to_string(), amount.to_string()]
    };
    let item = |item: &Item| {
        let age = format!("{} s", age_ms(item, run.at_ms) / 1_000);
        let (class, owner, state) = (item.class.as_str(), item.owner.as_str(), item.state.as_str());
        [KeyStr(item.lease).to_string(), class.into(), owner.into(), state.into(), item.amount.to_string(), age]
    };
    let mut text = output::table(["CLASS", "COUNT", "BASE UNITS"], classes(args).map(class));
    if !report.items.is_empty() {
        let head = ["LEASE", "CLASS", "OWNER", "STATE", "BASE UNITS", "AGE"];
        text = format!("{text}\n\n{}", output::table(head, report.items.iter().map(item)));
    }
    let verdict = match lasting {
        0 => "no exception lasts".to_owned(),
        count => format!("{count} EXCEPTIONS last {} s or longer", args.tolerate),
    };
    format!("{text}\n\n{} leases: {} eligible, {} of fees; {verdict}", run.leases, run.eligible, run.eligible_fees)
}
