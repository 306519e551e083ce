//! Jobs: what the chain says of them, their placement and their shards.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::page::list_query;
use crate::quote::{Honoured, Promise};
use crate::{HashHex, KeyStr, Time, U64Str};

list_query!(
    /// `GET /v1/jobs`.
    JobsQuery {
        /// Who pays.
        requester: KeyStr,
        /// Who dispatches.
        dispatcher: KeyStr,
        /// `open`, `closing` or `closed`.
        status: String,
        /// The tier.
        tier: String,
    }
);

/// A job as the finalized chain has it. Amounts are base units of the payment mint, and
/// `funded = committed + paid + refunded + what is free`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Job {
    /// Its account.
    pub job: KeyStr,
    /// Who pays.
    pub requester: KeyStr,
    /// The requester's number for it.
    pub job_id: U64Str,
    /// Whose signature a voucher needs.
    pub voucher_signer: KeyStr,
    /// The dispatcher that may open leases for it; absent if only the requester may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispatcher: Option<KeyStr>,
    /// SHA-256 of its specification.
    pub spec_hash: HashHex,
    /// `interactive`, `batch`, `training` or `pipeline`.
    pub tier: String,
    /// `gpu_millis`, `tokens`, `fuel` or `items`.
    pub unit_kind: String,
    /// The most a lease may cost, in base units per million units.
    pub max_unit_price: U64Str,
    /// All that was ever put in.
    pub funded: U64Str,
    /// Reserved by leases and not settled yet.
    pub committed: U64Str,
    /// Settled, fees included.
    pub paid: U64Str,
    /// Returned to the requester.
    pub refunded: U64Str,
    /// The least own stake of a provider that may serve it, base units of the stake mint.
    pub min_provider_stake: U64Str,
    /// The most of the escrow that one provider may hold, in hundredths of a percent.
    pub max_share_bps: u16,
    /// The most leases open at a time.
    pub max_leases: u16,
    /// Leases open now.
    pub open_leases: u16,
    /// Leases ever opened.
    pub leases_total: u32,
    /// When it was created.
    pub created_at: Time,
    /// After this nothing new can be leased.
    pub deadline: Time,
    /// Before this it cannot be closed.
    pub young_until: Time,
    /// From then on anyone may close it, even while it is open.
    pub due_at: Time,
    /// When closing began, if it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing_at: Option<Time>,
    /// `open`, `closing` or `closed`.
    #[schema(example = "open")]
    pub status: String,
    /// The number of events of this account so far.
    pub seq: U64Str,
}

/// `POST /v1/jobs/{job}/place`: the specification and the chain say almost all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceRequest {
    /// The quote on whose strength it is placed, so that the job keeps it beside what becomes of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<Promise>,
}

/// A lease that was proposed to a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProposedLease {
    /// The dispatcher's number for it.
    pub id: U64Str,
    /// The provider.
    pub provider: KeyStr,
    /// Base units per million units.
    pub unit_price: U64Str,
    /// The most that can ever be settled.
    pub cap: U64Str,
}

/// A job that is now being placed. Asking again for the same job answers the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Placed {
    /// The job.
    pub job: KeyStr,
    /// Its shards, all stages together.
    pub shards: u32,
    /// What was proposed. A provider that accepts opens the lease on chain.
    pub proposals: Vec<ProposedLease>,
    /// The decisions behind it, for `GET /v1/decisions/{id}`.
    pub decisions: Vec<HashHex>,
}

/// Where one shard stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Shard {
    /// Its number: its place in the specification, from 0; over the stages of a pipeline, stage × inputs + place.
    pub shard: u32,
    /// `waiting` for the stage before, `queued`, `running`, `done` or `failed`.
    #[schema(example = "done")]
    pub state: String,
    /// How often it was handed out.
    pub attempts: u32,
    /// The lease that has it, or had it when it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<KeyStr>,
    /// The provider of that lease.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<KeyStr>,
    /// The result's blob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<HashHex>,
    /// The units it used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<U64Str>,
    /// The last failure, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What a lease has done for a job and is owed: what the requester checks, and then signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeaseDue {
    /// The lease.
    pub lease: KeyStr,
    /// Its provider.
    pub provider: KeyStr,
    /// Base units per million units.
    pub unit_price: U64Str,
    /// The most that can ever be settled.
    pub cap: U64Str,
    /// Units of its accepted results so far.
    pub units: U64Str,
    /// What those cost, fees included: the `cumulative_amount` of the next voucher.
    pub amount_due: U64Str,
    /// Shards it finished.
    pub shards_done: u32,
    /// Whether work may run under it now.
    pub live: bool,
    /// Whether it may still get work. One that may not holds escrow for nothing: its requester may close it.
    pub wanted: bool,
}

/// Where a job's shards stand: the whole, and a page of single ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Shards {
    /// The job.
    pub job: KeyStr,
    /// How the work stands.
    #[schema(example = "running")]
    pub status: String,
    /// How many shards there are, all stages together.
    pub total: u32,
    /// How many are done.
    pub done: u32,
    /// How many failed for good.
    pub failed: u32,
    /// How many are being worked on.
    pub running: u32,
    /// How many wait for a provider. What none of these counts waits for the stage before.
    pub queued: u32,
    /// How often a shard was taken from one lease and given to another.
    pub redispatched: u32,
    /// How many results came after another was accepted.
    pub duplicates: u32,
    /// Every lease of the job.
    pub leases: Vec<LeaseDue>,
    /// The quote that it was placed with beside what became of it, if it was placed with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Honoured>,
    /// A page of the shards, in order.
    pub shards: Vec<Shard>,
    /// Give this as `cursor` for the next page of shards; absent at the end. Opaque.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}
