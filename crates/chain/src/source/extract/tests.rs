//! Blocks as an RPC sends them, honest and not.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::event::{EVENT_TAG, Event, EventId};
use crate::ix;
use crate::pda::{self, PROGRAM_ID};
use serde_json::{Value, json};
use solana_sdk::hash::Hash as Blockhash;
use solana_sdk::message::{Message, VersionedMessage};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::transaction::VersionedTransaction;

fn key(byte: u8) -> Pubkey {
    Pubkey::new_from_array([byte; 32])
}

fn event() -> Event {
    Event::JobClosing(mira::event::JobClosing {
        schema: mira::event::SCHEMA,
        job: key(1),
        job_seq: 4,
        actor: key(2),
        closing_at: 5,
    })
}

fn self_call() -> Vec<u8> {
    let (discriminator, payload) = event().encode();
    [EVENT_TAG.as_slice(), &discriminator, &payload].concat()
}

/// A transaction that calls `begin_close_job`, signed by nobody.
fn transaction() -> VersionedTransaction {
    let message = Message::new(&[ix::begin_close_job(&key(2), &key(1))], Some(&key(2)));
    VersionedTransaction { signatures: vec![Signature::from([7; 64])], message: VersionedMessage::Legacy(message) }
}

fn index_of(key: &Pubkey) -> usize {
    transaction().message.static_account_keys().iter().position(|known| known == key).unwrap()
}

fn call(program: &Pubkey, accounts: &[Pubkey], data: &[u8]) -> Value {
    let accounts: Vec<usize> = accounts.iter().map(index_of).collect();
    json!({
        "programIdIndex": index_of(program),
        "accounts": accounts,
        "data": bs58::encode(data).into_string(),
        "stackHeight": 2,
    })
}

fn meta(inner: Value) -> Value {
    json!({
        "err": null,
        "status": { "Ok": null },
        "fee": 5000,
        "preBalances": [],
        "postBalances": [],
        "innerInstructions": inner,
    })
}

fn block(meta: Value) -> UiConfirmedBlock {
    serde_json::from_value(json!({
        "previousBlockhash": Blockhash::new_from_array([1; 32]).to_string(),
        "blockhash": Blockhash::new_from_array([2; 32]).to_string(),
        "parentSlot": 9,
        "blockTime": 77,
        "blockHeight": 8,
        "transactions": [{
            "transaction": [crate::tx::encode(&transaction()).unwrap(), "base64"],
            "meta": meta,
            "version": "legacy",
        }],
    }))
    .unwrap()
}

fn with_inner(calls: &[Value]) -> UiConfirmedBlock {
    block(meta(json!([{ "index": 0, "instructions": calls }])))
}

/// Why a block, or its one transaction, is not understood.
fn reason(block: UiConfirmedBlock) -> String {
    match slot_block(10, block) {
        Err(SourceError::Undecodable { slot: 10, reason }) => reason,
        Err(SourceError::UnreadableIn { block, unreadable }) => {
            let [UnreadableTransaction { signature, slot: 10, reason, .. }] = &unreadable[..] else {
                panic!("{unreadable:?}")
            };
            assert_eq!((*signature, block.slot, block.events.len()), ([7; 64], 10, 0));
            reason.clone()
        }
        other => panic!("expected an undecodable block, got {other:?}"),
    }
}

#[test]
fn an_event_is_found_where_it_stands() {
    let noise = call(&PROGRAM_ID, &[], &[1, 2, 3]);
    let emitted = call(&PROGRAM_ID, &[pda::event_authority()], &self_call());
    let block = slot_block(10, with_inner(&[noise, emitted])).unwrap();
    assert_eq!((block.slot, block.parent_slot, block.block_time), (10, 9, Some(77)));
    assert_eq!((block.blockhash, block.parent_blockhash), ([2; 32], [1; 32]));
    assert_eq!((block.transactions, block.forged), (1, 0));
    let [found] = block.events.as_slice() else { panic!("one event") };
    assert_eq!(found.id, EventId { signature: [7; 64], ix: 0, inner_ix: 1 });
    assert_eq!(found.decode().unwrap(), event());
}

#[test]
fn forged_calls_are_counted_and_ignored() {
    let data = self_call();
    let forgeries = [
        // Our program, but not signed by its event authority.
        call(&PROGRAM_ID, &[key(1)], &data),
        call(&PROGRAM_ID, &[], &data),
        call(&PROGRAM_ID, &[pda::event_authority(), key(1)], &data),
        // Another program that mentions our event authority.
        call(&key(1), &[pda::event_authority()], &data),
    ];
    let block = slot_block(10, with_inner(&forgeries)).unwrap();
    assert_eq!((block.forged, block.events.len()), (4, 0));
    // Another program's own Anchor event is none of our business.
    let foreign = call(&key(1), &[key(2)], &data);
    assert_eq!(slot_block(10, with_inner(&[foreign])).unwrap().forged, 0);
}

#[test]
fn a_failed_transaction_has_no_events() {
    let emitted = call(&PROGRAM_ID, &[pda::event_authority()], &self_call());
    let mut failed = meta(json!([{ "index": 0, "instructions": [emitted] }]));
    failed["err"] = json!("AccountNotFound");
    failed["status"] = json!({ "Err": "AccountNotFound" });
    assert_eq!(slot_block(10, block(failed)).unwrap().events, []);
}

#[test]
fn an_unknown_event_still_reaches_the_reader() {
    let data = [EVENT_TAG.as_slice(), &[9; 8], &[3, 4]].concat();
    let block = slot_block(10, with_inner(&[call(&PROGRAM_ID, &[pda::event_authority()], &data)])).unwrap();
    assert_eq!(block.events[0].schema, 3);
    assert!(block.events[0].decode().is_err());
}

#[test]
fn whatever_could_hide_an_event_is_undecodable() {
    assert!(reason(block(meta(Value::Null))).contains("not recorded"));
    let parsed = json!({ "program": "x", "programId": key(1).to_string(), "parsed": {}, "stackHeight": 2 });
    assert!(reason(with_inner(&[parsed])).contains("parsed"));
    let mut nowhere = call(&PROGRAM_ID, &[pda::event_authority()], &self_call());
    nowhere["programIdIndex"] = json!(99);
    assert!(reason(with_inner(&[nowhere])).contains("points nowhere"));
    let mut not_base58 = call(&PROGRAM_ID, &[], &[]);
    not_base58["data"] = json!("0OIl");
    assert!(reason(with_inner(&[not_base58])).contains("base58"));
    let short = call(&PROGRAM_ID, &[pda::event_authority()], &self_call()[..12]);
    assert!(reason(with_inner(&[short])).contains("truncated"));
    let twice = json!([{ "index": 0, "instructions": [] }, { "index": 0, "instructions": [] }]);
    assert!(reason(block(meta(twice))).contains("wrongly"));
    assert!(reason(block(meta(json!([{ "index": 1, "instructions": [] }])))).contains("wrongly"));
    assert!(reason(block(Value::Null)).contains("no meta"));
}

#[test]
fn the_other_transactions_of_a_block_are_read_and_the_unreadable_one_is_kept_as_it_came() {
    let emitted = call(&PROGRAM_ID, &[pda::event_authority()], &self_call());
    let mut torn = emitted.clone();
    torn["data"] = json!("0OIl");
    let mut block = with_inner(&[emitted.clone(), torn]);
    let good = with_inner(&[emitted]).transactions.unwrap().remove(0);
    block.transactions.as_mut().unwrap().push(good.clone());
    let sent = serde_json::to_value(&block.transactions.as_ref().unwrap()[0]).unwrap();
    let Err(SourceError::UnreadableIn { block, unreadable }) = slot_block(10, block.clone()) else {
        panic!("{block:?}")
    };
    // The first event of the torn transaction is left out too: a transaction is read as a whole.
    assert_eq!((block.transactions, block.events.len(), block.blockhash), (2, 1, [2; 32]));
    let [transaction] = &unreadable[..] else { panic!("{unreadable:?}") };
    assert_eq!(serde_json::from_slice::<Value>(&transaction.received).unwrap(), sent);
    assert!(transaction.to_string().contains("inner instruction 0/1 has data that is not base58"), "{transaction}");

    // One whose own bytes cannot be read has no name.
    let mut nameless = good;
    nameless.transaction = serde_json::from_value(json!(["AAAA", "base64"])).unwrap();
    let mut block = with_inner(&[]);
    block.transactions = Some(vec![nameless]);
    assert!(matches!(slot_block(10, block), Err(SourceError::Undecodable { .. })));
}

#[test]
fn a_block_without_its_links_is_undecodable() {
    let mut no_transactions = with_inner(&[]);
    no_transactions.transactions = None;
    assert!(reason(no_transactions).contains("transactions"));
    let mut bad_hash = with_inner(&[]);
    bad_hash.previous_blockhash = "nonsense".to_owned();
    assert!(reason(bad_hash).contains("hash"));
    let mut bad_parent = with_inner(&[]);
    bad_parent.parent_slot = 10;
    assert!(reason(bad_parent).contains("parent slot"));
}

#[test]
fn lookup_tables_need_their_loaded_addresses() {
    use solana_sdk::message::v0::{self, MessageAddressTableLookup};
    let VersionedMessage::Legacy(legacy) = transaction().message else { panic!("legacy") };
    let message = VersionedMessage::V0(v0::Message {
        header: legacy.header,
        account_keys: legacy.account_keys,
        recent_blockhash: legacy.recent_blockhash,
        instructions: legacy.instructions,
        address_table_lookups: vec![MessageAddressTableLookup {
            account_key: key(8),
            writable_indexes: vec![0],
            readonly_indexes: vec![1],
        }],
    });
    let looking = VersionedTransaction { signatures: vec![Signature::from([7; 64])], message };
    let with_loaded = |loaded: Value| {
        let mut meta = meta(json!([]));
        if !loaded.is_null() {
            meta["loadedAddresses"] = loaded;
        }
        let mut block = block(meta);
        let encoded = json!([crate::tx::encode(&looking).unwrap(), "base64"]);
        block.transactions.as_mut().unwrap()[0].transaction = serde_json::from_value(encoded).unwrap();
        block
    };
    assert!(reason(with_loaded(Value::Null)).contains("missing"));
    assert!(reason(with_loaded(json!({ "writable": [], "readonly": [] }))).contains("do not match"));
    let loaded = json!({ "writable": [key(3).to_string()], "readonly": [key(4).to_string()] });
    assert_eq!(slot_block(10, with_loaded(loaded)).unwrap().events, []);
}
