//! `mira epoch verify`: nothing differs in a real run's bundle, and one altered field of any line is named.

use super::document;
use super::run::Run;
use libtest_mimic::Trial;
use mira_indexer::epoch::{Bundle, Difference, against_ledger, alone};
use mira_store::Store;
use serde_json::{Value, json};
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![async: one_altered_field_is_found_and_named, the_ledger_and_the_bundle_before_are_asked_too, what_is_no_bundle_is_refused]
}

/// Another value of the same form.
fn altered(field: &str, value: &Value) -> Value {
    match value {
        Value::Null if field == "leaf" => json!("5a".repeat(32)),
        Value::Null => json!({ "good": "1", "of": "2" }),
        Value::Number(number) => json!(number.as_u64().unwrap() - 1),
        Value::String(text) if text.len() == 64 => json!("5a".repeat(32)),
        Value::String(text) if text.len() > 40 => {
            // A neighbour, so that the order of the keys stays.
            let mut key = text.parse::<Pubkey>().unwrap().to_bytes();
            key[31] ^= 1;
            json!(Pubkey::new_from_array(key).to_string())
        }
        Value::String(text) => json!((text.parse::<i64>().unwrap() + 1).to_string()),
        other => panic!("a bundle has no {other}"),
    }
}

/// What is found with the bundle alone and with the ledger.
async fn found(bad: &Value, store: &dyn Store) -> Vec<Difference> {
    let bundle = Bundle::from_json(bad.to_string().as_bytes()).unwrap();
    let mut found = alone(&bundle).unwrap();
    assert!(!found.is_empty(), "the bundle alone shows it");
    // A slot that is not there yet is an error of its own.
    found.extend(against_ledger(&bundle, store).await.unwrap_or_default());
    found
}

/// Neither the ledger nor the bundle alone knows these; their line is named all the same.
const HASHED_ONLY: [&str; 3] = ["slot", "fees_before", "reward_before"];

/// Alters every field of a line in turn; gives how many there are.
async fn every_field(run: &Run, good: &Value, pointer: &str, what: &str) -> usize {
    let fields: Vec<String> = good.pointer(pointer).unwrap().as_object().unwrap().keys().cloned().collect();
    for field in &fields {
        let mut bad = good.clone();
        let value = bad.pointer_mut(&format!("{pointer}/{field}")).unwrap();
        *value = altered(field, value);
        let key = bad.pointer(&format!("{pointer}/{what}")).map(|key| format!("{what} {}", key.as_str().unwrap()));
        let line = key.unwrap_or(what.to_owned());
        let found = found(&bad, &*run.store).await;
        let exact = field != what && !HASHED_ONLY.contains(&field.as_str());
        let names = |difference: &Difference| difference.line == line && (!exact || difference.field == *field);
        assert!(found.iter().any(names), "{pointer}/{field}: {found:#?}");
    }
    fields.len()
}

async fn one_altered_field_is_found_and_named() {
    let run = Run::worked(33).await;
    let (_, file) = run.build("1.json", None).await;
    let good = document(&file);
    assert_eq!(every_field(&run, &good, "/epoch", "epoch").await, 17);
    for at in 0..4 {
        assert_eq!(every_field(&run, &good, &format!("/leases/{at}"), "lease").await, 8);
    }
    for at in 0..3 {
        assert_eq!(every_field(&run, &good, &format!("/providers/{at}"), "provider").await, 14);
    }
    run.stop().await;
}

async fn the_ledger_and_the_bundle_before_are_asked_too() {
    let run = Run::worked(34).await;
    let (_, file) = run.build("1.json", None).await;
    let verify = |name: &str| run.epoch(&run.network.admin, "verify").arg(run.path(name));
    let plain = verify("1.json").run().await.document();
    assert_eq!((&plain["ok"], &plain["checked"], &plain["epoch"]), (&json!(true), &json!(["bundle"]), &json!("1")));
    let full = verify("1.json").args(["--database", &run.database()]).run().await.document();
    assert_eq!((&full["checked"], &full["differences"]), (&json!(["bundle", "ledger"]), &json!([])));

    // A bundle that follows from its own inputs, of which one is wrong: only the ledger knows.
    let mut inputs = Bundle::from_json(&std::fs::read(&file).unwrap()).unwrap().inputs().unwrap();
    let (lease, input) = inputs.leases.iter_mut().next().unwrap();
    let (lease, was) = (Pubkey::new_from_array(*lease), input.settled);
    input.settled = was.checked_add(was).unwrap();
    let forged = Bundle::from(&mira_indexer::epoch::fold(&inputs).unwrap());
    run.file("forged.json", forged.to_json().unwrap().as_bytes());
    verify("forged.json").run().await.document();
    let verdict = verify("forged.json").args(["--database", &run.database()]).run().await.verdict();
    let expected = json!({ "by": "ledger", "line": format!("lease {lease}"), "field": "settled",
        "bundle": (was.get() * 2).to_string(), "recomputed": was.get().to_string() });
    assert!(verdict["differences"].as_array().unwrap().contains(&expected), "{verdict:#}");

    // The epoch after, with the wrong bundle before.
    run.finalized("1.json").await;
    run.indexed().await;
    run.build("2.json", Some("1.json")).await;
    let second = verify("2.json").args(["--database", &run.database(), "--previous"]).arg(&file);
    assert_eq!(second.run().await.document()["checked"], json!(["bundle", "previous", "ledger"]));
    let verdict = verify("2.json").arg("--previous").arg(run.path("forged.json")).run().await.verdict();
    let named = |field: &str| verdict["differences"].as_array().unwrap().iter().any(|found| found["field"] == field);
    assert!(named("previous_report_hash"), "{verdict:#}");
    run.stop().await;
}

async fn what_is_no_bundle_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let verify = |text: &str| {
        let file = folder.path().join("bundle.json");
        std::fs::write(&file, text).unwrap();
        crate::cli::process::Mira::new().args(["--json", "epoch", "verify"]).arg(file)
    };
    verify("{}").run().await.refused("not an epoch's bundle: missing field `version`");
    verify("{\"version\":2}").run().await.refused("a bundle of version 2, and this mira knows 1");
    let missing = crate::cli::process::Mira::new().args(["epoch", "verify", "/nonexistent/bundle.json"]);
    missing.run().await.refused("cannot read /nonexistent/bundle.json");
}
