//! `mira rebuild`: the index folded anew from its ledger.

use super::indexer::{index, verify};
use super::network::shared;
use mira_chain::pda;
use mira_store::Store;
use mira_store::model::{Projection, ProjectionKey, Set};
use mira_testkit::rows;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: the_live_index_verifies_beside_its_indexer, a_wrong_row_is_found_and_put_right, a_bad_database_is_refused]
}

async fn the_live_index_verifies_beside_its_indexer() {
    let net = shared();
    let report = verify(net, &net.database()).run().await.document();
    assert_eq!((&report["ok"], &report["state_hash"]), (&true.into(), &report["rebuilt_hash"]));
    assert!(report["events"].as_u64().unwrap() > 0);
    assert_eq!(report["state_hash"].as_str().unwrap().len(), 64);
}

/// Commits an empty slot with a change of the network's row that no event explains.
async fn break_a_row(store: &dyn Store) {
    let key = ProjectionKey::Network { config: pda::config().to_bytes() };
    let mut row = store.load(Set::Live, &[key]).await.unwrap().remove(0);
    let Projection::Network(network) = &mut row else { panic!("not the network: {row:?}") };
    network.seq += 1;
    rows::write(store, vec![row], Vec::new()).await;
}

async fn a_wrong_row_is_found_and_put_right() {
    let net = shared();
    let folder = tempfile::tempdir().unwrap();
    let (database, serving) = index(net, folder.path()).await;
    serving.interrupt().await;
    let good = verify(net, &database).run().await.document();
    let store = mira_store::open(&database).await.unwrap();
    break_a_row(&*store).await;
    store.close().await;

    let found = verify(net, &database).run().await.verdict();
    assert_eq!((&found["ok"], &found["rebuilt_hash"]), (&false.into(), &good["state_hash"]));
    assert_ne!(found["state_hash"], good["state_hash"]);
    assert_eq!(verify(net, &database).run().await.verdict(), found, "--verify changes nothing");
    let rebuilt = net.mira().args(["rebuild", "--database", &database]).run().await.verdict();
    assert_eq!(rebuilt["rebuilt_hash"], good["state_hash"]);
    let after = verify(net, &database).run().await.document();
    assert_eq!((&after["ok"], &after["state_hash"]), (&true.into(), &good["state_hash"]));
}

async fn a_bad_database_is_refused() {
    let net = shared();
    verify(net, "mysql://me@127.0.0.1/mira").run().await.refused("opening the database failed");
    verify(net, "sqlite:/nonexistent/mira.sqlite").run().await.refused("opening the database failed");
    net.mira().arg("rebuild").run().await.misused("--database <URL>");
}
