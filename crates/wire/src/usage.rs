//! Usage reports: what a provider says it used, signed by its operator.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{HashHex, KeyStr, SigStr, Time, U64Str};

/// What a node sends. The operator signs `mira_core::usage`'s message of the same values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UsageReport {
    /// The lease.
    pub lease: KeyStr,
    /// From 1, without a gap.
    pub seq: U64Str,
    /// Units used under the lease so far.
    pub cumulative_units: U64Str,
    /// Shards or requests done under the lease so far.
    pub items: u32,
    /// A hash over their outputs, as the node's journal has it.
    pub outputs_hash: HashHex,
    /// The operator's signature.
    pub signature: SigStr,
}

/// The report is stored for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UsageAck {
    /// The lease.
    pub lease: KeyStr,
    /// The newest number stored.
    pub seq: U64Str,
}

/// A report as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StoredUsage {
    /// The report.
    pub report: UsageReport,
    /// When it came.
    pub received_at: Time,
}
