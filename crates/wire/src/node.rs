//! What a provider's node and the dispatcher tell each other. Every request is signed by the
//! provider's operator key (see [`crate::request`]).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::service::Machine;
use crate::voucher::Voucher;
use crate::{HashHex, KeyStr, Time, U64Str};

/// The longest a node may ask to wait for work, in milliseconds.
pub const MAX_WAIT_MS: u32 = 20_000;
/// The most leases that one pull may name.
pub const MAX_PULL_LEASES: usize = 256;
/// The most cached hashes that an offer or a heartbeat may name.
pub const MAX_CACHED: usize = 1_024;
/// The most shards a provider may take at a time.
pub const MAX_SLOTS: u16 = 4_096;
/// The longest error message of a shard in bytes; the rest is cut by the node.
pub const MAX_ERROR_BYTES: usize = 1_024;

/// `POST /v1/node/offers`: replaces the provider's standing offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// The provider.
    pub provider: KeyStr,
    /// Where the node is, a label.
    #[schema(example = "eu-west")]
    pub region: String,
    /// The kind of machine, a label.
    #[schema(example = "cpu-small")]
    pub resource_class: String,
    /// The unit of usage.
    #[schema(example = "fuel")]
    pub unit_kind: String,
    /// The price, in base units per million units.
    pub unit_price: U64Str,
    /// How many shards it takes at a time.
    pub slots: u16,
    /// Blobs it already has.
    #[serde(default)]
    pub cached: Vec<HashHex>,
    /// What the machine has. With it, work that states its needs is packed by them; without it, slots are all that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<Machine>,
}

/// The offer stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfferAck {
    /// The provider.
    pub provider: KeyStr,
    /// How often to send a heartbeat, in milliseconds; a provider that misses three is suspended.
    pub heartbeat_ms: u32,
}

/// `POST /v1/node/heartbeat`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Heartbeat {
    /// The provider.
    pub provider: KeyStr,
    /// Shards being worked on.
    pub in_flight: u16,
    /// Blobs it has.
    #[serde(default)]
    pub cached: Vec<HashHex>,
}

/// A lease that the dispatcher proposes. To accept it, the node checks the transaction against
/// these values, signs it with the operator key and sends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Proposal {
    /// The dispatcher's number for it.
    pub id: U64Str,
    /// The job that pays.
    pub job: KeyStr,
    /// The provider that would serve.
    pub provider: KeyStr,
    /// The lease's number between this job and this provider.
    pub nonce: u32,
    /// Base units per million units.
    pub unit_price: U64Str,
    /// The most that can ever be settled.
    pub cap: U64Str,
    /// No work after this.
    pub expires_at: Time,
    /// The transaction, base64 of its wire format, signed by the dispatcher; the operator pays its
    /// fee and its signature is missing.
    pub transaction: String,
}

/// What the node should know now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HeartbeatReply {
    /// Leases proposed and not opened yet.
    pub proposals: Vec<Proposal>,
    /// The newest voucher of each of the provider's leases that can still be settled.
    pub vouchers: Vec<Voucher>,
    /// True if the dispatcher gives it no work for now.
    pub suspended: bool,
}

/// `POST /v1/node/work`: asks for a shard under any of these leases, waiting if there is none yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkRequest {
    /// The provider.
    pub provider: KeyStr,
    /// Its leases that have room; empty for all of them.
    pub leases: Vec<KeyStr>,
    /// How long to wait, at most 20,000 milliseconds.
    pub wait_ms: u32,
}

/// One shard to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Assignment {
    /// The job.
    pub job: KeyStr,
    /// The lease that pays.
    pub lease: KeyStr,
    /// The shard's number: its place in the specification, from 0; over the stages of a pipeline, stage × inputs + place.
    pub shard: u32,
    /// How often it was handed out before, plus one.
    pub attempt: u32,
    /// The module's blob.
    pub module: HashHex,
    /// The input's blob.
    pub input: HashHex,
    /// The most fuel; lower than the specification's where the lease's cap has less room.
    pub fuel_limit: U64Str,
    /// The most memory in bytes.
    pub memory_limit_bytes: U64Str,
    /// The longest run in milliseconds.
    pub time_limit_ms: U64Str,
    /// After this the shard goes to another lease.
    pub expires_at: Time,
}

/// A shard, or none yet: then ask again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkReply {
    /// The shard to run.
    pub assignment: Option<Assignment>,
}

/// Whose doing a failure was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The module's: it trapped, or went over a limit. It would fail elsewhere too.
    Module,
    /// The node's: a blob it could not get, a full disk, a shutdown.
    Node,
}

/// How a shard ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// It ran; its output was uploaded before.
    Ok {
        /// The output's blob.
        output: HashHex,
        /// The units used.
        units: U64Str,
    },
    /// It did not.
    Error {
        /// Whose doing it was.
        fault: Fault,
        /// What happened.
        message: String,
    },
}

/// `POST /v1/node/results`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultRequest {
    /// The provider.
    pub provider: KeyStr,
    /// The job.
    pub job: KeyStr,
    /// The lease.
    pub lease: KeyStr,
    /// The shard.
    pub shard: u32,
    /// The attempt.
    pub attempt: u32,
    /// How it ended.
    pub outcome: Outcome,
}

/// What became of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It counts, and is owed.
    Accepted,
    /// Another result for the shard was accepted before: this one is not owed.
    Duplicate,
    /// The failure is noted; the shard goes to another lease.
    Failed,
}

/// The answer to a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ResultReply {
    /// What became of it.
    pub verdict: Verdict,
    /// If accepted: what the lease is owed so far in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_due: Option<U64Str>,
    /// If accepted: the units of the lease's accepted results so far in all; the `cumulative_units` of the
    /// next usage report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cumulative_units: Option<U64Str>,
}
