//! An event before it is decoded: what an append-only ledger keeps.

use super::{DecodeError, Event, EventId};

/// The eight bytes that start every event self-call (fixed by Anchor).
pub const EVENT_TAG: [u8; 8] = anchor_lang::event::EVENT_IX_TAG.to_le_bytes();

/// One event's bytes and where they stand on the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawEvent {
    /// Its identity.
    pub id: EventId,
    /// The slot of its block.
    pub slot: u64,
    /// The block's time in unix seconds, where the cluster reports one.
    pub block_time: Option<i64>,
    /// Which event it is.
    pub discriminator: [u8; 8],
    /// The version of its layout; also the first byte of `payload`.
    pub schema: u8,
    /// The event's canonical Borsh bytes, without tag and discriminator.
    pub payload: Vec<u8>,
}

impl RawEvent {
    /// Splits the data of an event self-call, tag included.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`] if tag, discriminator or schema are missing.
    pub fn from_data(id: EventId, slot: u64, block_time: Option<i64>, data: &[u8]) -> Result<Self, DecodeError> {
        let truncated = DecodeError::Truncated { len: data.len() };
        let body = data.strip_prefix(&EVENT_TAG).ok_or(truncated.clone())?;
        let (discriminator, payload) = body.split_first_chunk::<8>().ok_or(truncated.clone())?;
        let schema = *payload.first().ok_or(truncated)?;
        Ok(Self { id, slot, block_time, discriminator: *discriminator, schema, payload: payload.to_vec() })
    }

    /// The typed event.
    ///
    /// # Errors
    /// As [`Event::decode`].
    pub fn decode(&self) -> Result<Event, DecodeError> {
        Event::decode(&self.discriminator, &self.payload)
    }
}
