//! `mira epoch approve`.

use super::document;
use super::oracle::unhex;
use super::run::Run;
use libtest_mimic::Trial;
use serde_json::json;
use solana_sdk::signer::Signer;

pub fn trials() -> Vec<Trial> {
    trials![async: a_majority_of_authorities_makes_the_bundles_epoch_pending, what_does_not_verify_is_not_approved]
}

async fn a_majority_of_authorities_makes_the_bundles_epoch_pending() {
    let run = Run::worked(35).await;
    let (printed, file) = run.build("1.json", None).await;
    let [one, two, three] = &run.authorities;
    let approve = |signer| run.epoch(signer, "approve").arg(&file);
    let first = approve(one).args(["--database", &run.database()]).run().await.document();
    assert_eq!((&first["approvals"], &first["authorities"], &first["pending"]), (&json!(1), &json!(3), &json!(false)));
    assert_eq!((&first["digest"], &first["final_from"]), (&printed["digest"], &json!(null)));
    let stranger = &run.network.requester;
    approve(stranger).run().await.refused(&format!("{} is no reward authority", stranger.pubkey()));
    approve(one).run().await.refused("approving failed");
    let second = approve(two).run().await.document();
    assert_eq!((&second["approvals"], &second["pending"]), (&json!(2), &json!(true)));
    approve(three).run().await.refused("epoch 1 is pending");

    let (pending, bundle) = (run.rewards().await.pending.unwrap().epoch, document(&file));
    assert_eq!(pending.root, unhex(bundle["epoch"]["root"].as_str().unwrap()));
    assert_eq!(pending.report_hash, unhex(bundle["epoch"]["report_hash"].as_str().unwrap()));
    run.stop().await;
}

async fn what_does_not_verify_is_not_approved() {
    let run = Run::worked(36).await;
    let (_, file) = run.build("1.json", None).await;
    let mut bad = document(&file);
    bad["providers"][0]["lifetime"] = json!("1000000");
    let bad = run.file("bad.json", bad.to_string().as_bytes());
    let [one, ..] = &run.authorities;
    run.epoch(one, "approve").arg(&bad).run().await.refused("lifetime is 1000000, recomputed");

    // It follows from itself, but the ledger says otherwise.
    let bundle = mira_indexer::epoch::Bundle::from_json(&std::fs::read(&file).unwrap()).unwrap();
    let mut inputs = bundle.inputs().unwrap();
    inputs.header.time -= 1;
    let forged = mira_indexer::epoch::Bundle::from(&mira_indexer::epoch::fold(&inputs).unwrap());
    let forged = run.file("forged.json", forged.to_json().unwrap().as_bytes());
    let asked = run.epoch(one, "approve").arg(&forged).args(["--database", &run.database()]);
    asked.run().await.refused("epoch: time is");

    // Of another cluster.
    inputs.header.cluster = [7; 32];
    let other = mira_indexer::epoch::Bundle::from(&mira_indexer::epoch::fold(&inputs).unwrap());
    let other = run.file("other.json", other.to_json().unwrap().as_bytes());
    run.epoch(one, "approve").arg(&other).run().await.refused("the bundle is of another network");
    assert!(run.rewards().await.approvals.is_empty());
    run.stop().await;
}
