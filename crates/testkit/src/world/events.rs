//! Events as the runtime records them: the program's calls to itself.

use litesvm::types::TransactionMetadata;
use mira_chain::event::{EVENT_TAG, Event, EventId, RawEvent};

/// The events of a transaction, by top-level instruction. Anything that looks like one must decode.
pub(super) fn read(receipt: &TransactionMetadata) -> Vec<Vec<Event>> {
    let decode = |data: &[u8]| {
        let id = EventId { signature: [0; 64], ix: 0, inner_ix: 0 };
        RawEvent::from_data(id, 0, None, data).unwrap().decode().unwrap()
    };
    receipt
        .inner_instructions
        .iter()
        .map(|inner| {
            let data = inner.iter().map(|call| call.instruction.data.as_slice());
            data.filter(|data| data.starts_with(&EVENT_TAG)).map(decode).collect()
        })
        .collect()
}
