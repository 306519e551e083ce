//! Reward epochs: what the reward authorities approve, and when it becomes final.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{HashHex, KeyStr, Time, U64Str};

/// A reward epoch as the finalized chain has it. Amounts are base units of the payment mint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Epoch {
    /// Its number, from 1.
    pub number: U64Str,
    /// `proposed` has approvals, `pending` those of a majority, `final` is what claims are made against;
    /// `dropped` was cancelled, or other authorities were named.
    #[schema(example = "pending")]
    pub status: String,
    /// Root of the tree of providers and their lifetime rewards, as the newest approval names it.
    pub root: HashHex,
    /// Hash of the report that anyone can recompute the root with.
    pub report_hash: HashHex,
    /// Hash of all that was approved; what authorities agree on.
    pub digest: HashHex,
    /// All fees that the epochs up to this one count.
    pub cumulative_fees: U64Str,
    /// All rewards of the epochs up to this one.
    pub cumulative_total: U64Str,
    /// Each authority's last approval; none once it was dropped.
    pub approvals: Vec<Approval>,
    /// The part of the fees that may be given as rewards, in hundredths of a percent, once a majority
    /// approves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_bps: Option<u16>,
    /// From when on anyone may finalize it, once a majority approves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_from: Option<Time>,
    /// From when on anyone may cancel it, once a majority approves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale_from: Option<Time>,
    /// What the epoch itself did, once it is final.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<EpochResult>,
    /// The number of its last event among those of the reward vault's books.
    pub seq: U64Str,
}

/// One authority's approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Approval {
    /// The reward authority.
    pub authority: KeyStr,
    /// What it approves: it counts for the epoch's digest alone.
    pub digest: HashHex,
}

/// What a final epoch did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EpochResult {
    /// When it became final.
    pub finalized_at: Time,
    /// The fees of this epoch alone.
    pub fees: U64Str,
    /// Of these, given as rewards.
    pub rewards: U64Str,
    /// Of these, sent to the treasury.
    pub to_treasury: U64Str,
}
