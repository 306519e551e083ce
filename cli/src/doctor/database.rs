//! The database: its tables, its disk, how far its index is, and who dispatches.

use std::path::Path;

use mira_indexer::STREAM;
use mira_store::{Inspection, Store, inspect};

use super::Problem;

const MIB: u64 = 1 << 20;

/// It can be reached, and its tables are those of this version. Nothing is changed.
pub async fn tables(url: &str) -> Result<Inspection, Problem> {
    inspect(url)
        .await
        .map_err(|error| Problem::new(error.to_string(), "check --database; an index is made by `mira indexer`"))
}

/// What the tables are compared with this version's.
pub fn current(found: &Inspection) -> Result<String, Problem> {
    let Inspection { engine, applied, newest, .. } = found;
    if applied == newest {
        return Ok(format!("{engine}, migration {applied}"));
    }
    let what = format!("{engine} is at migration {applied}, this version has {newest}");
    let todo = if applied < newest {
        "back it up, then start the indexer or the API: they bring the tables up to date"
    } else {
        "this version is older than the database: install the newer one"
    };
    Err(Problem::new(what, todo))
}

/// The disk of a database that is a file has room; that of a server cannot be seen from here.
pub fn disk(found: &Inspection, least_mib: u64) -> Result<String, Problem> {
    let Some(file) = &found.file else {
        return Ok("the server's own: watch it there".to_owned());
    };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let unseen = |error| Problem::new(format!("the room at {} is not known: {error}", folder.display()), "look there");
    let stat = rustix::fs::statvfs(folder).map_err(unseen)?;
    let free_mib = stat.f_bavail.saturating_mul(stat.f_frsize) / MIB;
    if free_mib >= least_mib {
        return Ok(format!("{free_mib} MiB left at {}", folder.display()));
    }
    let what = format!("{free_mib} MiB left at {}, {least_mib} should be", folder.display());
    Err(Problem::new(what, "free space there, or run `mira prune`; nothing is lost when it is full, but writing stops"))
}

/// The index follows finality to within so many slots.
pub async fn index(store: &dyn Store, finalized: Option<u64>, most_slots: u64) -> Result<String, Problem> {
    let unread = |error: mira_store::Error| Problem::new(error.to_string(), "check the database");
    let cursor = store.cursor(STREAM).await.map_err(unread)?;
    let Some(slot) = cursor.and_then(|cursor| cursor.slot) else {
        return Err(Problem::new("nothing is indexed yet", "start `mira indexer` on it"));
    };
    let Some(finalized) = finalized else {
        return Err(Problem::new(
            format!("at slot {slot}, and no endpoint says how far the chain is"),
            "see `endpoints`",
        ));
    };
    let lag = finalized.saturating_sub(slot);
    if lag <= most_slots {
        return Ok(format!("at slot {slot}, {lag} behind finality"));
    }
    let what = format!("at slot {slot}, {lag} slots behind finality, {most_slots} are allowed");
    Err(Problem::new(what, "see that `mira indexer` runs, and what it says why its cursor stands still"))
}

/// Who holds the dispatch log. Nobody is well, too: an index needs no dispatcher.
pub async fn dispatch(store: &dyn Store) -> Result<String, Problem> {
    let row = store.dispatcher().await.map_err(|error| Problem::new(error.to_string(), "check the database"))?;
    Ok(match row {
        None => "nobody has dispatched on it yet".to_owned(),
        Some(row) if row.beat.is_none() => format!("nobody holds the log, {} inputs", row.seq),
        Some(row) => format!("held by {} by fence {}, {} inputs", row.holder, row.fence, row.seq),
    })
}
