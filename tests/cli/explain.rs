//! `mira explain`.

use std::time::Duration;

use mira_core::Key;
use mira_wire::{HashHex, KeyStr};
use serde_json::Value;

use crate::api::support::work::spec;
use crate::api::support::{World, rows};
use crate::cli::process::Mira;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: a_decision_is_explained_and_verified, what_was_altered_is_named, bad_input_is_refused]
}

fn explain(world: &World, args: &[&str]) -> Mira {
    Mira::new().args(["--api", &world.running.url(), "explain"]).args(args)
}

/// A world whose one decision is proven, and that decision.
async fn proven() -> (World, String) {
    let world = World::placed(&spec()).await;
    let id = world.client.job_why(KeyStr(rows::JOB)).await.unwrap().data.decisions[0].to_string();
    world.pass(Duration::from_secs(600));
    world.client.job_why(KeyStr(rows::JOB)).await.unwrap();
    (world, id)
}

fn failing(document: &Value) -> Vec<&str> {
    let checks = document["checks"].as_array().unwrap();
    checks.iter().filter(|check| check["ok"] == false).map(|check| check["name"].as_str().unwrap()).collect()
}

async fn a_decision_is_explained_and_verified() {
    let world = World::placed(&spec()).await;
    let id = world.client.job_why(KeyStr(rows::JOB)).await.unwrap().data.decisions[0].to_string();
    let open = explain(&world, &["--json", &id]).run().await.document();
    assert_eq!((&open["ok"], &open["proven"]), (&true.into(), &false.into()), "{open:#}");
    world.stop().await;

    let (world, id) = proven().await;
    let document = explain(&world, &["--json", &id]).run().await.document();
    assert_eq!((&document["ok"], &document["proven"]), (&true.into(), &true.into()), "{document:#}");
    assert_eq!(document["record"]["winner"], KeyStr(rows::PROVIDER).to_string());
    assert_eq!(document["checks"].as_array().unwrap().len(), 7);
    let dispatcher = KeyStr(rows::key_of(rows::DISPATCHER)).to_string();
    explain(&world, &["--json", &id, "--dispatcher", &dispatcher]).run().await.document();
    let shown = explain(&world, &[&id]).run().await;
    assert!(shown.is_ok() && shown.to_string().contains("\nverified\n"), "{shown}");
    let other = KeyStr([1; 32]).to_string();
    let refused = explain(&world, &["--json", &id, "--dispatcher", &other]).run().await.verdict();
    assert_eq!(failing(&refused), ["signed"]);
    world.stop().await;
}

/// Changes the stored record of the one decision: as a dispatcher would that wants to have decided otherwise.
async fn alter(world: &World, change: impl FnOnce(&mut Vec<u8>)) {
    let mut record = world.store.dispatch_records(None, 10).await.unwrap().remove(0);
    change(&mut record.bytes);
    let scratch = mira_store::scratch::Scratch::sqlite(world.folder());
    let this = format!("id = x'{}'", hex::encode(record.id));
    scratch.overwrite("dispatch_record", "bytes", &record.bytes, &this).await.unwrap();
}

async fn what_was_altered_is_named() {
    let (world, id) = proven().await;
    alter(&world, |bytes| {
        // The price that the winner asked.
        let price = 1_000u64.to_le_bytes();
        let at = bytes.windows(8).position(|window| window == price).unwrap();
        bytes[at..at + 8].copy_from_slice(&999u64.to_le_bytes());
    })
    .await;
    let found = explain(&world, &["--json", &id]).run().await.verdict();
    assert_eq!(failing(&found), ["included"], "{found:#}");
    alter(&world, |bytes| {
        // The winner is named once as a candidate, and then as the winner.
        let winner: Key = rows::PROVIDER;
        let at = bytes.windows(32).rposition(|window| window == winner).unwrap();
        bytes[at] ^= 1;
    })
    .await;
    let found = explain(&world, &["--json", &id]).run().await.verdict();
    assert_eq!(failing(&found), ["recomputed", "included"], "{found:#}");
    world.stop().await;
}

async fn bad_input_is_refused() {
    let world = World::start().await;
    let nowhere = HashHex([1; 32]).to_string();
    explain(&world, &[&nowhere]).run().await.refused("There is no such decision");
    explain(&world, &["it"]).run().await.refused("A parameter is not valid");
    explain(&world, &[&nowhere, "--dispatcher", "it"]).run().await.misused("`it` is not an address");
    explain(&world, &[]).run().await.misused("<DECISION>");
    world.stop().await;
}
