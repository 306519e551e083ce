//! Everything that can happen to the engine, as data.
//!
//! Inputs are recorded before their effects are carried out; feeding the recorded ones again gives
//! the same decisions. Each carries the time at which it was received, in unix milliseconds; the
//! engine has no other clock. Who sent it has been checked by whoever feeds the engine.

pub mod route;

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::amount::{Bps, Payment, Stake, StakePerMillion, UnitPrice, Units};
use mira_core::label::Label;
use mira_core::tier::{Tier, UnitKind};
use mira_core::{Hash, Key};

use crate::codec::{get, put};
use crate::config::Config;
use crate::input::route::{Epoch, FirstToken, Route, RouteEnd, Rtt};
use crate::route::RouteId;
use crate::service::{Machine, Service};

/// One input, with the time it was received.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Input {
    /// Unix milliseconds. A step back is read as no step.
    pub at_ms: u64,
    /// What happened.
    pub event: Event,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Event {
    /// The dispatcher started, or started again: silence while it was away is nobody's fault.
    Start(Config),
    /// A provider as the chain knows it.
    Provider(ProviderFacts),
    /// A provider's offer, replacing its earlier one.
    Offer(Offer),
    /// A provider is alive.
    Heartbeat(Heartbeat),
    /// A requester asks for leases for its job.
    Place(Box<Place>),
    /// A placed job and its leases as the chain knows them.
    Job(JobFacts),
    /// A provider asks for a shard.
    Pull(Pull),
    /// A provider returns a shard's result.
    Done(Done),
    /// A provider gives a shard up.
    Failed(Failed),
    /// Time passed.
    Tick,
    /// A request to an interactive job.
    Route(Route),
    /// A request is late: may it have a second attempt?
    Hedge(RouteId),
    /// The first token of an attempt.
    FirstToken(FirstToken),
    /// An attempt ended.
    RouteEnd(RouteEnd),
    /// A round trip was measured.
    Rtt(Rtt),
    /// The draws of requests follow from another hash.
    Epoch(Epoch),
}

/// A provider account, finalized.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ProviderFacts {
    /// The provider account.
    pub provider: Key,
    /// Who owns it: shares are counted by owner.
    pub owner: Key,
    /// The hot key that accepts leases.
    pub operator: Key,
    /// Whether it may open leases: its status allows it and its owner's own stake reaches the minimum.
    pub active: bool,
    /// The value of its active shares, unbonding ones excluded.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub stake: Stake,
    /// What its leases that have not ended expose of it.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub exposure: Stake,
}

/// What a provider sells.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Offer {
    /// The provider account.
    pub provider: Key,
    /// Where it is.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub region: Label,
    /// What kind of machine it is.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub resource_class: Label,
    /// What it meters.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub unit_kind: UnitKind,
    /// What it asks, in payment base units per 1,000,000 units.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub unit_price: UnitPrice,
    /// Shards it runs at the same time; 0 withdraws the offer.
    pub slots: u16,
    /// Content hashes it holds.
    pub cached: Vec<Hash>,
    /// What the machine has; without it the provider counts slots only.
    pub machine: Option<Machine>,
}

/// A sign of life.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Heartbeat {
    /// The provider account.
    pub provider: Key,
    /// Content hashes it holds, if they changed.
    pub cached: Option<Vec<Hash>>,
}

/// A job to place: what the chain holds of it and what its spec says.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Place {
    /// The job account.
    pub job: Key,
    /// Who pays: work is shared fairly among requesters.
    pub requester: Key,
    /// The hash of its spec: the subject of its placement records.
    pub spec_hash: Hash,
    /// How it is served.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub tier: Tier,
    /// What it pays for.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub unit_kind: UnitKind,
    /// The machine it needs.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub resource_class: Label,
    /// Where its requester is, for latency.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub region: Option<Label>,
    /// Where it may run; empty means anywhere.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub regions: Vec<Label>,
    /// Providers, owners or operators that may not serve it.
    pub deny: Vec<Key>,
    /// The most it pays per 1,000,000 units.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub max_unit_price: UnitPrice,
    /// The largest part of its funding that one owner may hold.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub max_share: Bps,
    /// The most leases open at a time.
    pub max_leases: u16,
    /// The least active stake of its providers.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub min_provider_stake: Stake,
    /// The network's exposure rate.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub stake_per_million: StakePerMillion,
    /// The network's longest lease. Seconds.
    pub max_lease_secs: u32,
    /// When the job ends. Unix seconds.
    pub deadline: i64,
    /// What it was funded with.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub funded: Payment,
    /// What no lease holds yet.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub free: Payment,
    /// Leases open on chain.
    pub open_leases: u16,
    /// What one shard is expected to use.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub est_units: Units,
    /// What one shard may use at most.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub max_units: Units,
    /// How long one shard may run.
    pub time_limit_ms: u64,
    /// How much memory one shard may use.
    pub memory_limit_bytes: u64,
    /// The program to run.
    pub module: Hash,
    /// Its size.
    pub module_bytes: u64,
    /// The inputs, one a shard.
    pub shards: Vec<ShardInput>,
    /// What it asks of its tier.
    pub service: Service,
}

/// One shard's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ShardInput {
    /// Its content hash.
    pub input: Hash,
    /// Its size.
    pub bytes: u64,
}

/// A placed job on chain.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct JobFacts {
    /// The job account.
    pub job: Key,
    /// What it was funded with.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub funded: Payment,
    /// What no lease holds.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub free: Payment,
    /// Whether it is open: work goes on.
    pub open: bool,
    /// Whether this dispatcher may open leases for it now: the job names it, and the network is not paused.
    pub leasable: bool,
    /// When the job ends. Unix seconds.
    pub deadline: i64,
    /// The network's exposure rate for leases from now on.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub stake_per_million: StakePerMillion,
    /// The network's longest lease from now on. Seconds.
    pub max_lease_secs: u32,
    /// Leases open on chain.
    pub open_leases: u16,
    /// All leases it ever had.
    pub leases: Vec<LeaseFacts>,
}

/// A lease on chain.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct LeaseFacts {
    /// The lease account.
    pub lease: Key,
    /// Who serves it.
    pub provider: Key,
    /// Its price per 1,000,000 units.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub unit_price: UnitPrice,
    /// The most it pays.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub cap: Payment,
    /// Until when work may run under it. Unix seconds.
    pub expires_at: i64,
    /// Whether work may run under it: not closed, released or ended.
    pub open: bool,
}

/// A provider asks for one shard.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Pull {
    /// The provider account.
    pub provider: Key,
    /// Under which of its leases; empty means any.
    pub leases: Vec<Key>,
}

/// Which attempt at which shard a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct Claim {
    /// The provider that reports.
    pub provider: Key,
    /// The lease it worked under.
    pub lease: Key,
    /// The job.
    pub job: Key,
    /// The shard's index.
    pub shard: u32,
    /// The attempt's number within the shard, from 1.
    pub attempt: u32,
}

/// A result.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Done {
    /// Which attempt.
    pub claim: Claim,
    /// The output's content hash.
    pub output: Hash,
    /// What it used.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub units: Units,
}

/// A failure.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Failed {
    /// Which attempt.
    pub claim: Claim,
    /// Whose fault the provider says it is.
    pub fault: Fault,
    /// What it says, for people. Whoever feeds the engine bounds its length.
    pub note: String,
}

/// Whose fault a failed attempt was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Fault {
    /// The module trapped or met a limit; it would do so anywhere.
    Module,
    /// The provider could not run it.
    Node,
    /// The assignment never reached the provider.
    Undelivered,
}
