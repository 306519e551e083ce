//! Transactions from a server that answers as clusters do.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::event::EventId;
use crate::source::recorded::{Http, Server, error, ok, recorded, refusal, result};

const SIGNATURE: [u8; 64] = [4; 64];

async fn transaction(answer: Http) -> Result<TransactionFetch, SourceError> {
    let server = Server::start(vec![answer]).await;
    RpcSource::new(server.rpc.clone()).transaction(SIGNATURE, 430).await
}

async fn listed(lines: &Value) -> Result<Vec<ListedTransaction>, SourceError> {
    let server = Server::start(vec![result(lines)]).await;
    RpcSource::new(server.rpc.clone()).signatures(430, None, 10).await
}

/// The same transaction as in the recorded block, and the same events.
#[tokio::test]
async fn a_transaction_gives_the_events_of_its_block() {
    let Ok(TransactionFetch::Present(found)) = transaction(ok(&recorded!("get_transaction"))).await else {
        panic!("no transaction");
    };
    assert_eq!((found.signature, found.slot, found.block_time), (SIGNATURE, 430, Some(1_700_000_430)));
    let block = serde_json::from_value(recorded!("get_block")["result"].clone()).unwrap();
    let mut events = crate::source::slot_block(430, block).unwrap().events;
    events.retain(|event| event.id.signature == SIGNATURE);
    assert_eq!((found.events, found.forged), (events.clone(), 1));
    assert_eq!(events[1].id, EventId { signature: SIGNATURE, ix: 0, inner_ix: 3 });
}

#[tokio::test]
async fn another_transaction_than_asked_for_is_refused() {
    let server = Server::start(vec![ok(&recorded!("get_transaction"))]).await;
    let error = RpcSource::new(server.rpc.clone()).transaction([5; 64], 430).await.unwrap_err();
    assert!(error.to_string().contains("gave another one"), "{error}");
}

#[tokio::test]
async fn what_the_server_says_instead_of_a_transaction() {
    let null = transaction(result(&json!(null))).await.unwrap();
    assert_eq!(null, TransactionFetch::Unavailable { reason: "not a finalized transaction here".to_owned() });
    for code in [-32004, -32011, -32014] {
        let fetch = transaction(refusal(&error(code))).await.unwrap();
        assert!(matches!(fetch, TransactionFetch::Unavailable { .. }), "{code}: {fetch:?}");
    }
    let newer = transaction(refusal(&error(-32015))).await;
    assert!(matches!(newer, Err(SourceError::Undecodable { slot: 430, .. })), "{newer:?}");
    let wrong = transaction(refusal(&error(-32602))).await;
    assert!(matches!(wrong, Err(SourceError::Rpc(RpcError::Refused { code: -32602, .. }))), "{wrong:?}");
}

#[tokio::test]
async fn a_list_names_slots_and_failures() {
    let list = listed(&recorded!("get_signatures")["result"]).await.unwrap();
    let line = |signature, slot, failed| ListedTransaction { signature: [signature; 64], slot, failed };
    assert_eq!(list, [line(4, 430, false), line(3, 430, false), line(2, 430, true), line(9, 401, false)]);
}

#[tokio::test]
async fn a_list_is_asked_of_a_server_that_is_not_behind() {
    let server = Server::start(vec![result(&json!([]))]).await;
    let source = RpcSource::new(server.rpc.clone());
    assert_eq!(source.signatures(430, Some(SIGNATURE), u16::MAX).await.unwrap(), []);
    let [asked]: [Value; 1] = server.asked().try_into().unwrap();
    let before = Signature::from(SIGNATURE).to_string();
    let config = json!({ "commitment": "finalized", "limit": 1_000, "minContextSlot": 430, "before": before });
    assert_eq!(asked["method"], json!("getSignaturesForAddress"));
    assert_eq!(asked["params"], json!([PROGRAM_ID.to_string(), config]));
}

#[tokio::test]
async fn a_list_that_cannot_be_one_is_malformed() {
    let line = |slot: u64| json!({ "signature": Signature::from([1; 64]).to_string(), "slot": slot, "err": null });
    let not_a_signature = json!([{ "signature": "x", "slot": 1, "err": null }]);
    let eleven: Vec<_> = (0..11).rev().map(line).collect();
    for lines in [json!([line(1), line(2)]), not_a_signature, json!(eleven)] {
        let error = listed(&lines).await.unwrap_err();
        assert!(matches!(error, SourceError::Rpc(RpcError::Malformed { .. })), "{error}");
    }
}

#[tokio::test]
async fn accounts_are_told_apart_by_their_first_bytes() {
    let server = Server::start(vec![ok(&recorded!("get_program_accounts"))]).await;
    let found = RpcSource::new(server.rpc.clone()).aggregates().await.unwrap();
    let keys =
        vec![(AggregateKind::Job, [40; 32]), (AggregateKind::Dispute, [42; 32]), (AggregateKind::Lease, [43; 32])];
    assert_eq!(found, Aggregates { slot: 431, keys });
    let [asked]: [Value; 1] = server.asked().try_into().unwrap();
    assert_eq!(asked["params"][1]["dataSlice"], json!({ "offset": 0, "length": 8 }));

    let mut unknown = recorded!("get_program_accounts");
    unknown["result"]["value"][0]["account"]["data"][0] = json!("AAAAAAAAAAA=");
    let server = Server::start(vec![ok(&unknown)]).await;
    let error = RpcSource::new(server.rpc.clone()).aggregates().await.unwrap_err();
    assert!(error.to_string().contains("does not know"), "{error}");
}
