//! `mira epoch build`: folds an index into the bundle of the epoch that follows the last final one.

use std::path::PathBuf;

use clap::Args;
use mira_core::hash::Sha2;
use mira_indexer::epoch::{self, Bundle};
use serde_json::json;

use super::{load, open};
use crate::{error::Error, files, output, settings::Settings};

/// Arguments of `mira epoch build`.
#[derive(Args)]
pub struct BuildArgs {
    /// The index, with the usage reports: sqlite:PATH or postgres://….
    #[arg(long, env = "MIRA_DATABASE", value_name = "URL")]
    database: String,
    /// Where the bundle goes.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The bundle of the last final epoch; there is none before the first.
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,
    /// The finalized slot up to which everything counts; the last one indexed when left out.
    #[arg(long)]
    slot: Option<u64>,
}

/// Builds the bundle.
pub async fn run(args: BuildArgs, settings: &Settings) -> Result<(), Error> {
    let previous = args.previous.as_deref().map(load).transpose()?;
    let store = open(&args.database).await?;
    let built = epoch::build(&*store, args.slot, previous.as_ref()).await;
    store.close().await;
    let bundle = built.map_err(|error| Error::failed("building the epoch", error))?;
    let text = bundle.to_json().map_err(|error| Error::failed("writing the bundle", error))?;
    files::write(&args.out, text.as_bytes())?;
    print(&bundle, &args, settings)
}

fn print(bundle: &Bundle, args: &BuildArgs, settings: &Settings) -> Result<(), Error> {
    let (doc, digest) = (&bundle.epoch, hex::encode(bundle.epoch().digest::<Sha2>()));
    let fields = [
        ("epoch", doc.index.to_string()),
        ("slot", doc.slot.to_string()),
        ("leases", bundle.leases.len().to_string()),
        ("providers", bundle.providers.len().to_string()),
        ("swept", doc.swept.to_string()),
        ("cumulative_fees", doc.cumulative_fees.to_string()),
        ("cumulative_total", doc.cumulative_total.to_string()),
        ("to_treasury", doc.to_treasury.to_string()),
        ("root", doc.root.to_string()),
        ("report_hash", doc.report_hash.to_string()),
        ("digest", digest),
        ("file", args.out.display().to_string()),
    ];
    let document = fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    settings.output.print(&serde_json::Value::Object(document), || output::fields(fields))
}
