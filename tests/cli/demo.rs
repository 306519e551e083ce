//! `mira demo`: the main job, end to end, on a small input that is hard to cut.

use super::job::TEXT;
use super::process::{Ended, Mira};
use mira_core::hash::{Sha2, Sha256};
use serde_json::Value;
use std::path::Path;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: the_seed_decides_the_placement_and_all_checks_hold, bad_input_is_refused]
}

/// Real text as one long line that is not UTF-8.
fn one_long_line() -> Vec<u8> {
    let mut bytes = TEXT.repeat(3);
    bytes.iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
    for byte in bytes.iter_mut().step_by(997) {
        *byte = 0xff;
    }
    assert!(std::str::from_utf8(&bytes).is_err() && !bytes.contains(&b'\n'));
    bytes
}

async fn demo(input: &Path, seed: &str) -> Ended {
    let command = Mira::new().args(["demo", "--json", "--seed", seed, "--shards", "12", "--input"]);
    command.arg(input).run().await
}

async fn the_seed_decides_the_placement_and_all_checks_hold() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("input.txt");
    let bytes = one_long_line();
    std::fs::write(&input, &bytes).unwrap();
    let mut placed = Vec::new();
    for seed in [7, 7, 8] {
        let document = demo(&input, &seed.to_string()).await.document();
        all_holds(&document);
        assert_eq!(document["seed"], seed);
        let sha256: String = Sha2::hashv(&[&bytes]).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(document["input"], serde_json::json!({ "bytes": bytes.len(), "sha256": sha256 }));
        assert!(document["placement"]["records"].as_u64().unwrap() > 0);
        placed.push(document["placement"]["sha256"].clone());
    }
    assert_eq!(placed[0], placed[1], "the same seed places alike");
    assert_ne!(placed[0], placed[2], "another seed does not");
}

fn all_holds(document: &Value) {
    assert_eq!(document["ok"], true, "{document:#}");
    let checks = document["checks"].as_array().unwrap();
    assert!(checks.iter().all(|check| check["ok"] == true), "{document:#}");
    for name in [
        "escrow_conserved",
        "stake_conserved",
        "fees_conserved",
        "committed",
        "accounts_match",
        "rebuild_matches",
        "three_books",
        "decisions_replay",
    ] {
        assert!(checks.iter().any(|check| check["name"] == name), "no {name}: {document:#}");
    }
    let job = &document["jobs"][0];
    assert_eq!((&job["tier"], &job["status"]), (&"batch".into(), &"closed".into()));
    assert_eq!((&job["shards"], &job["result_matches"]), (&12.into(), &true.into()));
    assert!(job["redispatched"].as_u64().unwrap() >= 1 && job["operators"].as_u64().unwrap() >= 2, "{job}");
    let amount = |name: &str| super::network::number(&job[name]);
    assert_eq!(amount("funded"), amount("paid") + amount("refunded"));
    assert!(0 < amount("fees") && amount("fees") < amount("paid"), "{job}");
    assert_eq!(document["index"]["state_hash"], document["index"]["rebuilt_hash"]);
}

async fn bad_input_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.txt");
    std::fs::write(&empty, b"").unwrap();
    let message = "the input is empty: there is nothing to index; give a file with at least one byte";
    demo(&empty, "7").await.refused(message);
    demo(&folder.path().join("missing.txt"), "7").await.refused("check the path and who may read it");
    demo(&empty, "x").await.misused("invalid digit found in string");
    let shards = Mira::new().args(["demo", "--shards", "0"]).run().await;
    shards.misused("0 is not in 1..=1000");
}
