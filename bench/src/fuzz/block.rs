//! The extraction of events from blocks and transactions as an RPC sends them.
//!
//! What holds: the events found are those that the description of the block says, in their places, and so is the
//! number of forged calls; whatever else arrives is a block or a named error.

use super::draw::Draw;
use super::event::data;
use super::layout::EVENTS;
use mira_chain::event::{EVENT_TAG, RawEvent};
use mira_chain::pda::{self, PROGRAM_ID};
use mira_chain::source::{SourceError, UnreadableTransaction, program_transaction, slot_block};
use mira_chain::tx;
use serde_json::{Value, json};
use solana_sdk::hash::Hash;
use solana_sdk::message::compiled_instruction::CompiledInstruction;
use solana_sdk::message::{Message, MessageHeader, VersionedMessage};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Signature;
use solana_sdk::transaction::VersionedTransaction;

/// What enough inputs meet.
pub const CLASSES: [&str; 5] = ["events", "forged", "neither", "unreadable", "no JSON of a block"];

const SLOT: u64 = 10;
const SIGNATURE: [u8; 64] = [7; 64];

/// A call of a program.
struct Call {
    program: u8,
    accounts: Vec<u8>,
    data: Vec<u8>,
}

/// An event's instruction, its place among the inner ones, and its data.
type Placed = (u16, u16, Vec<u8>);

/// One transaction, and what is to be found in it.
struct Scene {
    keys: Vec<Pubkey>,
    failed: bool,
    outer: Vec<Call>,
    /// The inner calls of each outer one.
    inner: Vec<Vec<Call>>,
}

/// The property.
pub fn property(draw: &mut Draw<'_>) -> &'static str {
    let scene = Scene::draw(draw);
    if draw.once_in(3) {
        return hostile(draw, scene);
    }
    let block = slot_block(SLOT, serde_json::from_value(scene.block()).expect("a block"));
    let found = serde_json::from_value(scene.transaction()).expect("a transaction");
    let alone = program_transaction(SIGNATURE, found);
    let Some((events, forged)) = scene.expected() else {
        let (Err(SourceError::UnreadableIn { block, unreadable }), Err(SourceError::Unreadable(alone))) =
            (block, alone)
        else {
            panic!("it cannot be read")
        };
        assert_eq!((unreadable.as_slice(), block.events.len()), ([*alone].as_slice(), 0));
        assert!(unreadable.iter().all(named));
        return "unreadable";
    };
    let (block, alone) = (block.expect("it can be read"), alone.expect("it can be read"));
    let same = |found: &[RawEvent]| {
        let places = found.iter().map(|event| (event.id.ix, event.id.inner_ix, bytes(event)));
        assert!(found.iter().all(|event| event.id.signature == SIGNATURE && event.slot == SLOT));
        assert_eq!(places.collect::<Vec<_>>(), events);
    };
    same(&block.events);
    same(&alone.events);
    assert_eq!((block.forged, alone.forged, block.transactions), (forged, forged, 1));
    match (events.is_empty(), forged) {
        (false, _) => "events",
        (true, 0) => "neither",
        (true, _) => "forged",
    }
}

/// Text in which something is changed: a block or not one, never more than that.
fn hostile(draw: &mut Draw<'_>, scene: Scene) -> &'static str {
    let mut text = scene.block().to_string().into_bytes();
    draw.mutate(&mut text);
    let Ok(block) = serde_json::from_slice(&text) else { return "no JSON of a block" };
    match slot_block(SLOT, block) {
        Ok(block) if block.events.is_empty() => "neither",
        Ok(block) => {
            assert!(block.events.iter().all(|event| event.payload.first() == Some(&event.schema)));
            "events"
        }
        Err(SourceError::Undecodable { slot, reason }) => {
            assert!(slot == SLOT && !reason.is_empty());
            "unreadable"
        }
        // Which name a transaction bears may be what was changed.
        Err(SourceError::UnreadableIn { block, unreadable }) => {
            let named = |transaction: &UnreadableTransaction| {
                named(&UnreadableTransaction { signature: SIGNATURE, ..transaction.clone() })
            };
            assert!(block.slot == SLOT && !unreadable.is_empty() && unreadable.iter().all(named));
            "unreadable"
        }
        Err(other) => panic!("{other}"),
    }
}

/// Whether a transaction that could not be read says which it is and why, with what was received.
fn named(transaction: &UnreadableTransaction) -> bool {
    let UnreadableTransaction { signature, slot, reason, received } = transaction;
    *signature == SIGNATURE && *slot == SLOT && !reason.is_empty() && !received.is_empty()
}

/// An event's bytes, tag included.
fn bytes(event: &RawEvent) -> Vec<u8> {
    [EVENT_TAG.as_slice(), &event.discriminator, &event.payload].concat()
}

impl Call {
    fn draw(draw: &mut Draw<'_>, keys: usize) -> Self {
        let index = |draw: &mut Draw<'_>| u8::try_from(draw.below(keys)).expect("few keys");
        let program = index(draw);
        let accounts = (0..draw.below(3)).map(|_| index(draw)).collect();
        let data = match draw.below(4) {
            0 => draw.bytes(40),
            1 => [EVENT_TAG.as_slice(), &draw.bytes(20)].concat(),
            _ => {
                let layout = draw.pick(&EVENTS);
                data(layout, &layout.payload(draw))
            }
        };
        Self { program, accounts, data }
    }

    /// As an inner instruction of the RPC.
    fn json(&self) -> Value {
        let data = bs58::encode(&self.data).into_string();
        json!({ "programIdIndex": self.program, "accounts": self.accounts, "data": data, "stackHeight": 2 })
    }
}

impl Scene {
    fn draw(draw: &mut Draw<'_>) -> Self {
        let mut keys = vec![Pubkey::new_from_array([1; 32]), Pubkey::new_from_array([2; 32])];
        if !draw.once_in(4) {
            keys.push(PROGRAM_ID);
        }
        if !draw.once_in(4) {
            keys.push(pda::event_authority());
        }
        let outer: Vec<_> = (0..=draw.below(2)).map(|_| Self::outer(draw, keys.len())).collect();
        let inner = outer.iter().map(|_| Self::emitted(draw, &keys)).collect();
        Self { failed: draw.once_in(8), keys, outer, inner }
    }

    /// A transaction's own call: the payer cannot be its program.
    fn outer(draw: &mut Draw<'_>, keys: usize) -> Call {
        let call = Call::draw(draw, keys);
        Call { program: call.program.max(1), ..call }
    }

    /// Inner calls, many of them as the program makes them.
    fn emitted(draw: &mut Draw<'_>, keys: &[Pubkey]) -> Vec<Call> {
        let place = |key: Pubkey| keys.iter().position(|known| *known == key).and_then(|at| u8::try_from(at).ok());
        let calls = 0..draw.below(4);
        let one = |_| {
            let call = Call::draw(draw, keys.len());
            match (place(PROGRAM_ID), place(pda::event_authority())) {
                (Some(program), Some(authority)) if !draw.once_in(3) => {
                    Call { program, accounts: vec![authority], ..call }
                }
                _ => call,
            }
        };
        calls.map(one).collect()
    }

    fn is(&self, index: u8, key: &Pubkey) -> bool {
        self.keys.get(usize::from(index)) == Some(key)
    }

    /// Whether a call carries the tag and concerns the program.
    fn concerns(&self, call: &Call) -> bool {
        let authority = pda::event_authority();
        let named = self.is(call.program, &PROGRAM_ID) || call.accounts.iter().any(|at| self.is(*at, &authority));
        call.data.starts_with(&EVENT_TAG) && named
    }

    /// The events with their places, and how many calls are forged; `None` if an event is cut short.
    fn expected(&self) -> Option<(Vec<Placed>, u32)> {
        let (mut events, mut forged) = (Vec::new(), 0);
        if self.failed {
            return Some((events, forged));
        }
        forged += self.outer.iter().map(|call| u32::from(self.concerns(call))).sum::<u32>();
        for (ix, calls) in (0..).zip(&self.inner) {
            for (inner_ix, call) in (0..).zip(calls).filter(|(_, call)| self.concerns(call)) {
                let signed = matches!(call.accounts.as_slice(), [one] if self.is(*one, &pda::event_authority()));
                if !(self.is(call.program, &PROGRAM_ID) && signed) {
                    forged += 1;
                } else if call.data.len() > EVENT_TAG.len() + 8 {
                    events.push((ix, inner_ix, call.data.clone()));
                } else {
                    return None;
                }
            }
        }
        Some((events, forged))
    }

    fn encoded(&self) -> String {
        let outer = self.outer.iter().map(|call| CompiledInstruction {
            program_id_index: call.program,
            accounts: call.accounts.clone(),
            data: call.data.clone(),
        });
        let message = Message {
            header: MessageHeader {
                num_required_signatures: 1,
                num_readonly_signed_accounts: 0,
                num_readonly_unsigned_accounts: 0,
            },
            account_keys: self.keys.clone(),
            recent_blockhash: Hash::new_from_array([3; 32]),
            instructions: outer.collect(),
        };
        let (signatures, message) = (vec![Signature::from(SIGNATURE)], VersionedMessage::Legacy(message));
        tx::encode(&VersionedTransaction { signatures, message }).expect("it is small")
    }

    /// The transaction with its meta, as both methods send it.
    fn with_meta(&self) -> Value {
        let (err, status) = if self.failed {
            (json!("AccountNotFound"), json!({ "Err": "AccountNotFound" }))
        } else {
            (Value::Null, json!({ "Ok": null }))
        };
        let inner = (0..).zip(&self.inner).map(|(index, calls): (usize, _)| {
            json!({ "index": index, "instructions": calls.iter().map(Call::json).collect::<Vec<_>>() })
        });
        let meta = json!({ "err": err, "status": status, "fee": 5000, "preBalances": [], "postBalances": [],
            "innerInstructions": inner.collect::<Vec<_>>() });
        json!({ "transaction": [self.encoded(), "base64"], "meta": meta, "version": "legacy" })
    }

    fn block(&self) -> Value {
        json!({
            "previousBlockhash": Hash::new_from_array([1; 32]).to_string(),
            "blockhash": Hash::new_from_array([2; 32]).to_string(),
            "parentSlot": SLOT - 1,
            "blockTime": 77,
            "blockHeight": 8,
            "transactions": [self.with_meta()],
        })
    }

    fn transaction(&self) -> Value {
        let mut transaction = self.with_meta();
        transaction["slot"] = SLOT.into();
        transaction["blockTime"] = 77.into();
        transaction
    }
}
