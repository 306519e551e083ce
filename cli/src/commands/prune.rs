//! `mira prune`: lets go of what is old and not needed any more. See docs/runbooks/retention.md.

use clap::Args;
use mira_indexer::prune::{self, Keep, Pruned};
use mira_wire::{Time, clock};
use serde_json::{Value, json};

use crate::{error::Error, settings::Settings};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Arguments of `mira prune`. What is not named is kept for ever.
#[derive(Args)]
pub struct PruneArgs {
    /// The index: sqlite:PATH or postgres://….
    #[arg(long, env = "MIRA_DATABASE", value_name = "URL")]
    database: String,
    /// Keep the rows of so many slots; older ones are proven once more and compacted to a horizon. A cluster has
    /// some 216,000 a day.
    #[arg(long, value_name = "SLOTS")]
    keep_slots: Option<u64>,
    /// Keep the reconciliation runs of so many days, and always the newest.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16))]
    keep_recon_days: Option<u16>,
    /// Keep requests that count once for so many hours: a day at least, because clients may try again for so long.
    #[arg(long, value_name = "HOURS", value_parser = clap::value_parser!(u16).range(24..))]
    keep_requests_hours: Option<u16>,
}

/// Prunes beside an indexer and an API, or without them.
pub async fn run(args: PruneArgs, settings: &Settings) -> Result<(), Error> {
    let keep = Keep {
        slots: args.keep_slots,
        recon_ms: args.keep_recon_days.map(|days| i64::from(days) * DAY_MS),
        requests_ms: args.keep_requests_hours.map(|hours| i64::from(hours) * HOUR_MS),
    };
    if keep == Keep::default() {
        let help = "give --keep-slots, --keep-recon-days or --keep-requests-hours; what is not named is kept";
        return Err(Error::Missing { what: "what to prune", help });
    }
    let failed = |error: mira_store::Error| Error::failed("opening the database", error);
    mira_store::inspect(&args.database).await.map_err(failed)?;
    let store = mira_store::open(&args.database).await.map_err(failed)?;
    let now_ms = Time::from_unsigned_ms(clock::now_ms()).ms();
    let pruned = prune::prune(&*store, &keep, now_ms).await.map_err(|error| Error::failed("pruning", error))?;
    store.close().await;
    settings.output.print(&document(&pruned), || display(&pruned))
}

fn document(pruned: &Pruned) -> Value {
    json!({
        "ok": true,
        "slots": pruned.slots,
        "horizon": pruned.horizon.as_ref().map(|horizon| horizon.slot),
        "compacted": pruned.horizon.as_ref().map_or(0, |horizon| horizon.slots),
        "held": pruned.held,
        "runs": pruned.runs,
        "requests": pruned.requests,
    })
}

fn display(pruned: &Pruned) -> String {
    let Pruned { slots, horizon, held, runs, requests } = pruned;
    let mut lines =
        vec![format!("{slots} slots compacted, {runs} reconciliation runs and {requests} requests deleted")];
    if let Some(horizon) = horizon {
        lines.push(format!("slots are recorded from {} on; {} below it were proven", horizon.slot, horizon.slots));
    }
    lines.extend(held.clone());
    lines.join("\n")
}
