//! `mira epoch build`: the bundle of a real run is what straight lines make of it.

use super::document;
use super::oracle::{self, Expected, unhex};
use super::run::Run;
use crate::cli::network::number;
use libtest_mimic::Trial;
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![async: a_run_folds_into_what_straight_lines_make_of_it, a_network_without_work_has_an_epoch_too]
}

async fn a_run_folds_into_what_straight_lines_make_of_it() {
    let run = Run::worked(31).await;
    let (printed, file) = run.build("1.json", None).await;
    let (bundle, rewards) = (document(&file), run.rewards().await);
    let expected = oracle::epoch(&run.worked, rewards.swept, &Expected::default());
    let epoch = &bundle["epoch"];
    assert_eq!(number(&epoch["cumulative_fees"]), expected.cumulative_fees);
    assert_eq!(number(&epoch["cumulative_total"]), expected.cumulative_total);
    assert_eq!(number(&epoch["to_treasury"]), expected.to_treasury);
    assert_eq!(unhex(epoch["root"].as_str().unwrap()), expected.root);
    assert_eq!(unhex(epoch["report_hash"].as_str().unwrap()), oracle::report_hash(&bundle));
    assert_eq!((number(&epoch["index"]), number(&epoch["swept"])), (1, rewards.swept));
    assert_eq!(bundle["providers"].as_array().unwrap().len(), 3);
    for line in bundle["providers"].as_array().unwrap() {
        let has = expected.has[&line["provider"].as_str().unwrap().parse::<Pubkey>().unwrap()];
        assert_eq!((number(&line["fees"]), number(&line["lifetime"])), (has.fees, has.lifetime), "{line}");
    }
    assert_eq!((&printed["root"], &printed["report_hash"]), (&epoch["root"], &epoch["report_hash"]));
    assert_eq!((&printed["leases"], &printed["providers"]), (&"4".into(), &"3".into()));

    // The same slot gives the same bytes, also when more was reported and indexed since.
    let late = (number(&epoch["time"]) + 1) * 1_000;
    run.report(run.worked[1].lease, 2, 30_000, i64::try_from(late).unwrap()).await;
    run.indexed().await;
    let slot = epoch["slot"].as_str().unwrap();
    let build = |name: &str| run.epoch(&run.network.admin, "build").arg("--out").arg(run.path(name));
    let again = build("again.json").args(["--database", &run.database(), "--slot", slot]);
    again.run().await.document();
    assert_eq!(std::fs::read(run.path("again.json")).unwrap(), std::fs::read(&file).unwrap());

    let future = build("no.json").args(["--database", &run.database(), "--slot", "99999999"]);
    future.run().await.refused("slot 99999999 is not indexed");
    let before = build("no.json").args(["--database", &run.database(), "--previous"]).arg(&file);
    before.run().await.refused("no epoch is final yet: leave --previous out");
    let elsewhere = build("no.json").args(["--database", "sqlite:/nonexistent/mira.sqlite"]);
    elsewhere.run().await.refused("opening the database failed");
    assert!(!run.path("no.json").exists());
    run.stop().await;
}

async fn a_network_without_work_has_an_epoch_too() {
    let run = Run::start(32).await;
    run.indexed().await;
    let (printed, file) = run.build("1.json", None).await;
    assert_eq!((&printed["leases"], &printed["cumulative_total"]), (&"0".into(), &"0".into()));
    assert_eq!(unhex(document(&file)["epoch"]["root"].as_str().unwrap()), [0; 32]);
    run.finalized("1.json").await;
    assert_eq!(run.rewards().await.last.index, 1);
    run.stop().await;
}
