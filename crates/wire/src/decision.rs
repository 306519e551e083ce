//! Placement decisions: why this provider, and why not the others.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{HashHex, KeyStr, U64Str};

/// How many providers one limit rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reject {
    /// The limit's name.
    #[schema(example = "price_cap")]
    pub limit: String,
    /// How many providers it rejected. One provider can be counted by several limits.
    pub count: u32,
}

/// A feasible candidate's penalties, each from 0 (best) to 1,000,000, and their weighted sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Score {
    /// What it asks above the cheapest candidate, as a part of that one's price.
    pub cost: u32,
    /// Round trip to the requester's region, or among those who serve a training job.
    pub latency: u32,
    /// Part of the job's data that it does not hold.
    pub data: u32,
    /// Part of the job and of the network that its owner already holds.
    pub spread: u32,
    /// The weighted sum; the lowest wins.
    pub total: u32,
    /// What is missing of certainty that its results hold.
    pub reliability: u32,
    /// What of its machine the job would leave unusable for others.
    pub fragmentation: u32,
}

/// One provider that was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Candidate {
    /// The provider.
    pub provider: KeyStr,
    /// Its owner.
    pub owner: KeyStr,
    /// What it asked, in base units per million units.
    pub unit_price: U64Str,
    /// Its score; absent if a limit rejected it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
    /// The limits that rejected it; empty if none.
    pub rejected_by: Vec<String>,
}

/// One recorded decision. The same state and the same seed give the same record, so that anyone
/// with the dispatcher's recorded inputs can compute it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Decision {
    /// Its name: the hash of seed, specification and counter.
    pub id: HashHex,
    /// What the dispatcher's sampling was seeded with.
    pub seed: HashHex,
    /// The job's specification.
    pub spec_hash: HashHex,
    /// The number of decisions for this specification before it.
    pub counter: U64Str,
    /// `initial` or `replacement`.
    #[schema(example = "initial")]
    pub purpose: String,
    /// How many providers had an offer.
    pub considered: u32,
    /// How many of them were looked at: fewer means a sample.
    pub looked_at: u32,
    /// Whether only newcomers competed, as in a fixed part of decisions.
    pub explored: bool,
    /// How many of those that were looked at each limit rejected.
    pub rejects: Vec<Reject>,
    /// Feasible ones, the best first; then rejected ones in the order of the draw.
    pub candidates: Vec<Candidate>,
    /// The provider chosen, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub winner: Option<KeyStr>,
    /// The next best, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runner_up: Option<KeyStr>,
    /// The same in words.
    pub explanation: String,
    /// The number of the dispatch epoch that it belongs to.
    pub epoch: U64Str,
    /// The hash of that epoch, which seeds the draw.
    pub epoch_hash: HashHex,
}

/// One target that a route's draw came to. Times are microseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RouteCandidate {
    /// The dispatcher's number for it.
    pub target: u32,
    /// The dispatcher's number for its owner.
    pub owner: u32,
    /// What it comes to; the lowest wins.
    pub score: U64Str,
    /// The round trip to it.
    pub rtt_us: u32,
    /// Its time to first token.
    pub ewma_us: u32,
    /// The mean deviation of both.
    pub deviation_us: u32,
    /// What it asks, in base units per million units.
    pub unit_price: U64Str,
    /// How often it does what it was asked, of a million.
    pub reliability_ppm: u32,
    /// Requests and shards that it runs.
    pub in_flight: u16,
    /// How many it runs at the same time.
    pub capacity: u16,
    /// What stands against it; empty if nothing.
    pub rejected_by: Vec<String>,
}

/// One recorded route of a request: which lease runs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RouteDecision {
    /// Its number.
    pub number: U64Str,
    /// The job.
    pub job: KeyStr,
    /// The request's number within the job.
    pub counter: U64Str,
    /// `first` or `hedge`.
    #[schema(example = "first")]
    pub attempt: String,
    /// How many targets there were.
    pub targets: u32,
    /// Who was drawn, in the order of the draw.
    pub candidates: Vec<RouteCandidate>,
    /// The target chosen, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub winner: Option<u32>,
    /// The next best, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runner_up: Option<u32>,
    /// Who is asked too if the winner is slow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup: Option<u32>,
    /// After how long.
    pub hedge_after_us: u32,
    /// The same in words.
    pub explanation: String,
}

/// A placement by its id, or a route by its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum AnyDecision {
    /// Which providers serve a job.
    Placement(Decision),
    /// Which lease runs a request.
    Route(RouteDecision),
}

/// Why a job has the leases it has, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Why {
    /// The job.
    pub job: KeyStr,
    /// How its placement stands.
    pub status: String,
    /// What it waits for, or that it does not.
    pub message: String,
    /// Owners that the job's `max_share` asks for.
    pub owners_needed: u32,
    /// Leases that work for it now.
    pub live_leases: u32,
    /// If nobody could serve: how many providers each limit rejected.
    pub rejects: Vec<Reject>,
    /// Its decisions, for `GET /v1/decisions/{id}`.
    pub decisions: Vec<HashHex>,
}
