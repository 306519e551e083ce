//! `mira indexer`: a second index of the same cluster, from JSON-RPC alone.

use super::network::{Net, shared};
use super::process::{Mira, Serving, until};
use std::path::Path;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async:
        a_late_index_follows_until_it_is_interrupted,
        either_source_goes_on_where_the_other_stopped,
        a_bad_database_is_refused,
        arguments_that_make_no_sense_are_refused,
    ]
}

/// An index of the network's cluster in a folder, which has events when this returns.
pub async fn index(net: &Net, folder: &Path) -> (String, Serving) {
    let database = format!("sqlite:{}", folder.join("late.sqlite").display());
    let serving = index_into(net, &database).await;
    (database, serving)
}

/// An index of the network's cluster in a database, which has events when this returns.
pub async fn index_into(net: &Net, database: &str) -> Serving {
    let follow = Mira::new().arg("--network").arg(&net.file).args(["indexer", "--poll-ms", "50", "--database"]);
    let mut serving = follow.arg(database).serve();
    serving.line("indexing; Ctrl-C stops it").await;
    let filled = async || {
        let report = verify(net, database).run().await.document();
        (report["events"].as_u64().unwrap() > 0).then_some(())
    };
    until("the index has events", filled).await;
    serving
}

/// `mira rebuild --verify` on a database.
pub fn verify(net: &Net, database: &str) -> Mira {
    net.mira().args(["rebuild", "--verify", "--database", database])
}

async fn a_late_index_follows_until_it_is_interrupted() {
    let net = shared();
    let folder = tempfile::tempdir().unwrap();
    let (database, serving) = index(net, folder.path()).await;
    let seen = verify(net, &database).run().await.document()["events"].as_u64().unwrap();
    let owner = net.person().await;
    let register = net.of(&owner).args(["provider", "register", "--region", "eu-west", "--resource-class", "idle"]);
    register.run().await.document();
    let more = async || {
        let report = verify(net, &database).run().await.document();
        (report["events"].as_u64().unwrap() > seen).then_some(())
    };
    until("the index follows", more).await;
    serving.interrupt().await;

    let first = verify(net, &database).run().await.document();
    let second = verify(net, &database).run().await.document();
    assert_eq!(first, second, "nothing moves when it has stopped");
    assert_eq!((&first["ok"], &first["state_hash"]), (&true.into(), &first["rebuilt_hash"]));
}

async fn either_source_goes_on_where_the_other_stopped() {
    let net = shared();
    let folder = tempfile::tempdir().unwrap();
    let (database, serving) = index(net, folder.path()).await;
    serving.interrupt().await;
    let endpoints = format!("{0},{0}", net.url("rpc_url"));
    for source in ["signatures", "blocks"] {
        let seen = verify(net, &database).run().await.document()["events"].as_u64().unwrap();
        let follow = Mira::new().arg("--network").arg(&net.file).args(["indexer", "--poll-ms", "50"]);
        let follow = follow.args(["--rpc", &endpoints, "--source", source]);
        let mut serving = follow.args(["--database", &database]).serve();
        serving.line("indexing; Ctrl-C stops it").await;
        let owner = net.person().await;
        let register = net.of(&owner).args(["provider", "register", "--region", "eu-west", "--resource-class", "idle"]);
        register.run().await.document();
        let more = async || {
            let report = verify(net, &database).run().await.document();
            (report["events"].as_u64().unwrap() > seen).then_some(())
        };
        until("the index follows", more).await;
        serving.interrupt().await;
        let report = verify(net, &database).run().await.document();
        assert_eq!(report["ok"], true, "{source}: {report}");
    }
}

async fn a_bad_database_is_refused() {
    let net = shared();
    let indexer = |database: &str| net.mira().args(["indexer", "--database", database]);
    indexer("mysql://me@127.0.0.1/mira").run().await.refused("opening the database failed");
    indexer("sqlite:/nonexistent/mira.sqlite").run().await.refused("opening the database failed");
    net.mira().arg("indexer").run().await.misused("--database <URL>");
    let aside = net.mira().args(["indexer", "--database", "sqlite:x", "--set-aside", "abc"]);
    aside.run().await.misused("--set-aside <SIGNATURE>");
}

async fn arguments_that_make_no_sense_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("none.sqlite").display());
    let indexer = |args: &[&str]| shared().mira().args(["indexer", "--database", &database]).args(args);
    let both = indexer(&["--confirmed", "--source", "signatures"]).run().await;
    both.refused("--confirmed needs --source blocks: single transactions do not show which fork they are on");
    indexer(&["--ws", "http://127.0.0.1:1"]).run().await.misused("write ws://HOST:PORT or wss://HOST");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "a refusal leaves no database behind");
}
