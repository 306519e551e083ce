//! `POST /v1/jobs/{job}/place`.

use bytes::Bytes;
use libtest_mimic::Trial;
use mira_core::amount::Payment;
use mira_core::tier::Tier;
use mira_store::model::{JobRow, JobState, NetworkRow};
use mira_wire::quote::Promise;
use mira_wire::request::body_hash;
use mira_wire::spec::JobSpec;
use mira_wire::{HashHex, KeyStr, Kind, PageQuery, U64Str};

use crate::api::support::work::{inputs, job_of, module, offer, quote, spec};
use crate::api::support::{World, assert_problem, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async:
        proposes_leases_once,
        keeps_the_quote_it_was_placed_with,
        a_job_that_cannot_be_placed_is_refused,
        a_paused_network_places_nothing,
        every_part_must_be_uploaded,
        a_specification_must_be_valid,
        a_specification_must_fit,
        a_module_must_be_webassembly,
        without_providers_it_says_why,
        the_body_is_checked,
    ]
}

const JOB: KeyStr = KeyStr(rows::JOB);

/// A world with a job of this specification, nothing uploaded.
async fn world_of(spec: &[u8]) -> World {
    World::with_rows(vec![rows::network().into(), rows::provider().into(), job_of(spec).into()]).await
}

/// Refused with this kind, and nothing changed.
async fn changes_nothing(world: &World, kind: Kind) {
    let before = world.state().await;
    refused(world.client.place(JOB).await, kind);
    assert_eq!(world.state().await, before);
}

async fn proposes_leases_once() {
    let bytes = spec().to_bytes().unwrap();
    let world = world_of(&bytes).await;
    world.upload(&bytes).await;
    world.node(rows::OPERATOR).offer(&offer()).await.unwrap();
    let placed = world.client.place(JOB).await.unwrap().data;
    assert_eq!((placed.job, placed.shards), (JOB, 3));
    assert_eq!((placed.proposals.len(), placed.decisions.len()), (1, 1));
    let proposal = &placed.proposals[0];
    assert_eq!((proposal.provider, proposal.unit_price), (KeyStr(rows::PROVIDER), U64Str(1_000)));
    assert!(proposal.cap.get() >= 1_500, "it covers the work expected");
    assert_eq!(world.client.place(JOB).await.unwrap().data, placed);
    world.stop().await;
}

async fn keeps_the_quote_it_was_placed_with() {
    let bytes = spec().to_bytes().unwrap();
    let world = world_of(&bytes).await;
    world.upload(&bytes).await;
    world.node(rows::OPERATOR).offer(&offer()).await.unwrap();
    let quote = world.client.quote(&quote()).await.unwrap().data;
    let other = Promise { tier: "pipeline".to_owned(), ..quote.promise.clone() };
    refused(world.client.place_quoted(JOB, Some(other)).await, Kind::SpecMismatch);
    world.client.place_quoted(JOB, Some(quote.promise.clone())).await.unwrap();
    let later = Promise { expected_cost: U64Str(1), ..quote.promise.clone() };
    let recorded = world.store.last_dispatch_seq().await.unwrap();
    world.client.place_quoted(JOB, Some(later)).await.unwrap();
    assert_eq!(world.store.last_dispatch_seq().await.unwrap(), recorded, "the first one counts");
    let kept = world.client.job_shards(JOB, &PageQuery::default()).await.unwrap().data.quote.unwrap();
    assert_eq!((kept.id, kept.cost.quoted, kept.cost.actual), (quote.id, U64Str(1_500), Some(U64Str(0))));
    assert_eq!((kept.start_ms.quoted, kept.start_ms.actual), (quote.promise.start.p50_ms, None));
    assert_eq!(kept.completion_ms, None, "no time limit was stated");
    world.stop().await;
}

async fn a_job_that_cannot_be_placed_is_refused() {
    let bytes = spec().to_bytes().unwrap();
    let job = || job_of(&bytes);
    for (row, kind) in [
        (JobRow { status: JobState::Closing, ..job() }, Kind::JobNotOpen),
        (JobRow { status: JobState::Closed, ..job() }, Kind::JobNotOpen),
        (JobRow { deadline: rows::NOW, ..job() }, Kind::DeadlinePassed),
        (JobRow { dispatcher: None, ..job() }, Kind::WrongDispatcher),
        (JobRow { dispatcher: Some([9; 32]), ..job() }, Kind::WrongDispatcher),
        (JobRow { funded: Payment::new(0), ..job() }, Kind::EscrowInsufficient),
        (JobRow { job: [9; 32], ..job() }, Kind::JobNotFound),
    ] {
        let world = World::with_rows(vec![rows::network().into(), row.into()]).await;
        world.upload(&bytes).await;
        changes_nothing(&world, kind).await;
        world.stop().await;
    }
}

async fn a_paused_network_places_nothing() {
    let bytes = spec().to_bytes().unwrap();
    let network = NetworkRow { paused: true, ..rows::network() };
    let world = World::with_rows(vec![network.into(), rows::provider().into(), job_of(&bytes).into()]).await;
    world.upload(&bytes).await;
    world.node(rows::OPERATOR).offer(&offer()).await.unwrap();
    changes_nothing(&world, Kind::NetworkPaused).await;
    world.stop().await;
}

async fn every_part_must_be_uploaded() {
    let bytes = spec().to_bytes().unwrap();
    let world = world_of(&bytes).await;
    let put = async |blob: Bytes| world.client.put_blob(blob).await.unwrap();
    changes_nothing(&world, Kind::SpecMissing).await;
    put(bytes.clone().into()).await;
    changes_nothing(&world, Kind::ModuleMissing).await;
    put(module()).await;
    changes_nothing(&world, Kind::InputMissing).await;
    put(inputs()[0].clone()).await;
    put(inputs()[1].clone()).await;
    changes_nothing(&world, Kind::InputMissing).await;
    world.stop().await;
}

async fn a_specification_must_be_valid() {
    let json = |change: fn(&mut JobSpec)| {
        let mut spec = spec();
        change(&mut spec);
        serde_json::to_vec(&spec).unwrap()
    };
    for (bytes, kind) in [
        (b"not json".to_vec(), Kind::SpecInvalid),
        (b"{}".to_vec(), Kind::SpecInvalid),
        (json(|spec| spec.version = 2), Kind::SpecInvalid),
        (json(|spec| spec.tier = "fast".to_owned()), Kind::UnknownTier),
        (json(|spec| spec.region = "EU".to_owned()), Kind::SpecInvalid),
        (json(|spec| spec.shards.clear()), Kind::SpecInvalid),
        (json(|spec| spec.fuel_limit = U64Str(0)), Kind::SpecInvalid),
        (json(|spec| spec.time_limit_ms = U64Str(u64::MAX)), Kind::SpecInvalid),
        (json(|spec| spec.memory_limit_bytes = U64Str(u64::MAX)), Kind::SpecInvalid),
    ] {
        let world = world_of(&bytes).await;
        world.upload(&bytes).await;
        changes_nothing(&world, kind).await;
        world.stop().await;
    }
}

async fn a_specification_must_fit() {
    let bytes = spec().to_bytes().unwrap();
    let row = JobRow { tier: Tier::Interactive, ..job_of(&bytes) };
    let world = World::with_rows(vec![rows::network().into(), row.into()]).await;
    world.upload(&bytes).await;
    changes_nothing(&world, Kind::SpecMismatch).await;
    world.stop().await;

    let mut longer = spec();
    longer.shards[1].bytes = U64Str(4);
    let bytes = longer.to_bytes().unwrap();
    let world = world_of(&bytes).await;
    world.upload(&bytes).await;
    changes_nothing(&world, Kind::SpecMismatch).await;
    world.stop().await;
}

async fn a_module_must_be_webassembly() {
    for module in [&b""[..], b"\0asm", b"\0asm\x02\0\0\0", b"#!/bin/sh\n"] {
        let bytes = JobSpec { module: HashHex(body_hash(module)), ..spec() }.to_bytes().unwrap();
        let world = world_of(&bytes).await;
        world.upload(&bytes).await;
        world.client.put_blob(Bytes::copy_from_slice(module)).await.unwrap();
        changes_nothing(&world, Kind::ModuleMalformed).await;
        world.stop().await;
    }
}

async fn without_providers_it_says_why() {
    let bytes = spec().to_bytes().unwrap();
    let world = world_of(&bytes).await;
    world.upload(&bytes).await;
    refused(world.client.place(JOB).await, Kind::NoCandidate);
    let why = world.client.job_why(JOB).await.unwrap().data;
    assert!(!why.message.is_empty() && why.live_leases == 0, "{why:?}");
    world.stop().await;
}

async fn the_body_is_checked() {
    let world = World::start().await;
    let path = format!("/v1/jobs/{JOB}/place");
    assert_problem(world.post(&path, "{\"force\":true}").await, Kind::InvalidBody).await;
    assert_problem(world.post("/v1/jobs/abc/place", "{}").await, Kind::InvalidParameter).await;
    world.stop().await;
}
