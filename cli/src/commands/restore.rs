//! `mira restore`: an index from a backup, in a new database of either engine.
//!
//! The recorded ledger and the books come from the file, the projections are folded from the ledger, and their
//! hash must be the one that the file names. See docs/runbooks/backup.md.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use clap::Args;
use mira_indexer::restore::{self, Report};
use mira_wire::Time;
use serde_json::json;

use crate::{error::Error, settings::Settings};

/// What is read at once.
const BUFFER_BYTES: usize = 1 << 20;

/// Arguments of `mira restore`.
#[derive(Args)]
pub struct RestoreArgs {
    /// The new database: sqlite:PATH or postgres://…. It must be empty.
    #[arg(long, env = "MIRA_DATABASE", value_name = "URL")]
    database: String,
    /// The file that `mira backup` wrote.
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
}

/// Restores; an indexer can then go on from the cursor.
pub async fn run(args: RestoreArgs, settings: &Settings) -> Result<(), Error> {
    let file = File::open(&args.from).map_err(|source| Error::Read {
        path: args.from.clone(),
        help: "name the file that `mira backup` wrote".to_owned(),
        source,
    })?;
    let store = mira_store::open(&args.database).await.map_err(|error| Error::failed("opening the database", error))?;
    let mut from = BufReader::with_capacity(BUFFER_BYTES, file);
    let report = restore::restore(&*store, &mut from).await.map_err(|error| Error::failed("restoring", error))?;
    store.close().await;
    let Report { restored, events } = report;
    let state = hex::encode(restored.head.state_hash);
    let made_at = Time::from_ms(restored.head.made_ms).to_string();
    let document = json!({ "ok": true, "slot": restored.head.slot, "rows": restored.rows, "events": events,
        "made_at": made_at, "state_hash": state });
    settings.output.print(&document, || {
        format!(
            "{} rows of {made_at} restored, {events} events folded: the state is equal\nstate {state}",
            restored.rows
        )
    })
}
