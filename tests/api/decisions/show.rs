//! `GET /v1/decisions/{id}`.

use libtest_mimic::Trial;
use mira_wire::request::body_hash;
use mira_wire::{HashHex, KeyStr, Kind, U64Str};

use crate::api::support::work::spec;
use crate::api::support::{World, assert_problem, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: shows_why_this_provider, the_same_seed_gives_the_same_decision, an_unknown_one_is_not_found]
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

async fn an_unknown_one_is_not_found() {
    let world = World::start().await;
    refused(world.client.decision(HashHex([1; 32])).await, Kind::DecisionNotFound);
    refused(world.client.route_decision(7).await, Kind::DecisionNotFound);
    assert_problem(world.get("/v1/decisions/x").await, Kind::InvalidParameter).await;
    world.stop().await;
}
