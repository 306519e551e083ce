//! The ledger of finalized events.

pub mod list;
pub mod stream;
