//! The whole of ingest against the program's bytecode on a local chain, over JSON-RPC, on both engines.

use super::running::Running;
use crate::harness::With;
use libtest_mimic::Trial;
use mira_indexer::SourceKind;
use mira_indexer::check::{self, CheckResult, Options};
use mira_indexer::rebuild::{rebuild, verify};
use mira_store::Store;
use mira_store::model::{Projection, ProjectionKey, Set};
use mira_store::scratch::Scratch;
use mira_testkit::network::Network;
use mira_testkit::rows;

pub fn trials() -> Vec<Trial> {
    trials![async: a_live_index_a_late_one_and_a_rebuilt_one_agree_and_the_books_hold]
        .with(trials![postgres: both_engines_fold_to_the_same_hash])
}

fn failed(results: &[CheckResult]) -> Vec<&CheckResult> {
    results.iter().filter(|result| !result.ok).collect()
}

async fn all_checks_hold(store: &dyn Store, network: &Network) {
    let results = check::run(store, &network.rpc, Options::default()).await.unwrap();
    let names: Vec<_> = results.iter().map(|result| result.name).collect();
    let expected = [
        "escrow_conserved",
        "committed",
        "stake_conserved",
        "exposure",
        "fees_conserved",
        "accounts_match",
        "ledger_complete",
        "rebuild_matches",
        "three_books",
    ];
    assert_eq!(names, expected);
    assert!(failed(&results).is_empty(), "{:#?}", failed(&results));
}

/// Commits an empty slot with a row that no event explains.
async fn break_a_row(store: &dyn Store, key: ProjectionKey) {
    let mut row = store.load(Set::Live, &[key]).await.unwrap().remove(0);
    let Projection::Provider(provider) = &mut row else { panic!("not a provider: {row:?}") };
    provider.open_leases += 1;
    provider.seq += 1;
    rows::write(store, vec![row], Vec::new()).await;
}

async fn a_live_index_a_late_one_and_a_rebuilt_one_agree_and_the_books_hold() {
    let network = Network::start(1).await;
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let live = Running::on(Scratch::sqlite(folders[0].path()).open().await.unwrap(), &network);
    network.furnish().await;
    let worked = [network.story().await, network.judgement().await];
    let slot = network.slot().await;
    let store = live.store.clone();
    let hash = live.finish(slot).await;

    for (lease, units) in worked {
        network.book(store.as_ref(), lease, units).await;
    }
    all_checks_hold(store.as_ref(), &network).await;

    let late = Running::on(Scratch::sqlite(folders[1].path()).open().await.unwrap(), &network);
    assert_eq!(late.finish(slot).await, hash, "an index that came late differs");

    the_other_ways_agree(store.as_ref(), &network, slot, hash).await;

    let provider = ProjectionKey::Provider { provider: network.provider().to_bytes() };
    break_a_row(store.as_ref(), provider).await;
    assert!(!verify(store.as_ref()).await.unwrap().matches());
    let once = Options { attempts: 1, ..Options::default() };
    let results = check::run(store.as_ref(), &network.rpc, once).await.unwrap();
    let names: Vec<_> = failed(&results).iter().map(|result| result.name).collect();
    assert_eq!(names, ["exposure", "accounts_match", "rebuild_matches"]);

    let report = rebuild(store.as_ref()).await.unwrap();
    assert!(!report.matches());
    assert_eq!(report.rebuilt, hash);
    all_checks_hold(store.as_ref(), &network).await;
    network.chain.shutdown().await;
}

/// Single transactions, and either source over two endpoints: the same ledger and rows to the byte.
async fn the_other_ways_agree(store: &dyn Store, network: &Network, slot: u64, hash: [u8; 32]) {
    let expected = store.events_after(None, Some(slot), 10_000).await.unwrap();
    for (source, endpoints) in [(SourceKind::Signatures, 1), (SourceKind::Signatures, 2), (SourceKind::Blocks, 2)] {
        let folder = tempfile::tempdir().unwrap();
        let other = Scratch::sqlite(folder.path()).open().await.unwrap();
        let running = Running::over(other.clone(), network, source, endpoints);
        assert_eq!(running.finish(slot).await, hash, "{source:?} over {endpoints} differs");
        let events = other.events_after(None, Some(slot), 10_000).await.unwrap();
        assert!(events == expected, "{source:?} over {endpoints}: {} events, not {}", events.len(), expected.len());
    }
}

async fn both_engines_fold_to_the_same_hash(server: String) {
    let network = Network::start(2).await;
    network.furnish().await;
    let folder = tempfile::tempdir().unwrap();
    let scratch = Scratch::postgres(&server).await.unwrap();
    let sqlite = Running::on(Scratch::sqlite(folder.path()).open().await.unwrap(), &network);
    let postgres = Running::on(scratch.open().await.unwrap(), &network);
    let worked = [network.story().await, network.judgement().await];
    let slot = network.slot().await;
    let store = postgres.store.clone();
    let hash = postgres.finish(slot).await;
    assert_eq!(sqlite.finish(slot).await, hash, "the engines differ");

    for (lease, units) in worked {
        network.book(store.as_ref(), lease, units).await;
    }
    let report = rebuild(store.as_ref()).await.unwrap();
    assert_eq!((report.live, report.rebuilt), (hash, hash));
    all_checks_hold(store.as_ref(), &network).await;
    store.close().await;
    scratch.drop().await.unwrap();
    network.chain.shutdown().await;
}
