//! `mira prune`: what is old goes, and everything that can be proved is proved as before.

use super::indexer::{index_into, verify};
use super::network::shared;
use super::process::{Mira, until};
use crate::harness::With;
use mira_indexer::STREAM;
use mira_store::conformance::books;
use mira_store::scratch::Scratch;
use serde_json::Value;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: an_index_is_pruned_beside_its_indexer, bad_input_is_refused]
        .with(trials![postgres: an_index_on_postgres_is_pruned_beside_its_indexer])
}

async fn an_index_is_pruned_beside_its_indexer() {
    let folder = tempfile::tempdir().unwrap();
    story(&Scratch::sqlite(folder.path())).await;
}

async fn an_index_on_postgres_is_pruned_beside_its_indexer(server: String) {
    let scratch = Scratch::postgres(&server).await.unwrap();
    story(&scratch).await;
    scratch.drop().await.unwrap();
}

/// Whether differences last is of no interest here, seconds.
const TOLERATED: &str = "1000000000";

fn mira(command: &str, database: &str) -> Mira {
    Mira::new().args(["--json", command, "--database", database])
}

async fn prune(database: &str, args: &[&str]) -> Value {
    mira("prune", database).args(args).run().await.document()
}

fn count(document: &Value, name: &str) -> u64 {
    document[name].as_u64().unwrap_or_else(|| panic!("no {name} in {document:#}"))
}

/// What a proof counted, whether it was compacted or not.
fn figures(proof: &Value) -> [u64; 4] {
    let compacted = |name: &str| proof["compacted"].get(name).map_or(0, |count| count.as_u64().unwrap());
    let all = |name: &str| count(proof, name) + compacted(name);
    [all("slots"), all("skipped"), count(proof, "events"), count(proof, "aggregates")]
}

async fn slots(scratch: &Scratch) -> i64 {
    scratch.count("chain_slot").await.unwrap()
}

async fn story(scratch: &Scratch) {
    let (net, database) = (shared(), scratch.url());
    let serving = index_into(net, database).await;
    until("some slots", async || (slots(scratch).await > 60).then_some(())).await;

    // Epochs of the last minutes are open, and the chain is not older.
    let held = prune(database, &["--keep-slots", "20"]).await;
    assert_eq!((count(&held, "slots"), held["horizon"].is_null()), (0, true), "{held}");
    assert!(held["held"].as_str().unwrap().ends_with("because reward epochs of that time are open"), "{held}");

    // An hour passes for all but the newest slots.
    scratch.lower("chain_slot", "block_time", 3_600, "slot > 0").await.unwrap();
    let aged = slots(scratch).await;
    until("a slot of now", async || (slots(scratch).await > aged + 2).then_some(())).await;
    let gone = prune(database, &["--keep-slots", "20"]).await;
    assert!(count(&gone, "slots") > 0 && count(&gone, "slots") == count(&gone, "compacted"), "{gone}");

    // The indexer goes on, and every proof holds.
    let before = slots(scratch).await;
    until("the index goes on", async || (slots(scratch).await > before + 2).then_some(())).await;
    serving.interrupt().await;
    let proof = mira("prove-gaps", database).run().await.document();
    assert_eq!((&proof["first_slot"], &proof["proof"]), (&gone["horizon"], &"parent links".into()));
    assert_eq!(proof["compacted"]["slots"], gone["slots"]);
    assert_eq!(verify(net, database).run().await.document()["ok"], true);
    again(scratch, &proof).await;
    old_runs_and_requests(scratch).await;
    what_is_not_whole_stays(scratch).await;
}

/// Nothing else writes now: the same is proved and reconciled before and after.
async fn again(scratch: &Scratch, proof: &Value) {
    let database = scratch.url();
    let books = async || {
        let look = mira("reconcile", database).args(["--dry-run", "--tolerate", TOLERATED]).run().await;
        let mut document = look.document();
        // What is seen for the first time is dated by the look.
        document.as_object_mut().unwrap().remove("at");
        for item in document["items"].as_array_mut().unwrap() {
            item.as_object_mut().unwrap().retain(|name, _| name != "since" && name != "age_secs");
        }
        document
    };
    let (before, kept) = (books().await, slots(scratch).await);
    let older = "slot < (SELECT max(slot) FROM chain_slot WHERE state = 0)";
    scratch.lower("chain_slot", "block_time", 3_600, older).await.unwrap();
    let gone = prune(database, &["--keep-slots", "5"]).await;
    assert!(count(&gone, "slots") > 0, "{gone}");
    assert_eq!(slots(scratch).await, kept - i64::try_from(count(&gone, "slots")).unwrap());
    let after = mira("prove-gaps", database).run().await.document();
    assert_eq!((figures(&after), &after["first_slot"]), (figures(proof), &gone["horizon"]));
    assert_eq!(books().await, before);
    let nothing = prune(database, &["--keep-slots", "5"]).await;
    assert_eq!((count(&nothing, "slots"), &nothing["horizon"]), (0, &gone["horizon"]));
}

async fn old_runs_and_requests(scratch: &Scratch) {
    let database = scratch.url();
    let store = scratch.open().await.unwrap();
    let claim = books::held(&*store, STREAM).await;
    books::fill(&*store, &claim).await;
    assert!(store.close_gap(&claim, b"lease", 1).await.unwrap());
    store.close().await;
    for _ in 0..2 {
        mira("reconcile", database).args(["--tolerate", TOLERATED]).run().await.document();
    }
    scratch.lower("recon_run", "at_ms", 864_000_000, "run < 3").await.unwrap();
    let gone = prune(database, &["--keep-recon-days", "5", "--keep-requests-hours", "24"]).await;
    assert_eq!((count(&gone, "runs"), count(&gone, "requests"), count(&gone, "slots")), (2, 3, 0), "{gone}");
    for (table, left) in [("recon_run", 1), ("idempotency", 0), ("node_nonce", 1)] {
        assert_eq!(scratch.count(table).await.unwrap(), left, "{table}");
    }
    let none = prune(database, &["--keep-recon-days", "0"]).await;
    assert_eq!(count(&none, "runs"), 0, "the newest stays");
    for table in ["usage_report", "usage_quarantine", "voucher", "voucher_history", "tx_intent", "dispatch_input"] {
        assert!(scratch.count(table).await.unwrap() > 0, "{table}");
    }
}

async fn what_is_not_whole_stays(scratch: &Scratch) {
    let store = scratch.open().await.unwrap();
    let first = store.horizon(STREAM).await.unwrap().unwrap().slot;
    store.close().await;
    scratch.delete("chain_slot", &format!("slot = {}", first + 1)).await.unwrap();
    let left = slots(scratch).await;
    let refused = mira("prune", scratch.url()).args(["--keep-slots", "2"]).run().await;
    refused.refused("pruning failed: the ledger has");
    assert_eq!(slots(scratch).await, left);
}

async fn bad_input_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("mira.sqlite").display());
    mira("prune", &database).run().await.refused("what to prune is not known");
    mira("prune", &database).args(["--keep-slots", "1"]).run().await.refused("opening the database failed");
    assert!(!folder.path().join("mira.sqlite").exists(), "a database that is missing is not made");
    mira("prune", &database).args(["--keep-requests-hours", "23"]).run().await.misused("23 is not in 24..");
    mira("prune", &database).args(["--keep-slots", "many"]).run().await.misused("invalid digit");
    Mira::new().args(["prune", "--keep-slots", "1"]).run().await.misused("--database <URL>");
}
