//! `mira backup`: one file of a live index.

use super::network::shared;
use super::process::Mira;
use super::restore::{backup, restore};

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: a_live_index_is_backed_up, nothing_is_written_over, what_is_no_index_is_refused]
}

/// Beside the network's own indexer, API and dispatcher, which write all the time.
async fn a_live_index_is_backed_up() {
    let net = shared();
    let folder = tempfile::tempdir().unwrap();
    let (file, copy) = (folder.path().join("mira.backup"), folder.path().join("copy.sqlite"));
    let made = backup(&net.database(), &file).run().await.document();
    let bytes = std::fs::metadata(&file).unwrap().len();
    assert_eq!((made["bytes"].as_u64(), made["file"].as_str()), (Some(bytes), file.to_str()));
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["mira.backup"], "no temporary file stays");

    let copy = format!("sqlite:{}", copy.display());
    let back = restore(&copy, &file).run().await.document();
    for name in ["slot", "rows", "state_hash", "made_at"] {
        assert_eq!(back[name], made[name], "{name}");
    }
    let proof = Mira::new().args(["--json", "prove-gaps", "--database", &copy]).run().await.document();
    assert_eq!((&proof["ok"], &proof["cursor"]), (&true.into(), &made["slot"]));
    let replay = Mira::new().args(["--json", "rebuild", "--verify", "--database", &copy]).run().await.document();
    assert_eq!((&replay["ok"], &replay["state_hash"]), (&true.into(), &made["state_hash"]));
}

async fn nothing_is_written_over() {
    let net = shared();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("precious");
    std::fs::write(&file, "precious").unwrap();
    backup(&net.database(), &file).run().await.refused("precious exists already");
    assert_eq!(std::fs::read(&file).unwrap(), b"precious");
    let nowhere = folder.path().join("no/such/folder/mira.backup");
    backup(&net.database(), &nowhere).run().await.refused("cannot write");
}

async fn what_is_no_index_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mira.backup");
    let database = folder.path().join("mira.sqlite");
    let url = format!("sqlite:{}", database.display());
    backup(&url, &file).run().await.refused("cannot open the sqlite database");
    assert!(!database.exists(), "a database that is missing is not made");
    mira_store::open(&url).await.unwrap().close().await;
    backup(&url, &file).run().await.refused("the database is empty");
    backup("mysql://me@127.0.0.1/mira", &file).run().await.refused("use sqlite:PATH or postgres://");
    assert!(!file.exists());
    Mira::new().args(["backup", "--database", &url]).run().await.misused("--to <FILE>");
}
