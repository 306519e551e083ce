//! `mira job result`.

use super::super::network::shared;
use super::{NOWHERE, TEXT, create, finished, job};
use token_index::{Index, split};

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: the_result_equals_the_direct_computation, an_unfinished_job_has_no_result, there_must_be_a_job_and_a_place_to_write]
}

async fn the_result_equals_the_direct_computation() {
    let (net, made) = (shared(), finished().await);
    let fetch = async |args: &[&str], name: &str| {
        let file = made.owner.path(name);
        let command = job(net, &made.owner, "result").args(args).arg(&made.address).arg("--out").arg(&file);
        let document = command.run().await.document();
        let bytes = std::fs::read(&file).unwrap();
        assert_eq!((&document["shards"], &document["bytes"]), (&6.into(), &bytes.len().into()));
        bytes
    };
    let merged = fetch(&["--merge", "token-index"], "merged.bin").await;
    assert_eq!(merged, Index::of(TEXT).encode());
    let parts = split(TEXT, 6).unwrap().into_iter().map(|range| Index::of(&TEXT[range]).encode());
    assert_eq!(fetch(&[], "parts.bin").await, parts.collect::<Vec<_>>().concat());
}

/// Its leases open only when the chain is final, some seconds after `create` has ended.
async fn an_unfinished_job_has_no_result() {
    let net = shared();
    let made = create(net, &["--detach"]).await;
    let file = made.owner.path("early.bin");
    let early = job(net, &made.owner, "result").arg(&made.address).arg("--out").arg(&file).run().await;
    early.refused("of 6 shards are done");
    assert!(!file.exists());
}

async fn there_must_be_a_job_and_a_place_to_write() {
    let (net, made) = (shared(), finished().await);
    let file = made.owner.path("nothing.bin");
    let result = |address: &str| job(net, &made.owner, "result").arg(address);
    let nowhere = result(NOWHERE).arg("--out").arg(&file).run().await;
    nowhere.refused("There is no such job as far as the index has seen");
    result("it").arg("--out").arg(&file).run().await.misused("`it` is not an address: 32 bytes in base58");
    result(&made.address).run().await.misused("--out <FILE>");
    assert!(!file.exists());
    let folder = result(&made.address).args(["--out", "/nonexistent/result.bin"]).run().await;
    folder.refused("cannot write /nonexistent/result.bin");
}
