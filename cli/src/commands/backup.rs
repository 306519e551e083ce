//! `mira backup`: everything that the chain cannot give again, in one file that either engine restores.
//!
//! The file gets its name only when it is whole and on the disk. What to do with it: docs/runbooks/backup.md.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use clap::Args;
use mira_indexer::STREAM;
use mira_store::model::BackedUp;
use mira_wire::{Time, clock};
use serde_json::json;
use tempfile::NamedTempFile;

use crate::{error::Error, settings::Settings};

/// What is written at once.
const BUFFER_BYTES: usize = 1 << 20;

/// Arguments of `mira backup`.
#[derive(Args)]
pub struct BackupArgs {
    /// The index: sqlite:PATH or postgres://….
    #[arg(long, env = "MIRA_DATABASE", value_name = "URL")]
    database: String,
    /// The file to write. One that exists is never written over.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// Backs up in one snapshot, while an indexer and an API may be running.
pub async fn run(args: BackupArgs, settings: &Settings) -> Result<(), Error> {
    if args.to.exists() {
        let message = format!("{} exists already", args.to.display());
        return Err(Error::invalid(message, "name a new file, by the date for example; keep more than one"));
    }
    let failed = |error: mira_store::Error| Error::failed("backing up", error);
    // Opening a database makes it if it is missing; a backup of nothing helps nobody.
    mira_store::inspect(&args.database).await.map_err(failed)?;
    let store = mira_store::open(&args.database).await.map_err(failed)?;
    let (mut file, folder) = begin(&args.to)?;
    let mut buffer = BufWriter::with_capacity(BUFFER_BYTES, file.as_file_mut());
    let made = store.back_up(STREAM, Time::from_unsigned_ms(clock::now_ms()).ms(), &mut buffer).await;
    let made = made.map_err(failed)?;
    drop(buffer);
    if made.rows == 0 {
        return Err(Error::invalid("the database is empty: there is nothing to back up", "check --database"));
    }
    finish(file, &folder, &args.to)?;
    let BackedUp { head, bytes, rows } = made;
    let state = hex::encode(head.state_hash);
    let document = json!({ "ok": true, "file": args.to, "bytes": bytes, "rows": rows, "slot": head.slot,
        "made_at": Time::from_ms(head.made_ms).to_string(), "schema": head.schema, "state_hash": state });
    settings.output.print(&document, || {
        let slot = head.slot.map_or_else(|| "before the first slot".to_owned(), |slot| format!("at slot {slot}"));
        format!("{rows} rows, {bytes} bytes, {slot}\nstate {state}\n{}", args.to.display())
    })
}

/// A file without a name yet, in the folder of the one to be.
fn begin(to: &Path) -> Result<(NamedTempFile, PathBuf), Error> {
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = NamedTempFile::new_in(folder);
    let file = file.map_err(|source| Error::Write { path: to.to_path_buf(), source })?;
    Ok((file, folder.to_path_buf()))
}

/// Waits for the disk and gives the file its name, which it must be the first to have.
fn finish(file: NamedTempFile, folder: &Path, to: &Path) -> Result<(), Error> {
    let failed = |source| Error::Write { path: to.to_path_buf(), source };
    file.as_file().sync_all().map_err(failed)?;
    file.persist_noclobber(to).map_err(|error| failed(error.error))?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}
