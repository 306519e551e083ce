//! `GET /v1/decisions/{id}/proof`.

use std::time::Duration;

use libtest_mimic::Trial;
use mira_core::hash::{Sha2, Sha256};
use mira_core::{Hash, merkle};
use mira_store::scratch::Scratch;
use mira_wire::dispatch::DecisionProof;
use mira_wire::request::verify_strict;
use mira_wire::{HashHex, KeyStr, Kind};

use crate::api::support::work::spec;
use crate::api::support::{World, assert_problem, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: a_decision_is_proven_once_its_epoch_is_closed, an_unknown_one_is_not_found]
}

async fn a_decision_is_proven_once_its_epoch_is_closed() {
    let world = World::placed(&spec()).await;
    let id = world.client.job_why(KeyStr(rows::JOB)).await.unwrap().data.decisions[0];
    let open = world.client.decision_proof(&id.to_string()).await.unwrap().data;
    assert_eq!((open.kind.as_str(), open.inclusion), ("placement", None));

    world.pass(Duration::from_secs(600));
    // Whoever asks lets the dispatcher see the time.
    world.client.job_why(KeyStr(rows::JOB)).await.unwrap();
    let proof = world.client.decision_proof(&id.to_string()).await.unwrap().data;
    assert_eq!((&proof.record, proof.in_log), (&open.record, true));
    // The proof outlives the input.
    let input = proof.input.get();
    let gone = Scratch::sqlite(world.folder()).delete("dispatch_input", &format!("seq <= {input}")).await;
    gone.unwrap();
    let pruned = world.client.decision_proof(&id.to_string()).await.unwrap().data;
    assert_eq!(pruned, DecisionProof { in_log: false, ..proof.clone() });
    let inclusion = proof.inclusion.unwrap();
    let epoch = &inclusion.epoch;
    assert_eq!((epoch.number.get(), epoch.first_input.get(), epoch.placements.count.get()), (1, 1, 1));
    assert_eq!((epoch.dispatcher, epoch.cluster), (KeyStr(rows::key_of(rows::DISPATCHER)), KeyStr(rows::CLUSTER)));
    assert_eq!(world.client.dispatch_epoch(1).await.unwrap().data, *epoch);

    // From the bytes to the key, with nothing but hashes.
    let record = hex::decode(&proof.record).unwrap();
    let leaf = Sha2::hashv(&[b"mira:dispatch-leaf:v1:", &[1], &record]);
    let siblings: Vec<Hash> = inclusion.siblings.iter().map(|hash| hash.get()).collect();
    assert_eq!(HashHex(merkle::climb::<Sha2>(leaf, &siblings)), epoch.placements.root);
    let root = Sha2::hashv(&[
        b"mira:dispatch-root:v1:",
        &1u64.to_le_bytes(),
        &epoch.hash.get(),
        &1u64.to_le_bytes(),
        &epoch.last_input.get().to_le_bytes(),
        &epoch.placements.root.get(),
        &1u64.to_le_bytes(),
        &[0; 32],
        &[0; 8],
        &[0; 8],
    ]);
    assert_eq!(HashHex(root), epoch.root);
    let dispatcher = epoch.dispatcher.get();
    let parts: [&[u8]; 5] = [&epoch.program.get(), &rows::CLUSTER, &dispatcher, &1u64.to_le_bytes()[..], &root];
    let message = [b"mira:dispatch:v1:".as_slice(), &Sha2::hashv(&parts)].concat();
    assert!(verify_strict(&dispatcher, &epoch.signature.get(), &message));
    world.stop().await;
}

async fn an_unknown_one_is_not_found() {
    let world = World::start().await;
    refused(world.client.decision_proof(&HashHex([1; 32]).to_string()).await, Kind::DecisionNotFound);
    refused(world.client.decision_proof("0").await, Kind::DecisionNotFound);
    for bad in ["x", "-1", "01", "9223372036854775808"] {
        assert_problem(world.get(&format!("/v1/decisions/{bad}/proof")).await, Kind::InvalidParameter).await;
    }
    world.stop().await;
}
