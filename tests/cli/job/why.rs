//! `mira job why`.

use super::super::network::shared;
use super::{NOWHERE, finished};

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: a_job_says_how_it_stands_and_what_was_decided, there_must_be_a_job]
}

async fn a_job_says_how_it_stands_and_what_was_decided() {
    let made = finished().await;
    let net = shared();
    let document = net.mira().args(["job", "why", &made.address]).run().await.document();
    let why = &document["why"];
    assert_eq!((&why["job"], &why["status"]), (&made.address.as_str().into(), &"complete".into()), "{document:#}");
    assert_eq!(why["message"], "all 6 shards are done");
    let decisions = why["decisions"].as_array().unwrap();
    assert!(decisions.len() >= 2);
    // Each can be explained.
    let explained = net.mira().args(["explain", decisions[0].as_str().unwrap()]).run().await.document();
    assert_eq!(explained["ok"], true, "{explained:#}");
}

async fn there_must_be_a_job() {
    let net = shared();
    net.mira().args(["job", "why", NOWHERE]).run().await.refused("There is no such job as far as the index has seen");
    net.mira().args(["job", "why", "it"]).run().await.misused("`it` is not an address: 32 bytes in base58");
    net.mira().args(["job", "why"]).run().await.misused("<JOB>");
}
