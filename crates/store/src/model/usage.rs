//! What providers say they did.

use mira_core::Key;
use mira_core::amount::Units;

use super::Signature;
use crate::row::row;

row! {
    /// A usage report that a provider's operator signed.
    pub struct UsageReport in "usage_report" keyed 2 {
        /// The lease.
        pub lease: Key,
        /// Its number among the lease's reports, from 1.
        pub seq: u64,
        /// All units since the lease opened.
        pub cumulative_units: Units,
        /// Results in this report.
        pub items: u32,
        /// Hash over the results of this report.
        pub outputs_hash: [u8; 32],
        /// Who signed: the lease's operator.
        pub signer: Key,
        /// Over `mira_core::usage::message`.
        pub signature: Signature,
        /// When it came, on this host's clock.
        pub received_ms: i64,
    }
}

row! {
    /// A signed report that could not be counted, kept as evidence.
    pub struct QuarantinedUsage in "usage_quarantine" keyed 3 {
        /// The lease.
        pub lease: Key,
        /// The report's number.
        pub seq: u64,
        /// The report's signature.
        pub signature: Signature,
        /// All units since the lease opened, as claimed.
        pub cumulative_units: Units,
        /// Results in this report.
        pub items: u32,
        /// Hash over the results of this report.
        pub outputs_hash: [u8; 32],
        /// Who signed.
        pub signer: Key,
        /// Why it does not count, snake_case.
        pub reason: String,
        /// When it came, on this host's clock.
        pub received_ms: i64,
    }
}
