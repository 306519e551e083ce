//! Transactions that cannot be understood.

use solana_sdk::signature::Signature;

/// A finalized transaction that cannot be understood, as it was received.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("slot {slot} cannot be decoded: transaction {}: {reason}", Signature::from(*.signature))]
pub struct UnreadableTransaction {
    /// Its first signature.
    pub signature: [u8; 64],
    /// The slot of its block.
    pub slot: u64,
    /// The part that could not be decoded, and where.
    pub reason: String,
    /// JSON, as the endpoint sent it.
    pub received: Vec<u8>,
}
