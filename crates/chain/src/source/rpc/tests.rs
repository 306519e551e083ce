//! Blocks from a server that answers as clusters do.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::event::EventId;
use crate::source::recorded::{Http, Server, error, ok, recorded, refusal, result};
use serde_json::Value;

async fn block(answers: Vec<Http>) -> Result<BlockFetch, SourceError> {
    let server = Server::start(answers).await;
    RpcSource::new(server.rpc.clone()).block(430).await
}

fn present(fetch: Result<BlockFetch, SourceError>) -> crate::source::SlotBlock {
    match fetch.unwrap() {
        BlockFetch::Present(block) => block,
        other => panic!("no block: {other:?}"),
    }
}

/// A vote, a failed transaction, a legacy one and a version 0 one with lookup tables.
#[tokio::test]
async fn a_block_of_everything_gives_the_events_that_happened() {
    let block = present(block(vec![ok(&recorded!("get_block"))]).await);
    assert_eq!((block.slot, block.parent_slot, block.block_time), (430, 427, Some(1_700_000_430)));
    assert_eq!((block.blockhash, block.parent_blockhash, block.transactions), ([31; 32], [30; 32], 4));
    let found: Vec<_> = block.events.iter().map(|event| (event.id, event.discriminator[0])).collect();
    let id = |signature, ix, inner_ix| EventId { signature: [signature; 64], ix, inner_ix };
    // The vote has none and the failed one's was undone. The legacy one's stands although its log was cut
    // off. A foreign program called ours twice in one instruction: two events, both at height 3.
    assert_eq!(found, [(id(3, 1, 0), 0x31), (id(4, 0, 1), 0x41), (id(4, 0, 3), 0x42)]);
    assert_eq!(block.forged, 1, "the foreign program's own imitation");
}

#[tokio::test]
async fn the_largest_amount_survives() {
    let block = present(block(vec![ok(&recorded!("get_block"))]).await);
    let amount: [u8; 8] = block.events[0].payload.last_chunk().copied().unwrap();
    assert_eq!(u64::from_le_bytes(amount), u64::MAX);
}

/// Before some years, nothing was recorded of what a transaction did inside, and of some blocks not when.
#[tokio::test]
async fn an_old_block_of_votes_needs_no_records() {
    let block = present(block(vec![ok(&recorded!("get_block_of_old"))]).await);
    assert_eq!((block.block_time, block.transactions, block.events), (None, 1, vec![]));
}

#[tokio::test]
async fn what_the_server_says_instead_of_a_block() {
    for code in [-32007, -32009] {
        assert_eq!(block(vec![refusal(&error(code))]).await.unwrap(), BlockFetch::ClaimedSkipped, "{code}");
    }
    for code in [-32001, -32004, -32011, -32014] {
        let fetch = block(vec![refusal(&error(code))]).await.unwrap();
        assert!(
            matches!(&fetch, BlockFetch::Unavailable { reason } if reason.contains(&code.to_string())),
            "{fetch:?}"
        );
    }
    let null = block(vec![result(&json!(null))]).await.unwrap();
    assert_eq!(null, BlockFetch::Unavailable { reason: "not a finalized block here".to_owned() });
    let newer = block(vec![refusal(&error(-32015))]).await;
    assert!(matches!(&newer, Err(SourceError::Undecodable { slot: 430, reason }) if reason.contains("upgrade")));
    let wrong = block(vec![refusal(&error(-32602))]).await;
    assert!(matches!(&wrong, Err(SourceError::Rpc(RpcError::Refused { code: -32602, .. }))), "{wrong:?}");
}

#[tokio::test]
async fn a_block_is_asked_for_whole_and_final() {
    let server = Server::start(vec![result(&json!(null))]).await;
    RpcSource::new(server.rpc.clone()).block(430).await.unwrap();
    let [asked]: [Value; 1] = server.asked().try_into().unwrap();
    assert_eq!((&asked["method"], &asked["params"][0]), (&json!("getBlock"), &json!(430)));
    let config = &asked["params"][1];
    assert_eq!((&config["commitment"], &config["transactionDetails"]), (&json!("finalized"), &json!("full")));
    assert_eq!((&config["encoding"], &config["maxSupportedTransactionVersion"]), (&json!("base64"), &json!(0)));
}

#[tokio::test]
async fn a_rate_limit_is_waited_for_as_long_as_it_says() {
    let limited = (429, "retry-after: 0\r\n", "{}".to_owned());
    let server = Server::start(vec![limited.clone(), limited.clone(), ok(&recorded!("get_block"))]).await;
    present(RpcSource::new(server.rpc.clone()).block(430).await);
    assert_eq!(server.asked().len(), 3);

    let server = Server::start(vec![limited]).await;
    let refused = RpcSource::new(server.rpc.clone()).block(430).await.unwrap_err();
    assert!(refused.to_string().contains("HTTP status 429"), "{refused}");
    assert_eq!(server.asked().len(), 6, "five more attempts, and no others on top");
}

#[tokio::test]
async fn a_server_in_trouble_is_asked_again() {
    let behind = json!({ "code": -32005, "message": "Node is behind by 42 slots", "data": { "numSlotsBehind": 42 } });
    let overloaded = (503, "", "<html>Service Unavailable</html>".to_owned());
    for trouble in [refusal(&behind), overloaded] {
        present(block(vec![trouble, ok(&recorded!("get_block"))]).await);
    }
    let page = (200, "content-type: text/html\r\n", "<html>Welcome</html>".to_owned());
    let error = block(vec![page]).await.unwrap_err();
    assert!(error.to_string().contains("the answer is not JSON"), "{error}");
}

#[tokio::test]
async fn lists_of_slots_are_taken_only_as_they_must_be() {
    let list = async |slots: Value| {
        let server = Server::start(vec![result(&slots)]).await;
        RpcSource::new(server.rpc.clone()).produced_slots(5, 10).await
    };
    assert_eq!(list(json!([5, 6, 8])).await.unwrap(), [5, 6, 8]);
    assert!(list(json!([])).await.unwrap().is_empty());
    for slots in [json!([6, 5]), json!([5, 5]), json!([4]), json!([11]), json!(null)] {
        let error = list(slots.clone()).await.unwrap_err();
        assert!(matches!(error, SourceError::Rpc(RpcError::Malformed { method: "getBlocks", .. })), "{slots}: {error}");
    }
}

#[tokio::test]
async fn a_range_is_cut_and_an_empty_one_not_asked_for() {
    let server = Server::start(vec![result(&json!([]))]).await;
    let source = RpcSource::new(server.rpc.clone());
    source.produced_slots(5, u64::MAX).await.unwrap();
    assert!(source.produced_slots(5, 4).await.unwrap().is_empty());
    let [asked]: [Value; 1] = server.asked().try_into().unwrap();
    assert_eq!(asked["params"], json!([5, 5 + MAX_SLOT_RANGE, { "commitment": "finalized" }]));
}
