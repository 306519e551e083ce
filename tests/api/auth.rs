//! Signed requests: every way of not being the operator, now, once.

use std::sync::Arc;
use std::time::Duration;

use libtest_mimic::Trial;
use mira_wire::client::ApiClient;
use mira_wire::request::{HEADER_KEY, HEADER_NONCE, HEADER_SIGNATURE, HEADER_TIMESTAMP, Signed, body_hash, sign};
use mira_wire::{KeyStr, Kind};

use super::support::work::heartbeat;
use super::support::{World, assert_problem, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async:
        without_a_signature_it_is_refused,
        a_changed_request_is_refused,
        another_keys_signature_is_refused,
        outside_the_window_it_is_refused,
        a_nonce_counts_once,
        a_refused_request_uses_no_nonce_up,
        another_providers_operator_is_refused,
        a_retired_operator_is_refused,
    ]
}

const PATH: &str = "/v1/node/heartbeat";

fn body() -> Vec<u8> {
    serde_json::to_vec(&heartbeat()).unwrap()
}

/// The headers of a good request with this nonce.
fn headers(world: &World, nonce: u8) -> Vec<(&'static str, String)> {
    let signed = Signed {
        method: "POST",
        path_and_query: PATH,
        body_hash: body_hash(&body()),
        timestamp_ms: world.now_ms(),
        nonce: [nonce; 16],
    };
    let mut pairs = sign(&rows::signer(rows::OPERATOR), &signed).pairs().to_vec();
    pairs.push(("content-type", "application/json".to_owned()));
    pairs
}

async fn post(world: &World, path: &str, headers: &[(&'static str, String)], body: Vec<u8>) -> reqwest::Response {
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    world.send("POST", path, &headers, body).await
}

async fn without_a_signature_it_is_refused() {
    let world = World::start().await;
    for missing in [HEADER_KEY, HEADER_TIMESTAMP, HEADER_NONCE, HEADER_SIGNATURE] {
        let mut partial = headers(&world, 1);
        partial.retain(|(name, _)| *name != missing);
        let problem = assert_problem(post(&world, PATH, &partial, body()).await, Kind::SignatureMissing).await;
        assert!(problem.detail.contains(missing));
        partial.push((missing, "nonsense".to_owned()));
        assert_problem(post(&world, PATH, &partial, body()).await, Kind::SignatureMissing).await;
    }
    for path in ["offers", "heartbeat", "work", "results", "usage"] {
        assert_problem(world.post(&format!("/v1/node/{path}"), "{}").await, Kind::SignatureMissing).await;
    }
    world.stop().await;
}

async fn a_changed_request_is_refused() {
    let world = World::start().await;
    let good = headers(&world, 1);
    let mut other_body = body();
    other_body.push(b' ');
    assert_problem(post(&world, PATH, &good, other_body).await, Kind::SignatureInvalid).await;
    assert_problem(post(&world, "/v1/node/work", &good, body()).await, Kind::SignatureInvalid).await;
    assert_problem(post(&world, "/v1/node/heartbeat?x=1", &good, body()).await, Kind::SignatureInvalid).await;
    let swap = |name: &str, value: String| {
        let mut changed = headers(&world, 1);
        changed.iter_mut().find(|(header, _)| *header == name).unwrap().1 = value;
        changed
    };
    let later = swap(HEADER_TIMESTAMP, (world.now_ms() + 1).to_string());
    assert_problem(post(&world, PATH, &later, body()).await, Kind::SignatureInvalid).await;
    let nonce = swap(HEADER_NONCE, "02".repeat(16));
    assert_problem(post(&world, PATH, &nonce, body()).await, Kind::SignatureInvalid).await;
    world.stop().await;
}

async fn another_keys_signature_is_refused() {
    let world = World::start().await;
    let mut forged = headers(&world, 1);
    let stranger = KeyStr(rows::key_of(rows::STRANGER)).to_string();
    forged.iter_mut().find(|(header, _)| *header == HEADER_KEY).unwrap().1 = stranger;
    assert_problem(post(&world, PATH, &forged, body()).await, Kind::SignatureInvalid).await;
    // A key of low order, for which some signatures verify over anything if verification is not strict.
    forged.iter_mut().find(|(header, _)| *header == HEADER_KEY).unwrap().1 = KeyStr([0; 32]).to_string();
    assert_problem(post(&world, PATH, &forged, body()).await, Kind::SignatureInvalid).await;
    world.stop().await;
}

async fn outside_the_window_it_is_refused() {
    let world = World::start().await;
    let early = headers(&world, 1);
    world.pass(Duration::from_millis(60_001));
    assert_problem(post(&world, PATH, &early, body()).await, Kind::TimestampOutOfWindow).await;
    let ahead = world.now_ms() + 60_001;
    let client = ApiClient::new(&world.running.url()).unwrap();
    let client = client.with_sources(Arc::new(move || ahead), Arc::new(|| Ok([9; 16])));
    let node = client.node(Arc::new(rows::signer(rows::OPERATOR)));
    refused(node.heartbeat(&heartbeat()).await, Kind::TimestampOutOfWindow);
    world.stop().await;
}

async fn a_nonce_counts_once() {
    let world = World::start().await;
    let good = headers(&world, 1);
    let first = post(&world, PATH, &good, body()).await.status().as_u16();
    assert_ne!(first, 401, "a good request is let in");
    assert_problem(post(&world, PATH, &good, body()).await, Kind::NonceReplayed).await;
    world.pass(Duration::from_secs(59));
    assert_problem(post(&world, PATH, &good, body()).await, Kind::NonceReplayed).await;
    let fresh = headers(&world, 2);
    assert_ne!(post(&world, PATH, &fresh, body()).await.status().as_u16(), 401);
    world.stop().await;
}

async fn a_refused_request_uses_no_nonce_up() {
    let world = World::start().await;
    let good = headers(&world, 1);
    let mut forged = good.clone();
    forged.iter_mut().find(|(header, _)| *header == HEADER_SIGNATURE).unwrap().1 =
        mira_wire::SigStr([0; 64]).to_string();
    assert_problem(post(&world, PATH, &forged, body()).await, Kind::SignatureInvalid).await;
    assert_ne!(post(&world, PATH, &good, body()).await.status().as_u16(), 401);
    world.stop().await;
}

async fn another_providers_operator_is_refused() {
    let world =
        World::with_rows(vec![rows::network().into(), rows::provider().into(), rows::other_provider().into()]).await;
    refused(world.node(rows::OTHER_OPERATOR).heartbeat(&heartbeat()).await, Kind::WrongOperator);
    refused(world.node(rows::STRANGER).heartbeat(&heartbeat()).await, Kind::WrongOperator);
    world.stop().await;
}

async fn a_retired_operator_is_refused() {
    let world = World::start().await;
    let retired = mira_store::model::ProviderRow { operator: rows::key_of(rows::STRANGER), seq: 3, ..rows::provider() };
    world.write(vec![retired.into()], Vec::new()).await;
    refused(world.node(rows::OPERATOR).heartbeat(&heartbeat()).await, Kind::WrongOperator);
    world.stop().await;
}
