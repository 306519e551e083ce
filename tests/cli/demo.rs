//! `mira demo`: the main job, end to end, on a small input that is hard to cut; on a chain of its own, and on one
//! that is up already.

use super::job::TEXT;
use super::process::{Ended, Mira};
use crate::node::support::http::{self, Answer};
use mira_chain::local::{LocalChain, LocalChainConfig};
use mira_chain::{artifact, pda};
use mira_core::hash::{Sha2, Sha256};
use serde_json::{Value, json};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;
use std::path::{Path, PathBuf};
use tokio::io::BufReader;
use tokio::net::TcpListener;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async:
        the_seed_decides_the_placement_and_all_checks_hold,
        a_running_chain_takes_one_demo_after_another_on_either_source,
        a_chain_that_does_not_fit_is_refused_before_anything_is_sent,
        a_public_cluster_is_refused,
        bad_input_is_refused,
    ]
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

/// Milliseconds per slot of the chains that are up already.
const SLOT_MS: u64 = 40;

fn admin() -> Keypair {
    Keypair::new_from_array([77; 32])
}

/// A chain that is up already, with a program at an address.
async fn chain(program_id: Pubkey, elf: &[u8]) -> LocalChain {
    let config =
        LocalChainConfig { elf: elf.into(), program_id, ..LocalChainConfig::new(5, SLOT_MS, admin().pubkey()) };
    LocalChain::start(config).await.unwrap()
}

fn keypair(folder: &Path, name: &str, keypair: &Keypair) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, serde_json::to_string(&keypair.to_bytes().to_vec()).unwrap()).unwrap();
    path
}

fn on(url: &str, seed: &str) -> Mira {
    Mira::new().args(["demo", "--json", "--shards", "12", "--url", url, "--seed", seed])
}

async fn a_running_chain_takes_one_demo_after_another_on_either_source() {
    let folder = tempfile::tempdir().unwrap();
    let path = keypair(folder.path(), "admin.json", &admin());
    let input = folder.path().join("input.txt");
    std::fs::write(&input, one_long_line()).unwrap();
    let chain = chain(pda::PROGRAM_ID, artifact::program_elf()).await;
    let demo = |seed: &str, source: &str| {
        let command = on(chain.rpc_url(), seed).args(["--source", source]).arg("--input").arg(&input);
        command.arg("--admin").arg(&path)
    };
    let mut transactions = Vec::new();
    for (seed, source) in [("7", "signatures"), ("8", "blocks")] {
        let document = demo(seed, source).run().await.document();
        all_holds(&document);
        transactions.push(document["chain"]["transactions"].as_u64().unwrap());
    }
    // The second found the network that the first had made: `initialize` and four transactions of fee shards.
    assert!(transactions[1] < 2 * transactions[0], "the second counts its own only: {transactions:?}");

    let again = demo("8", "blocks").run().await;
    again.refused("the providers of seed 8 are on this chain already");
    let stranger = on(chain.rpc_url(), "9").run().await;
    stranger.refused(&format!("this chain has a network already, whose admin is {}", admin().pubkey()));
    chain.shutdown().await;
}

async fn a_chain_that_does_not_fit_is_refused_before_anything_is_sent() {
    let elsewhere = chain(Pubkey::new_from_array([7; 32]), artifact::program_elf()).await;
    let missing = on(elsewhere.rpc_url(), "7").run().await;
    missing.refused(&format!("this chain has no upgradeable program at {}", pda::PROGRAM_ID));
    let id = pda::PROGRAM_ID;
    missing.refused(&format!("--reset --upgradeable-program {id} programs/mira/artifacts/mira.so"));
    elsewhere.shutdown().await;

    let other = [artifact::program_elf(), &[1]].concat();
    let changed = chain(pda::PROGRAM_ID, &other).await;
    let hash: String = Sha2::hashv(&[&other]).iter().map(|byte| format!("{byte:02x}")).collect();
    let message = format!("the program on this chain is another one: its bytecode has sha256 {hash}");
    on(changed.rpc_url(), "7").run().await.refused(&message);
    changed.shutdown().await;

    let held = chain(pda::PROGRAM_ID, artifact::program_elf()).await;
    let message = format!("who alone can make a network here, is {}", admin().pubkey());
    on(held.rpc_url(), "7").run().await.refused(&message);
    held.shutdown().await;

    let lonely = Mira::new().args(["demo", "--admin", "admin.json"]).run().await;
    lonely.refused("--ws-url and --admin are about a chain that is up already");
}

/// A server that says it is mainnet, and nothing else.
async fn a_public_cluster_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = tokio::spawn(async move {
        let (mut stream, mut asked) = (BufReader::new(listener.accept().await.unwrap().0), Vec::new());
        while let Some(request) = http::read(&mut stream).await {
            let call: Value = serde_json::from_slice(&request.body).unwrap();
            asked.push(call["method"].clone());
            let answer =
                json!({ "jsonrpc": "2.0", "id": call["id"], "result": "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d" });
            http::write(&mut stream, &Answer { status: 200, body: answer.to_string().into_bytes() }).await;
        }
        asked
    });
    on(&url, "7").run().await.refused("this is a public cluster");
    assert_eq!(asked.await.unwrap(), ["getGenesisHash"]);
}
