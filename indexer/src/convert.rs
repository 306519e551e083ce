//! Between the chain's types, the store's rows and the words people read.

use mira_chain::event as chain;
use mira_core::Key;
use mira_store::model as store;

/// An event's place in the ledger.
pub(crate) fn ordinal(event: &chain::RawEvent) -> store::Ordinal {
    store::Ordinal { slot: event.slot, signature: event.id.signature, ix: event.id.ix, inner_ix: event.id.inner_ix }
}

/// The row that keeps an event.
pub(crate) fn ledger_row(event: chain::RawEvent) -> store::RawEvent {
    store::RawEvent {
        ord: ordinal(&event),
        block_time: event.block_time,
        discriminator: event.discriminator,
        schema: event.schema,
        payload: event.payload,
    }
}

/// A key as people write it.
pub(crate) fn base58(key: &Key) -> String {
    bs58::encode(key).into_string()
}

/// The address in a row's key, if it is one alone.
pub(crate) fn key_address(key: &store::ProjectionKey) -> Option<Key> {
    match key.parts().as_slice() {
        [store::KeyPart::Address(address)] => Some(*address),
        _ => None,
    }
}

/// A row's key as people write it.
pub(crate) fn key_text(key: &store::ProjectionKey) -> String {
    let part = |part: store::KeyPart| match part {
        store::KeyPart::Address(address) => base58(&address),
        store::KeyPart::Number(number) => number.to_string(),
    };
    key.parts().into_iter().map(part).collect::<Vec<_>>().join("/")
}

/// An event's place as people write it: `slot/signature/instruction/inner instruction`.
pub(crate) fn ordinal_text(at: &store::Ordinal) -> String {
    let id = chain::EventId { signature: at.signature, ix: at.ix, inner_ix: at.inner_ix };
    format!("slot {} {id}", at.slot)
}
