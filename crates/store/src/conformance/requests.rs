//! Requests that count once.

use futures_util::future::join_all;

use super::{Bench, sample};
use crate::Error;
use crate::model::{Begin, MAX_RESPONSE_BYTES, NodeNonce, REQUEST_TIMEOUT_MS, Response};

fn response(body: Vec<u8>) -> Response {
    Response { status: 201, content_type: "application/json".into(), body }
}

pub async fn a_request_counts_once(bench: &Bench) {
    let store = &bench.store;
    let (alice, bob) = (sample::key(1), sample::key(2));
    let begin = |who, hash| store.begin_request(who, "k", hash, 1_000);
    assert_eq!(begin(&alice, &[1; 32]).await.unwrap(), Begin::New);
    assert_eq!(begin(&alice, &[1; 32]).await.unwrap(), Begin::InFlight);
    assert_eq!(begin(&alice, &[2; 32]).await.unwrap(), Begin::Mismatch);
    assert_eq!(begin(&bob, &[2; 32]).await.unwrap(), Begin::New);

    let large = store.finish_request(&alice, "k", response(vec![0; MAX_RESPONSE_BYTES + 1])).await.unwrap_err();
    assert!(matches!(large, Error::TooLarge { .. }), "{large}");
    store.finish_request(&alice, "k", response(vec![1, 2])).await.unwrap();
    assert_eq!(begin(&alice, &[1; 32]).await.unwrap(), Begin::Replay(response(vec![1, 2])));
    assert_eq!(begin(&alice, &[2; 32]).await.unwrap(), Begin::Mismatch);
    let twice = store.finish_request(&alice, "k", response(Vec::new())).await.unwrap_err();
    assert!(matches!(twice, Error::Invalid(_)), "{twice}");

    store.forget_request(&alice, "k").await.unwrap();
    assert_eq!(begin(&alice, &[1; 32]).await.unwrap(), Begin::Replay(response(vec![1, 2])));
    store.forget_request(&bob, "k").await.unwrap();
    assert_eq!(begin(&bob, &[3; 32]).await.unwrap(), Begin::New);
    let long = store.begin_request(&bob, &"k".repeat(256), &[0; 32], 1).await.unwrap_err();
    assert!(matches!(long, Error::TooLarge { .. }), "{long}");
}

pub async fn a_request_cut_off_may_be_tried_again(bench: &Bench) {
    let begin = |hash, at| bench.store.begin_request(&[0; 32], "k", hash, at);
    assert_eq!(begin(&[1; 32], 0).await.unwrap(), Begin::New);
    assert_eq!(begin(&[1; 32], REQUEST_TIMEOUT_MS).await.unwrap(), Begin::InFlight);
    assert_eq!(begin(&[2; 32], REQUEST_TIMEOUT_MS + 1).await.unwrap(), Begin::Mismatch);
    let tries = join_all((0..5).map(|_| begin(&[1; 32], REQUEST_TIMEOUT_MS + 1))).await;
    assert_eq!(tries.into_iter().filter(|begun| matches!(begun, Ok(Begin::New))).count(), 1);
}

pub async fn a_nonce_is_used_once(bench: &Bench) {
    let nonce = NodeNonce { signer: sample::key(1), nonce: [1; 16], expires_ms: 10 };
    let uses = join_all((0..10).map(|_| bench.store.use_nonce(nonce.clone()))).await;
    assert_eq!(uses.into_iter().filter(|fresh| matches!(fresh, Ok(true))).count(), 1);
    assert!(bench.store.use_nonce(NodeNonce { signer: sample::key(2), ..nonce.clone() }).await.unwrap());
    assert!(bench.store.use_nonce(NodeNonce { nonce: [2; 16], ..nonce }).await.unwrap());
}

pub async fn old_ones_are_forgotten(bench: &Bench) {
    let store = &bench.store;
    for at in [10, 20] {
        let nonce = NodeNonce { signer: sample::key(1), nonce: [sample::low(at); 16], expires_ms: i64::from(at) };
        assert!(store.use_nonce(nonce).await.unwrap());
        assert_eq!(store.begin_request(&[0; 32], &at.to_string(), &[0; 32], i64::from(at)).await.unwrap(), Begin::New);
    }
    assert_eq!(store.forget_old(15, 20).await.unwrap(), 2);
    assert_eq!(store.forget_old(15, 20).await.unwrap(), 0);
    assert_eq!(store.begin_request(&[0; 32], "10", &[0; 32], 21).await.unwrap(), Begin::New);
    assert_eq!(store.begin_request(&[0; 32], "20", &[0; 32], 21).await.unwrap(), Begin::InFlight);
}
