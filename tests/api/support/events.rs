//! Events as the indexer would record them.

use mira_chain::event::{Event, body};
use mira_store::model::{Ordinal, RawEvent};
use solana_sdk::pubkey::Pubkey;

use super::rows;

/// A `JobFunded` of [`rows::JOB`].
pub fn funded(seq: u16) -> Event {
    Event::JobFunded(body::JobFunded {
        schema: 1,
        job: Pubkey::new_from_array(rows::JOB),
        job_seq: seq.into(),
        funder: Pubkey::new_from_array([0x22; 32]),
        amount: 1,
        funded_before: 0,
        funded_after: 1,
    })
}

/// An event at a place of the ledger.
pub fn raw(slot: u64, inner_ix: u16, event: &Event) -> RawEvent {
    let (discriminator, payload) = event.encode();
    RawEvent {
        ord: Ordinal { slot, signature: [slot.to_le_bytes()[0]; 64], ix: 0, inner_ix },
        block_time: Some(rows::NOW),
        discriminator,
        schema: 1,
        payload,
    }
}
