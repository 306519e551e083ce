//! Transactions that were or will be sent: the signature is stored before sending.

use super::{IntentState, Signature};
use crate::row::row;

row! {
    /// A wish to change the chain, and the transactions signed for it.
    pub struct TxIntent in "tx_intent" keyed 1 {
        /// The caller's hash of what is wished, so that the same wish is the same row.
        pub id: [u8; 32],
        /// Which instruction, snake_case.
        pub kind: String,
        /// The account it is about.
        pub subject: [u8; 32],
        /// The newest transaction is dead after this block height.
        pub last_valid_block_height: u64,
        /// The signatures of all transactions signed for it, newest last.
        pub signatures: Vec<Signature>,
        /// The newest transaction.
        pub bytes: Vec<u8>,
        /// How far it got.
        pub state: IntentState,
        /// Why it failed, else empty.
        pub error: String,
        /// When it was stored, on this host's clock.
        pub created_ms: i64,
        /// When it last changed, on this host's clock.
        pub updated_ms: i64,
    }
}

/// A step of an intent that must be `Pending`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntentChange {
    /// Signed anew after the blockhash expired and the status check was negative.
    Resigned {
        /// The new signature.
        signature: Signature,
        /// The new transaction.
        bytes: Vec<u8>,
        /// The new transaction is dead after this block height.
        last_valid_block_height: u64,
    },
    /// It is over.
    Over {
        /// Not `Pending`.
        state: IntentState,
        /// Why it failed, else empty.
        error: String,
    },
}
