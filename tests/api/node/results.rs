//! `POST /v1/node/results`.

use bytes::Bytes;
use libtest_mimic::Trial;
use mira_wire::node::{Assignment, Fault, MAX_ERROR_BYTES, Outcome, ResultRequest, Verdict};
use mira_wire::{HashHex, KeyStr, Kind, PageQuery, U64Str};

use crate::api::support::rows::{LEASE, OPERATOR, OTHER_OPERATOR};
use crate::api::support::work::{spec, work};
use crate::api::support::{World, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async:
        a_result_counts_once,
        a_failure_hands_the_shard_on,
        an_output_must_be_uploaded,
        what_was_not_asked_for_is_refused,
        only_the_operator_may_report,
    ]
}

const JOB: KeyStr = KeyStr(rows::JOB);

fn result(assignment: &Assignment, outcome: Outcome) -> ResultRequest {
    ResultRequest {
        provider: KeyStr(rows::PROVIDER),
        job: assignment.job,
        lease: assignment.lease,
        shard: assignment.shard,
        attempt: assignment.attempt,
        outcome,
    }
}

async fn done(world: &World) -> Outcome {
    let output = world.client.put_blob(Bytes::from_static(b"output")).await.unwrap().hash;
    Outcome::Ok { output, units: U64Str(400_000) }
}

async fn pull(world: &World) -> Assignment {
    world.node(OPERATOR).work(&work(5_000)).await.unwrap().assignment.expect("a shard")
}

/// Refused with this kind, and nothing was counted.
async fn changes_nothing(world: &World, request: &ResultRequest, kind: Kind) {
    let before = world.client.job_shards(JOB, &PageQuery::default()).await.unwrap().data;
    refused(world.node(OPERATOR).result(request).await, kind);
    assert_eq!(world.client.job_shards(JOB, &PageQuery::default()).await.unwrap().data, before);
}

async fn a_result_counts_once() {
    let world = World::leased(&spec()).await;
    let node = world.node(OPERATOR);
    let outcome = done(&world).await;
    let mut total = 0;
    for _ in 0..3 {
        let request = result(&pull(&world).await, outcome.clone());
        let reply = node.result(&request).await.unwrap();
        total += 400_000;
        assert_eq!((reply.verdict, reply.cumulative_units), (Verdict::Accepted, Some(U64Str(total))));
        assert_eq!(reply.amount_due, Some(U64Str(total / 1_000)));
        assert_eq!(node.result(&request).await.unwrap(), reply, "told again, counted once");
    }
    let shards = world.client.job_shards(JOB, &PageQuery::default()).await.unwrap().data;
    assert_eq!((shards.done, shards.total), (3, 3));
    assert_eq!((shards.leases[0].units, shards.leases[0].amount_due), (U64Str(1_200_000), U64Str(1_200)));
    assert!(shards.shards.iter().all(|shard| shard.state == "done" && shard.lease == Some(KeyStr(LEASE))));
    world.stop().await;
}

async fn a_failure_hands_the_shard_on() {
    let world = World::leased(&spec()).await;
    let assignment = pull(&world).await;
    let outcome = Outcome::Error { fault: Fault::Node, message: "disk full".to_owned() };
    let reply = world.node(OPERATOR).result(&result(&assignment, outcome)).await.unwrap();
    assert_eq!((reply.verdict, reply.amount_due), (Verdict::Failed, None));
    let shards = world.client.job_shards(JOB, &PageQuery::default()).await.unwrap().data;
    assert_eq!((shards.queued, shards.running, shards.done), (3, 0, 0));
    world.stop().await;
}

async fn an_output_must_be_uploaded() {
    let world = World::leased(&spec()).await;
    let assignment = pull(&world).await;
    let missing = Outcome::Ok { output: HashHex([9; 32]), units: U64Str(1) };
    changes_nothing(&world, &result(&assignment, missing), Kind::OutputMissing).await;
    world.stop().await;
}

async fn what_was_not_asked_for_is_refused() {
    let world = World::leased(&spec()).await;
    let assignment = pull(&world).await;
    let outcome = done(&world).await;
    let good = result(&assignment, outcome);
    let other_attempt = ResultRequest { attempt: 7, ..good.clone() };
    changes_nothing(&world, &other_attempt, Kind::ResultRejected).await;
    let other_shard = ResultRequest { shard: 99, ..good.clone() };
    changes_nothing(&world, &other_shard, Kind::ResultRejected).await;
    let other_job = ResultRequest { job: KeyStr([9; 32]), ..good.clone() };
    changes_nothing(&world, &other_job, Kind::ResultRejected).await;
    let other_lease = ResultRequest { lease: KeyStr([9; 32]), ..good.clone() };
    changes_nothing(&world, &other_lease, Kind::LeaseNotFound).await;
    let long = Outcome::Error { fault: Fault::Module, message: "x".repeat(MAX_ERROR_BYTES + 1) };
    changes_nothing(&world, &ResultRequest { outcome: long, ..good }, Kind::InvalidBody).await;
    world.stop().await;
}

async fn only_the_operator_may_report() {
    let world = World::leased(&spec()).await;
    let request = result(&pull(&world).await, done(&world).await);
    refused(world.node(OTHER_OPERATOR).result(&request).await, Kind::WrongOperator);
    world.stop().await;
}
