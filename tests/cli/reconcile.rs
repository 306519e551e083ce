//! `mira reconcile`: the three books of an index.

use super::network::shared;
use super::process::Mira;
use crate::api::support::rows;
use mira_core::amount::{Payment, Units};
use mira_store::model::{LeaseRow, UsageReport};
use mira_wire::KeyStr;
use std::path::Path;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: a_run_is_kept_and_an_exception_fails_when_it_lasts, a_live_index_is_reconciled, bad_input_is_refused]
}

/// An index with an open lease on which 60 is owed, and one over-settled by 30.
async fn index(folder: &Path) -> String {
    let database = format!("sqlite:{}", folder.join("books.sqlite").display());
    let store = mira_store::open(&database).await.unwrap();
    let open = rows::opened(&rows::job()).1;
    let over = LeaseRow {
        lease: [0x32; 32],
        settled: Payment::new(100),
        fee_paid: Payment::new(5),
        units: Units::new(100_000),
        ..open.clone()
    };
    rows::write(&*store, vec![open.clone().into(), over.clone().into()], Vec::new()).await;
    for (lease, units) in [(open.lease, 60_000), (over.lease, 70_000)] {
        let report = UsageReport {
            lease,
            seq: 1,
            cumulative_units: Units::new(units),
            items: 1,
            outputs_hash: [1; 32],
            signer: open.operator,
            signature: [2; 64],
            received_ms: 1_000,
        };
        store.put_usage(report).await.unwrap();
    }
    store.close().await;
    database
}

fn reconcile(database: &str) -> Mira {
    Mira::new().args(["--json", "reconcile", "--database", database])
}

async fn a_run_is_kept_and_an_exception_fails_when_it_lasts() {
    let folder = tempfile::tempdir().unwrap();
    let database = index(folder.path()).await;
    let look = reconcile(&database).arg("--dry-run").run().await.verdict();
    assert_eq!((&look["run"], &look["lasting"]), (&serde_json::Value::Null, &1.into()));

    let first = reconcile(&database).run().await.verdict();
    assert_eq!((&first["ok"], &first["run"], &first["slot"]), (&false.into(), &1.into(), &10.into()));
    assert_eq!((&first["eligible"], &first["eligible_fees"]), (&"70".into(), &"3".into()));
    let items = first["items"].as_array().unwrap();
    let field = |name: &str| items.iter().map(|item| item[name].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(field("class"), ["unvouchered", "over_settled"]);
    assert_eq!(field("owner"), ["requester", "provider"]);
    assert_eq!(field("state"), ["pending", "exception"]);
    assert_eq!(field("amount"), ["60", "30"]);
    assert_eq!(field("lease"), [KeyStr(rows::LEASE).to_string(), KeyStr([0x32; 32]).to_string()]);
    assert_eq!(items[0]["since"], "1970-01-01T00:00:01Z");

    // Tolerated for a day; and what is pending is nobody's fault, however old.
    let tolerant = reconcile(&database).args(["--tolerate", "86400"]).run().await.document();
    assert_eq!((&tolerant["ok"], &tolerant["run"]), (&true.into(), &2.into()));
    assert_eq!(tolerant["items"][1]["since"], first["items"][1]["since"], "a run continues the ages of the last");
    let pending = reconcile(&database).args(["--class", "unvouchered"]).run().await.document();
    assert_eq!(pending["items"].as_array().unwrap().len(), 1);
    assert_eq!(pending["classes"].as_array().unwrap().len(), 1);
    reconcile(&database).args(["--class", "over_settled", "--keep", "2"]).run().await.verdict();
    let store = mira_store::open(&database).await.unwrap();
    let runs = store.recon_runs(None, 10).await.unwrap().rows;
    assert_eq!(runs.iter().map(|run| run.run).collect::<Vec<_>>(), [4, 3]);
    store.close().await;
}

async fn a_live_index_is_reconciled() {
    let net = shared();
    // Its parties are other tests of this folder, which may leave anything behind.
    let look = net.mira().args(["reconcile", "--dry-run", "--tolerate", "1000000", "--database", &net.database()]);
    let classes = look.run().await.document()["classes"].clone();
    assert_eq!(classes.as_array().unwrap().len(), 10);
}

async fn bad_input_is_refused() {
    reconcile("mysql://me@127.0.0.1/mira").run().await.refused("opening the database failed");
    Mira::new().arg("reconcile").run().await.misused("--database <URL>");
    let class = reconcile("sqlite:x").args(["--class", "odd"]).run().await;
    class.misused("not a class; the classes are matched, unvouchered");
    reconcile("sqlite:x").args(["--keep", "0"]).run().await.misused("0 is not in 1..");
}
