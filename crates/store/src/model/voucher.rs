//! What requesters agreed to pay.

use mira_core::Key;
use mira_core::amount::{Payment, Units};

use super::Signature;
use crate::row::row;

row! {
    /// A voucher that a lease's voucher signer signed.
    pub struct Voucher in "voucher" keyed 1 {
        /// The lease.
        pub lease: Key,
        /// All that may be settled since the lease opened.
        pub cumulative_amount: Payment,
        /// All units since the lease opened.
        pub cumulative_units: Units,
        /// Who signed.
        pub signer: Key,
        /// Over `mira_core::voucher::message`.
        pub signature: Signature,
        /// When it came, on this host's clock.
        pub received_ms: i64,
    }
}

/// What became of something that may be stored once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is new and stored.
    Stored,
    /// The same was stored before.
    Duplicate,
    /// Something else has this key; nothing was changed.
    Conflict,
}

/// What became of a voucher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PutVoucher {
    /// It is the lease's newest.
    Stored,
    /// The same amount and units are the newest already.
    Duplicate,
    /// The stored one is worth as much or more; nothing was changed.
    Stale {
        /// The newest.
        newest: Voucher,
    },
}
