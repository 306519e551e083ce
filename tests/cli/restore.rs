//! `mira restore`: an index from a backup, in either engine, which goes on as the one it was made of.

use super::indexer::{index, verify};
use super::network::{Net, shared};
use super::process::{Mira, until};
use crate::harness::With;
use mira_indexer::STREAM;
use mira_store::conformance::books;
use mira_store::scratch::Scratch;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: a_restored_index_goes_on, bad_files_and_targets_are_refused]
        .with(trials![postgres: an_index_moves_to_postgres_and_back])
}

/// `mira backup` of a database into a file.
pub fn backup(database: &str, file: &Path) -> Mira {
    Mira::new().args(["--json", "backup", "--database", database, "--to"]).arg(file)
}

/// `mira restore` of a file into a database.
pub fn restore(database: &str, file: &Path) -> Mira {
    Mira::new().args(["--json", "restore", "--database", database, "--from"]).arg(file)
}

fn sqlite(folder: &Path, name: &str) -> String {
    format!("sqlite:{}", folder.join(name).display())
}

/// A backup of an index with rows in every table that no event fills.
async fn filled(net: &Net, folder: &Path) -> (String, PathBuf, Value) {
    let (database, serving) = index(net, folder).await;
    serving.interrupt().await;
    let store = mira_store::open(&database).await.unwrap();
    let claim = books::held(&*store, STREAM).await;
    books::fill(&*store, &claim).await;
    // The proof of a whole ledger would name it for ever.
    store.close_gap(&claim, b"lease", 1).await.unwrap();
    store.close().await;
    let file = folder.join("mira.backup");
    let made = backup(&database, &file).run().await.document();
    (database, file, made)
}

/// Every row of every table, in the form that both engines share.
async fn image(database: &str) -> Vec<u8> {
    let store = mira_store::open(database).await.unwrap();
    let mut image = Vec::new();
    store.back_up(STREAM, 0, &mut image).await.unwrap();
    store.close().await;
    image
}

/// An indexer takes it from where it is and sees what happens next.
async fn goes_on(net: &Net, database: &str) {
    let before = verify(net, database).run().await.document();
    let follow = Mira::new().arg("--network").arg(&net.file).args(["indexer", "--poll-ms", "50", "--database"]);
    let mut serving = follow.arg(database).serve();
    serving.line("indexing; Ctrl-C stops it").await;
    let owner = net.person().await;
    let register = net.of(&owner).args(["provider", "register", "--region", "eu-west", "--resource-class", "idle"]);
    register.run().await.document();
    let more = async || {
        let report = verify(net, database).run().await.document();
        (report["events"].as_u64() > before["events"].as_u64()).then_some(())
    };
    until("the restored index follows", more).await;
    serving.interrupt().await;
    assert_eq!(verify(net, database).run().await.document()["ok"], true);
    let proof = Mira::new().args(["--json", "prove-gaps", "--database", database]).run().await.document();
    assert_eq!((&proof["ok"], &proof["proof"]), (&true.into(), &"parent links".into()));
}

async fn a_restored_index_goes_on() {
    let net = shared();
    let folder = tempfile::tempdir().unwrap();
    let (database, file, made) = filled(net, folder.path()).await;
    let copy = sqlite(folder.path(), "copy.sqlite");
    let back = restore(&copy, &file).run().await.document();
    assert_eq!((&back["state_hash"], &back["rows"]), (&made["state_hash"], &made["rows"]));
    assert_eq!(verify(net, &copy).run().await.document()["state_hash"], made["state_hash"]);
    assert!(image(&copy).await == image(&database).await, "every row of every table");
    goes_on(net, &copy).await;
}

async fn an_index_moves_to_postgres_and_back(server: String) {
    let net = shared();
    let folder = tempfile::tempdir().unwrap();
    let (database, file, made) = filled(net, folder.path()).await;
    let moved = Scratch::postgres(&server).await.unwrap();
    let there = restore(moved.url(), &file).run().await.document();
    assert_eq!((&there["state_hash"], &there["events"]), (&made["state_hash"], &there["events"]));
    assert_eq!(verify(net, moved.url()).run().await.document()["state_hash"], made["state_hash"]);
    let (here, again) = (image(&database).await, image(moved.url()).await);
    assert!(here == again, "every row of every table, {} and {} bytes", here.len(), again.len());
    counts_agree(&database, folder.path(), &moved).await;

    goes_on(net, moved.url()).await;
    let second = folder.path().join("second.backup");
    let made = backup(moved.url(), &second).run().await.document();
    let home = sqlite(folder.path(), "home.sqlite");
    let back = restore(&home, &second).run().await.document();
    assert_eq!(back["state_hash"], made["state_hash"]);
    assert!(image(&home).await == image(moved.url()).await, "every row of every table");
    goes_on(net, &home).await;
    moved.drop().await.unwrap();
}

/// By the engines' own catalogs, so that a table that backups forgot would show.
async fn counts_agree(database: &str, folder: &Path, moved: &Scratch) {
    let here = folder.join("counted");
    std::fs::create_dir(&here).unwrap();
    std::fs::copy(database.trim_start_matches("sqlite:"), here.join("mira.sqlite")).unwrap();
    let here = Scratch::sqlite(&here);
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column) in here.columns().await.unwrap() {
        columns.entry(table).or_default().push(column);
    }
    assert!(columns.len() > 20, "{columns:?}");
    for (table, columns) in columns {
        // The confirmed rows of before are no index's state, and what made the live ones differs: the one was
        // never rebuilt, the other was.
        let shadow = columns.iter().any(|column| column == "shadow");
        let live = if shadow { format!("{table} WHERE shadow = 0") } else { table.clone() };
        if table != "projection_meta" && !table.starts_with("sqlite_") {
            assert_eq!(here.count(&live).await.unwrap(), moved.count(&live).await.unwrap(), "{table}");
        }
    }
}

async fn bad_files_and_targets_are_refused() {
    let net = shared();
    let folder = tempfile::tempdir().unwrap();
    let (database, file, _) = filled(net, folder.path()).await;
    let target = sqlite(folder.path(), "target.sqlite");
    let good = std::fs::read(&file).unwrap();
    let refused = async |bytes: &[u8], message: &str| {
        let bad = folder.path().join("bad");
        std::fs::write(&bad, bytes).unwrap();
        restore(&target, &bad).run().await.refused(message);
    };
    let mut changed = good.clone();
    changed[good.len() / 2] ^= 1;
    refused(&changed, "the backup is damaged at byte").await;
    refused(&good[..good.len() - 1], "the backup was cut off at byte").await;
    refused(&good[..good.len() / 2], "nothing was restored, use another copy").await;
    refused(b"", "this is no backup of mira").await;
    let magic = b"mira backup\n";
    refused(&[&magic[..], &9_u32.to_be_bytes(), &good[16..]].concat(), "written by a newer version of mira").await;
    restore(&target, &folder.path().join("missing")).run().await.refused("cannot read");
    restore(&database, &file).run().await.refused("restore into a new, empty database");
    restore(&target, &file).run().await.document();
    restore(&target, &file).run().await.refused("of the target has rows");
    assert!(image(&target).await == image(&database).await, "refusals left nothing and took nothing");
}
