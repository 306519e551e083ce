//! Events as recorded from finalized blocks.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{KeyStr, SigStr, Time, U64Str};

/// One aggregate that an event changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Aggregate {
    /// `network`, `provider`, `job`, `lease`, `fee_shard`, `rewards` or `dispute`.
    #[schema(example = "job")]
    pub kind: String,
    /// The account.
    pub key: KeyStr,
    /// The number of this event within the account, from 1.
    pub seq: U64Str,
}

/// One finalized event of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Event {
    /// Its place in the ledger; the `id` of a stream's message.
    #[schema(example = "1234-5h6x…-0-1")]
    pub ord: String,
    /// The slot.
    pub slot: U64Str,
    /// The transaction.
    pub signature: SigStr,
    /// The top-level instruction.
    pub ix: u16,
    /// The inner instruction.
    pub inner_ix: u16,
    /// The block's time, if the cluster gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block_time: Option<Time>,
    /// The event's name as in the program's IDL.
    #[schema(example = "LeaseSettled")]
    pub name: String,
    /// The version of its layout.
    pub schema: u8,
    /// The accounts it changed.
    pub aggregates: Vec<Aggregate>,
    /// The Borsh body, base64, as in the program's IDL: the first byte is `schema`.
    pub payload: String,
}
