//! `GET /v1/decisions/{id}`.

use libtest_mimic::Trial;
use mira_dispatch::proof::reroute;
use mira_dispatch::route::TargetId;
use mira_dispatch::route::record::{Candidate, NONE, RouteRecord};
use mira_store::conformance::dispatch_epochs;
use mira_wire::request::body_hash;
use mira_wire::{HashHex, KeyStr, Kind, U64Str};

use crate::api::support::work::spec;
use crate::api::support::{World, assert_problem, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: shows_why_this_provider, the_same_seed_gives_the_same_decision, a_route_is_shown_by_its_number,
        an_unknown_one_is_not_found]
}

async fn shows_why_this_provider() {
    let world = World::placed(&spec()).await;
    let id = world.client.job_why(KeyStr(rows::JOB)).await.unwrap().data.decisions[0];
    let decision = world.client.decision(id).await.unwrap().data;
    assert_eq!((decision.id, decision.seed, decision.counter), (id, HashHex([7; 32]), U64Str(0)));
    assert_eq!(decision.spec_hash, HashHex(body_hash(&spec().to_bytes().unwrap())));
    assert_eq!((decision.winner, decision.runner_up), (Some(KeyStr(rows::PROVIDER)), None));
    let candidate = &decision.candidates[0];
    assert_eq!((candidate.provider, candidate.unit_price), (KeyStr(rows::PROVIDER), U64Str(1_000)));
    assert!(candidate.score.is_some() && candidate.rejected_by.is_empty());
    assert!(!decision.explanation.is_empty());
    world.stop().await;
}

async fn the_same_seed_gives_the_same_decision() {
    let mut decisions = Vec::new();
    for _ in 0..2 {
        let world = World::placed(&spec()).await;
        let id = world.client.job_why(KeyStr(rows::JOB)).await.unwrap().data.decisions[0];
        decisions.push(world.client.decision(id).await.unwrap().data);
        world.stop().await;
    }
    assert_eq!(decisions[0], decisions[1]);
}

async fn a_route_is_shown_by_its_number() {
    let world = World::start().await;
    let mut record = RouteRecord { schema: 1, job: rows::JOB, counter: 9, pool: 40, len: 2, ..RouteRecord::default() };
    (record.winner, record.runner_up, record.backup) = (1, 0, NONE);
    record.candidates[0] = Candidate { target: TargetId(5), score: 1 << 40, rejects: 1, ..Candidate::default() };
    record.candidates[1] = Candidate { target: TargetId(6), in_flight: 2, capacity: 4, ..Candidate::default() };
    dispatch_epochs::keep(&*world.store, reroute::write(&record).unwrap()).await;
    let route = world.client.route_decision(0).await.unwrap().data;
    assert_eq!((route.number, route.job, route.counter), (U64Str(0), KeyStr(rows::JOB), U64Str(9)));
    assert_eq!((route.attempt.as_str(), route.targets), ("first", 40));
    assert_eq!((route.winner, route.runner_up, route.backup), (Some(6), Some(5), None));
    let [first, second] = &route.candidates[..] else { panic!("{route:?}") };
    assert_eq!((first.score, first.rejected_by.as_slice()), (U64Str(1 << 40), &["hot".to_owned()][..]));
    assert_eq!((second.in_flight, second.capacity, second.rejected_by.len()), (2, 4, 0));
    assert!(route.explanation.contains("target 6 won"), "{}", route.explanation);
    assert_eq!(world.client.decision_proof("0").await.unwrap().data.kind, "route");
    refused(world.client.route_decision(1).await, Kind::DecisionNotFound);
    world.stop().await;
}

async fn an_unknown_one_is_not_found() {
    let world = World::start().await;
    refused(world.client.decision(HashHex([1; 32])).await, Kind::DecisionNotFound);
    refused(world.client.route_decision(7).await, Kind::DecisionNotFound);
    assert_problem(world.get("/v1/decisions/x").await, Kind::InvalidParameter).await;
    world.stop().await;
}
