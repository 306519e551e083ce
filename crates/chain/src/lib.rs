//! The chain as clients see it: addresses, instructions, events, accounts, blocks, transactions.
//!
//! Everything goes over standard JSON-RPC, so it works against any cluster; only the local chain
//! (feature `local-chain`) knows what runs behind the port. Nothing here decides policy: no fees
//! are chosen, no prices compared, no job placed.
//!
//! | module | holds |
//! | --- | --- |
//! | [`artifact`] | the committed bytecode |
//! | [`cluster`] | whether a network may be used on the cluster that answers |
//! | [`deployed`] | the bytecode that a cluster runs, and who may upgrade it |
//! | [`pda`] | every derived address |
//! | [`ix`] | one builder per instruction |
//! | [`event`], [`account`] | what the program wrote, decoded strictly |
//! | [`rpc`] | JSON-RPC with retries and typed errors |
//! | [`source`] | finalized blocks, reduced to the program's events |
//! | [`hint`] | a websocket that says when to ask again |
//! | [`send`] | sign, send, confirm, and the program's own reason when it refuses |
//! | [`tx`] | lease proposals, signed by the matcher first and the operator last |
//! | [`voucher`] | signing vouchers, and the instruction that proves one |
//! | [`token`] | the classic token program |
//! | `local` | a chain in this process (feature `local-chain`) |

pub mod account;
pub mod artifact;
pub mod cluster;
pub mod deployed;
pub mod event;
pub mod hint;
pub mod ix;
#[cfg(feature = "local-chain")]
pub mod local;
pub mod pda;
pub mod rpc;
pub mod send;
pub mod source;
pub mod token;
pub mod tx;
pub mod voucher;
