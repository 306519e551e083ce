//! Quotes: what a job would cost and who could serve it, before anything is locked.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::decision::Reject;
use crate::{KeyStr, U64Str};

/// What a job would need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteRequest {
    /// The tier.
    #[schema(example = "batch")]
    pub tier: String,
    /// The unit of usage.
    #[schema(example = "fuel")]
    pub unit_kind: String,
    /// The kind of machine, a label.
    #[schema(example = "cpu-small")]
    pub resource_class: String,
    /// Where the requester is, a label.
    #[schema(example = "eu-west")]
    pub region: String,
    /// Regions that may serve, labels; empty for any.
    #[serde(default)]
    pub regions: Vec<String>,
    /// Providers, owners or operators that must not serve.
    #[serde(default)]
    pub deny: Vec<KeyStr>,
    /// The most to pay, in base units per million units; absent for any price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_unit_price: Option<U64Str>,
    /// The most of the escrow that one provider may hold, in hundredths of a percent.
    pub max_share_bps: u16,
    /// The most leases.
    pub max_leases: u16,
    /// The least own stake of a provider, base units of the stake mint.
    pub min_provider_stake: U64Str,
    /// How many shards.
    pub shards: u32,
    /// Units that one shard is expected to use.
    pub est_units_per_shard: U64Str,
}

/// What it would cost now. Nothing is reserved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quote {
    /// Whether the job could be placed now.
    pub feasible: bool,
    /// Why not, if not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Providers that could serve.
    pub candidates: u32,
    /// Their owners.
    pub owners: u32,
    /// Owners that `max_share_bps` asks for.
    pub owners_needed: u32,
    /// The lowest price of those that could serve, in base units per million units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_low: Option<U64Str>,
    /// The median price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_median: Option<U64Str>,
    /// The highest price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_high: Option<U64Str>,
    /// What the expected units cost, fees included.
    pub expected_cost: U64Str,
    /// What to fund so that caps have room; what is not used comes back.
    pub recommended_funding: U64Str,
    /// How many providers each limit rejected.
    pub rejects: Vec<Reject>,
}
