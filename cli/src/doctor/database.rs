//! The database: its tables, its disk, how far its index is, and who dispatches.

use std::path::Path;

use mira_dispatch::{replay, snapshot};
use mira_indexer::STREAM;
use mira_store::model::{DispatchInput, DispatchSnapshot};
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

/// Who holds the dispatch log, and from where a dispatcher would start. Nobody is well, too: an index needs no dispatcher.
pub async fn dispatch(store: &dyn Store) -> Result<String, Problem> {
    let unread = |error: mira_store::Error| Problem::new(error.to_string(), "check the database");
    let Some(row) = store.dispatcher().await.map_err(unread)? else {
        return Ok("nobody has dispatched on it yet".to_owned());
    };
    let first = store.dispatch_inputs(0, 1).await.map_err(unread)?.pop();
    let snapshots = store.dispatch_snapshots().await.map_err(unread)?;
    let begins = begins(first.as_ref(), &snapshots)?;
    Ok(match row.beat {
        None => format!("nobody holds the log, {} inputs, {begins}", row.seq),
        Some(_) => format!("held by {} by fence {}, {} inputs, {begins}", row.holder, row.fence, row.seq),
    })
}

/// From where a dispatcher of this version would start.
fn begins(first: Option<&DispatchInput>, snapshots: &[DispatchSnapshot]) -> Result<String, Problem> {
    let reads = |row: &&DispatchSnapshot| row.format == snapshot::FORMAT && row.version <= replay::FORMAT;
    let from = first.map_or(0, |first| first.seq);
    if let Some(row) = snapshots.iter().find(reads) {
        let (seq, kib) = (row.seq, row.bytes.div_ceil(1_024));
        return Ok(format!("those from {from} on kept; a start begins with the snapshot of {seq} ({kib} KiB)"));
    }
    if from > 1 && first.is_some_and(|first| first.version == replay::FORMAT) {
        let (count, format) = (snapshots.len(), snapshot::FORMAT);
        let what = format!("its log begins with input {from}, and of {count} snapshots none has format {format}");
        let todo = "start the version that wrote them, or restore a backup; `mira api --dispatch-begin-anew` gives the \
                    dispatcher's memory up";
        return Err(Problem::new(what, todo));
    }
    Ok("no snapshot yet".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(seq: u64, version: u32) -> DispatchInput {
        DispatchInput { seq, bytes: Vec::new(), version }
    }

    fn snapshot(seq: u64, format: u32) -> DispatchSnapshot {
        let (version, hash) = (replay::FORMAT, [0; 32]);
        DispatchSnapshot { seq, format, version, began_after: 0, bytes: 1_025, parts: 1, hash, created_ms: 0 }
    }

    #[test]
    fn where_a_dispatcher_would_start() {
        let (ours, format) = (replay::FORMAT, snapshot::FORMAT);
        let begins = |first: Option<DispatchInput>, snapshots: &[_]| {
            super::begins(first.as_ref(), snapshots).map_err(|problem| problem.what)
        };
        assert_eq!(begins(None, &[]), Ok("no snapshot yet".to_owned()));
        assert_eq!(begins(Some(input(1, ours)), &[snapshot(7, format + 1)]), Ok("no snapshot yet".to_owned()));
        let kept = [snapshot(9, format + 1), snapshot(7, format), snapshot(5, format)];
        let text = "those from 6 on kept; a start begins with the snapshot of 7 (2 KiB)";
        assert_eq!(begins(Some(input(6, ours)), &kept), Ok(text.to_owned()));
        let problem = begins(Some(input(6, ours)), &kept[..1]).unwrap_err();
        assert!(problem.contains("begins with input 6, and of 1 snapshots none has format"), "{problem}");
        assert!(begins(Some(input(6, ours - 1)), &[]).is_ok(), "it begins anew by itself");
    }
}
