//! `mira prove-gaps`: nothing is missing from the ledger of an index.

use super::indexer::index;
use super::network::shared;
use super::process::Mira;
use mira_chain::event::{Aggregate, Event};
use mira_indexer::STREAM;
use mira_store::Store;
use mira_store::model::{ChainSlot, Claim, Gap, RawEvent, SlotCommit};
use std::path::Path;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: a_live_ledger_is_whole_and_holes_are_named, an_empty_ledger_is_whole, a_bad_database_is_refused]
}

fn prove(database: &str) -> Mira {
    Mira::new().args(["--json", "prove-gaps", "--database", database])
}

async fn a_live_ledger_is_whole_and_holes_are_named() {
    let net = shared();
    let live = prove(&net.database()).run().await.document();
    assert_eq!((&live["ok"], &live["holes"], &live["proof"]), (&true.into(), &0.into(), &"parent links".into()));
    assert!(live["events"].as_u64().unwrap() > 0 && live["aggregates"].as_u64().unwrap() > 0, "{live}");

    let folder = tempfile::tempdir().unwrap();
    let (database, serving) = index(net, folder.path()).await;
    serving.interrupt().await;
    let whole = prove(&database).run().await.document();
    assert_eq!(whole["ok"], true);
    let store = mira_store::open(&database).await.unwrap();
    let slot = whole["first_slot"].as_u64().unwrap() + 1;
    let (torn, seq) = copy(&*store, folder.path(), slot).await;
    let gap = Gap { subject: b"slots".to_vec(), first: 3, last: 5, reason: "pruned".into(), found_ms: 1 };
    let cursor = store.claim(STREAM).await.unwrap();
    let claim = Claim { stream: cursor.stream, fence: cursor.fence, at: cursor.slot };
    store.record_gap(&claim, gap).await.unwrap();
    store.close().await;
    let noted = prove(&database).run().await.verdict();
    assert_eq!((&noted["holes"], &noted["missing"][0]["code"]), (&1.into(), &"gap_noted".into()));

    let torn = prove(&torn).run().await.verdict();
    let missing = torn["missing"].as_array().unwrap();
    let detail = |code: &str| missing.iter().find(|hole| hole["code"] == code).expect(code)["detail"].as_str().unwrap();
    assert_eq!(detail("slots_missing"), format!("slots {slot} to {slot} are not recorded"));
    assert!(detail("events_missing").contains(&format!("events {seq} to {seq} are missing")), "{torn:#}");
}

/// A ledger without this slot's row and without an event that others follow; gives its number, too.
async fn copy(whole: &dyn Store, folder: &Path, without: u64) -> (String, u64) {
    let database = format!("sqlite:{}", folder.join("torn.sqlite").display());
    let mut slots: Vec<ChainSlot> = Vec::new();
    loop {
        let page = whole.chain_slots(slots.last().map(|row| row.slot), 1_000).await.unwrap();
        if page.is_empty() {
            break;
        }
        slots.extend(page);
    }
    slots.retain(|row| row.slot != without);
    let mut events = whole.events_after(None, None, 10_000).await.unwrap();
    let (gone, seq) = followed(&events);
    events.remove(gone);
    let end = whole.cursor(STREAM).await.unwrap().unwrap();
    let store = mira_store::open(&database).await.unwrap();
    let fence = store.claim(STREAM).await.unwrap().fence;
    let commit = SlotCommit {
        claim: Claim { stream: STREAM.to_owned(), fence, at: None },
        slots,
        events,
        writes: Vec::new(),
        dead_letters: Vec::new(),
        slot: end.slot.unwrap(),
        blockhash: end.blockhash.unwrap(),
    };
    store.commit_slot(commit).await.unwrap();
    store.close().await;
    (database, seq)
}

/// The first event whose aggregate goes on, and its number there.
fn followed(events: &[RawEvent]) -> (usize, u64) {
    let aggregates = |event: &RawEvent| Event::decode(&event.discriminator, &event.payload).unwrap().aggregates();
    let all: Vec<_> = events.iter().flat_map(aggregates).collect();
    let goes_on = |one: &Aggregate| all.contains(&Aggregate { seq: one.seq + 1, ..*one });
    let mut found = events.iter().enumerate().filter_map(|(at, event)| match aggregates(event).as_slice() {
        [only] if goes_on(only) => Some((at, only.seq)),
        _ => None,
    });
    found.next().expect("a provider registers, then stakes")
}

async fn an_empty_ledger_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let report = prove(&format!("sqlite:{}", folder.path().join("new.sqlite").display())).run().await.document();
    assert_eq!((&report["ok"], &report["cursor"]), (&true.into(), &serde_json::Value::Null));
}

async fn a_bad_database_is_refused() {
    prove("mysql://me@127.0.0.1/mira").run().await.refused("opening the database failed");
    prove("sqlite:/nonexistent/mira.sqlite").run().await.refused("opening the database failed");
    Mira::new().arg("prove-gaps").run().await.misused("--database <URL>");
}
