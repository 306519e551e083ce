//! `mira doctor`: whether everything can be reached and agrees.

use super::indexer::index;
use super::network::shared;
use super::process::Mira;
use crate::harness::With;
use mira_chain::artifact;
use mira_core::hash::{Sha2, Sha256 as _};
use mira_store::scratch::Scratch;
use mira_testkit::network::Network;
use serde_json::Value;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async:
        on_a_network_all_is_well,
        it_says_what_is_wrong,
        without_a_network_nothing_is_reached,
        endpoints_are_held_against_each_other,
        an_index_that_lags_is_named,
        old_and_new_tables_on_sqlite,
    ]
    .with(trials![postgres: old_and_new_tables_on_postgres])
}

const CHECKS: [&str; 7] = ["keypair", "cluster", "endpoints", "network", "program", "clock", "api"];

fn check<'a>(document: &'a Value, name: &str) -> &'a Value {
    let checks = document["checks"].as_array().unwrap();
    checks.iter().find(|check| check["name"] == name).unwrap_or_else(|| panic!("no {name} in {document}"))
}

async fn on_a_network_all_is_well() {
    let net = shared();
    let somebody = net.stranger();
    let document = net.of(&somebody).arg("doctor").run().await.document();
    assert_eq!(document["ok"], true);
    assert_eq!(check(&document, "keypair")["detail"], somebody.key.to_string());
    let mint = format!("payment mint {}", net.config().await.payment_mint);
    assert_eq!(check(&document, "network")["detail"], mint);
    assert_eq!(check(&document, "api")["detail"], "ready");
    assert!(detail(&document, "cluster").starts_with("finalized slot "));
    assert!(detail(&document, "endpoints").starts_with("1 of one cluster, finalized up to slot "));
    let code = artifact::program_elf();
    let end = code.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    assert_eq!(detail(&document, "program"), format!("bytecode {}", hex(&Sha2::hashv(&[&code[..end]]))));
    let names: Vec<_> = document["checks"].as_array().unwrap().iter().map(|check| check["name"].as_str()).collect();
    assert_eq!(names, CHECKS.map(Some));

    let document = net.of(&somebody).args(["doctor", "--database", &net.database(), "--min-free-mib", "1"]).run().await;
    let document = document.document();
    assert!(detail(&document, "database").starts_with("sqlite, migration "));
    assert!(detail(&document, "disk").contains(" MiB left at "));
    assert!(detail(&document, "index").ends_with(" behind finality"));
    assert!(detail(&document, "dispatch").starts_with("held by 127.0.0.1:"));
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn detail<'a>(document: &'a Value, name: &str) -> &'a str {
    check(document, name)["detail"].as_str().unwrap()
}

/// Nothing but this is wrong; says what, and what to do.
#[track_caller]
fn only<'a>(document: &'a Value, name: &str) -> (&'a str, &'a str) {
    for check in document["checks"].as_array().unwrap() {
        assert_eq!(check["ok"], check["name"] != name, "{document:#}");
        assert_eq!(check["todo"].is_null(), check["name"] != name, "{document:#}");
    }
    (detail(document, name), check(document, name)["todo"].as_str().unwrap())
}

async fn it_says_what_is_wrong() {
    let net = shared();
    let somebody = net.stranger();
    for (args, broken) in [
        (["--keypair", "/nonexistent/id.json"], "keypair"),
        (["--api", "http://127.0.0.1:1"], "api"),
        (["--api", net.url("rpc_url")], "api"),
    ] {
        let command = net.mira().args(["--keypair".as_ref(), somebody.keypair().as_os_str()]).args(["doctor"]);
        let command = if broken == "keypair" { net.mira().arg("doctor") } else { command };
        let document = command.args(args).run().await.verdict();
        assert_eq!(document["ok"], false);
        for name in CHECKS {
            assert_eq!(check(&document, name)["ok"], name != broken, "{document}");
        }
    }
    let doctor = || net.of(&somebody).args(["doctor", "--database", &net.database(), "--min-free-mib"]);
    let full = doctor().arg("99999999999").run().await.verdict();
    let (found, todo) = only(&full, "disk");
    assert!(found.ends_with(", 99999999999 should be") && todo.contains("mira prune"), "{found} {todo}");
    let other = doctor().args(["1", "--program-hash", &"ab".repeat(32)]).run().await.verdict();
    let (found, todo) = only(&other, "program");
    assert!(found.ends_with(&"ab".repeat(32)) && todo.contains("--program-hash"), "{found} {todo}");
    doctor().args(["1", "--program-hash", "ab"]).run().await.misused("64 hexadecimal digits");
}

async fn endpoints_are_held_against_each_other() {
    let net = shared();
    let somebody = net.stranger();
    let good = net.url("rpc_url");
    let doctor = |rpc: String| net.of(&somebody).args(["doctor", "--rpc", &rpc]).run();
    let document = doctor(format!("{good},{good}")).await.document();
    let found = detail(&document, "endpoints");
    assert!(found.starts_with("2 of one cluster, ") && found.contains(", agreed at slot "), "{found}");
    let document = doctor(format!("{good},http://user:secret@127.0.0.1:1/key")).await.verdict();
    let (found, todo) = only(&document, "endpoints");
    assert!(found.starts_with("127.0.0.1:1 does not answer"), "{found}");
    assert!(todo.contains("--rpc") && !document.to_string().contains("secret"), "{document}");
    let other = Network::start(99).await;
    let document = doctor(format!("{good},{}", other.rpc.url())).await.verdict();
    assert!(only(&document, "endpoints").0.ends_with("are of different clusters"), "{document}");
    other.chain.shutdown().await;
}

async fn an_index_that_lags_is_named() {
    let net = shared();
    let somebody = net.stranger();
    let folder = tempfile::tempdir().unwrap();
    let (database, serving) = index(net, folder.path()).await;
    serving.interrupt().await;
    // It lags from now on: every person is some slots.
    net.person().await;
    let doctor = net.of(&somebody).args(["doctor", "--min-free-mib", "1", "--max-lag-slots", "0"]);
    let document = doctor.args(["--database", &database]).run().await.verdict();
    let (found, todo) = only(&document, "index");
    assert!(found.ends_with(" slots behind finality, 0 are allowed") && todo.contains("mira indexer"), "{found}");
}

async fn old_and_new_tables_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let net = shared();
    let missing = format!("sqlite:{}", folder.path().join("missing.sqlite").display());
    let document = net.of(&net.stranger()).args(["doctor", "--database", &missing]).run().await.verdict();
    assert!(only(&document, "database").0.contains("cannot open the sqlite database"), "{document}");
    assert!(!folder.path().join("missing.sqlite").exists(), "looking makes nothing");
    old_and_new_tables(&Scratch::sqlite(folder.path())).await;
}

async fn old_and_new_tables_on_postgres(server: String) {
    let scratch = Scratch::postgres(&server).await.unwrap();
    old_and_new_tables(&scratch).await;
    scratch.drop().await.unwrap();
}

async fn old_and_new_tables(scratch: &Scratch) {
    let net = shared();
    let somebody = net.stranger();
    scratch.open().await.unwrap().close().await;
    let doctor = async || {
        let doctor = net.of(&somebody).args(["doctor", "--min-free-mib", "1", "--database", scratch.url()]);
        doctor.run().await.verdict()
    };
    let document = doctor().await;
    assert_eq!(only(&document, "index").0, "nothing is indexed yet");
    let newest = &format!("version = (SELECT max(version) FROM {})", Scratch::MIGRATIONS);
    scratch.lower(Scratch::MIGRATIONS, "version", -9_000, newest).await.unwrap();
    let document = doctor().await;
    let (found, todo) = only(&document, "database");
    assert!(found.contains(" is at migration 9") && todo.contains("install the newer one"), "{document}");
    scratch.delete(Scratch::MIGRATIONS, newest).await.unwrap();
    let left = scratch.count(Scratch::MIGRATIONS).await.unwrap();
    let document = doctor().await;
    assert!(only(&document, "database").1.starts_with("back it up, then start"), "{document}");
    assert_eq!(scratch.count(Scratch::MIGRATIONS).await.unwrap(), left, "looking brings nothing up to date");
}

async fn without_a_network_nothing_is_reached() {
    let folder = tempfile::tempdir().unwrap();
    let command = Mira::new().within(folder.path()).args(["--json", "--url", "http://127.0.0.1:1", "doctor"]);
    let document = command.run().await.verdict();
    for name in CHECKS {
        assert_eq!(check(&document, name)["ok"], false, "{document}");
    }
    assert_eq!(check(&document, "api")["detail"], "the Mira API's URL is not known");
}
