//! `mira job show`.

use super::super::network::{number, shared};
use super::{NOWHERE, finished};
use serde_json::Value;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: a_job_is_shown_with_its_leases_and_shards, there_must_be_a_job]
}

async fn a_job_is_shown_with_its_leases_and_shards() {
    let made = finished().await;
    let document = shared().mira().args(["job", "show", &made.address]).run().await.document();
    let (job, shards) = (&document["job"], &document["shards"]);
    assert_eq!((&job["job"], &job["status"]), (&made.address.as_str().into(), &"open".into()), "{document}");
    assert_eq!((&job["tier"], &job["unit_kind"]), (&"batch".into(), &"fuel".into()));
    assert_eq!((&job["requester"], &job["funded"]), (&made.owner.key.to_string().into(), &made.document["funded"]));
    assert_eq!((&shards["total"], &shards["done"], &shards["failed"]), (&6.into(), &6.into(), &0.into()));
    let leases = document["leases"].as_array().unwrap();
    let caps: u64 = leases.iter().map(|lease: &Value| number(&lease["cap"])).sum();
    assert!(leases.len() >= 2 && caps <= number(&job["funded"]), "{document}");
}

async fn there_must_be_a_job() {
    let net = shared();
    let nowhere = net.mira().args(["job", "show", NOWHERE]).run().await;
    nowhere.refused("There is no such job as far as the index has seen");
    net.mira().args(["job", "show", "it"]).run().await.misused("`it` is not an address: 32 bytes in base58");
    net.mira().args(["job", "show"]).run().await.misused("<JOB>");
}
