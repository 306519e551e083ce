//! Everything the engine can decide, as data. Whoever feeds the engine carries it out.

pub mod route;

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::amount::{Payment, UnitPrice, Units};
use mira_core::tier::Tier;
use mira_core::{Hash, Key};

use crate::codec::{get, put};
use crate::effect::route::{FirstTokenTaken, HedgedTo, NoRoute, RouteEnded, RoutedTo};
use crate::health::Cause;
use crate::input::Claim;
use crate::record::{PlacementRecord, Shortage};
use crate::route::{HedgeDenied, Leg, RouteId};

/// What one input led to.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Outcome {
    /// What to carry out, in order.
    pub effects: Vec<Effect>,
    /// The placement decisions that were taken, to be published.
    pub records: Vec<PlacementRecord>,
}

impl Outcome {
    pub(crate) fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Effect {
    /// The offer or the job cannot be taken at all.
    Refused(Refusal),
    /// Ask this provider to open this lease.
    Propose(Proposal),
    /// The proposal no longer stands.
    Withdrawn {
        /// The proposal's number.
        id: u64,
        /// Its job.
        job: Key,
        /// Its provider.
        provider: Key,
    },
    /// The job wants a lease and nobody may serve it.
    NoCandidate {
        /// The job.
        job: Key,
        /// Which limit rejected how many.
        shortage: Shortage,
    },
    /// A lease is open and may be worked under.
    LeaseReady {
        /// The lease.
        lease: Key,
        /// Its job.
        job: Key,
        /// The proposal that led to it, if one did.
        proposal: Option<u64>,
    },
    /// Run this shard.
    Assign(Assignment),
    /// There is nothing to run for this provider now.
    Idle {
        /// The provider that asked.
        provider: Key,
    },
    /// The shard was taken from the attempt and waits for another.
    HandOver {
        /// The attempt that lost it.
        claim: Claim,
        /// Why.
        cause: HandOverCause,
    },
    /// The result counts: the lease is owed for it.
    Accepted(Accepted),
    /// The shard was already done; this attempt is not paid.
    Duplicate {
        /// The attempt that came second.
        claim: Claim,
    },
    /// The report is about an attempt that its sender does not hold.
    Rejected {
        /// The attempt it named.
        claim: Claim,
        /// Why.
        reason: RejectReason,
    },
    /// The shard was given up: its module fails wherever it runs.
    GivenUp {
        /// The job.
        job: Key,
        /// The shard's index.
        shard: u32,
    },
    /// Send the provider no work.
    Suspend {
        /// The provider.
        provider: Key,
        /// Why.
        cause: Cause,
    },
    /// The provider may try one shard.
    Probe {
        /// The provider.
        provider: Key,
    },
    /// The provider is healthy again.
    Restored {
        /// The provider.
        provider: Key,
    },
    /// No shard of the job is left.
    JobComplete {
        /// The job.
        job: Key,
        /// Shards that were given up.
        failed: u32,
    },
    /// The job takes no more work.
    JobEnded {
        /// The job.
        job: Key,
    },
    /// A request was routed.
    Routed(Box<RoutedTo>),
    /// A request was not.
    Unrouted {
        /// The job.
        job: Key,
        /// Why.
        reason: NoRoute,
    },
    /// A request got its second attempt.
    Hedged(Box<HedgedTo>),
    /// A request did not.
    HedgeDenied {
        /// Which.
        route: RouteId,
        /// Why.
        reason: HedgeDenied,
    },
    /// The first token of an attempt was taken.
    FirstToken(FirstTokenTaken),
    /// An attempt is over.
    RouteEnded(RouteEnded),
    /// A report about an attempt that does not run.
    UnknownRoute {
        /// Which request.
        route: RouteId,
        /// Which attempt at it.
        leg: Leg,
    },
}

impl Effect {
    /// Its kind's stable name.
    pub fn as_str(&self) -> &'static str {
        match self {
            Effect::Refused(_) => "refused",
            Effect::Propose(_) => "propose",
            Effect::Withdrawn { .. } => "withdrawn",
            Effect::NoCandidate { .. } => "no_candidate",
            Effect::LeaseReady { .. } => "lease_ready",
            Effect::Assign(_) => "assign",
            Effect::Idle { .. } => "idle",
            Effect::HandOver { .. } => "hand_over",
            Effect::Accepted(_) => "accepted",
            Effect::Duplicate { .. } => "duplicate",
            Effect::Rejected { .. } => "rejected",
            Effect::GivenUp { .. } => "given_up",
            Effect::Suspend { .. } => "suspend",
            Effect::Probe { .. } => "probe",
            Effect::Restored { .. } => "restored",
            Effect::JobComplete { .. } => "job_complete",
            Effect::JobEnded { .. } => "job_ended",
            Effect::Routed(_) => "routed",
            Effect::Unrouted { .. } => "unrouted",
            Effect::Hedged(_) => "hedged",
            Effect::HedgeDenied { .. } => "hedge_denied",
            Effect::FirstToken(_) => "first_token",
            Effect::RouteEnded(_) => "route_ended",
            Effect::UnknownRoute { .. } => "unknown_route",
        }
    }
}

/// Why something cannot be taken at all.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, thiserror::Error)]
pub enum Refusal {
    /// The provider is not known from the chain.
    #[error("provider is not registered on chain, or that is not finalized yet: register and stake first")]
    UnknownProvider,
    /// An offer with a price of zero: the chain would refuse its leases.
    #[error("offer asks a unit price of zero: ask at least 1")]
    FreeOffer,
    /// The tier is not served.
    #[error("tier {} is not served by this dispatcher yet: submit the job as batch", .0.as_str())]
    TierNotServed(#[borsh(serialize_with = "put", deserialize_with = "get")] Tier),
    /// The job's terms contradict themselves.
    #[error("job cannot be placed: {0}")]
    BadTerms(String),
}

/// A lease that a provider should open.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Proposal {
    /// Its number, in the order of decision.
    pub id: u64,
    /// The job.
    pub job: Key,
    /// The provider.
    pub provider: Key,
    /// Its owner.
    pub owner: Key,
    /// The price per 1,000,000 units.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub unit_price: UnitPrice,
    /// The most it pays.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub cap: Payment,
    /// When it shall expire. Unix seconds.
    pub expires_at: i64,
    /// The decision that led to it.
    pub decision: Hash,
}

/// A shard handed out.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Assignment {
    /// To whom, under which lease, what, and which attempt.
    pub claim: Claim,
    /// Whether another attempt at it is running: the tail runs twice.
    pub duplicate: bool,
    /// When it is handed on. Unix milliseconds.
    pub expires_at_ms: u64,
    /// What it may use at most: the job's limit, or less near the lease's cap.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub units_limit: Units,
    /// The program.
    pub module: Hash,
    /// The input.
    pub input: Hash,
    /// How much memory it may use.
    pub memory_limit_bytes: u64,
    /// How long it may run.
    pub time_limit_ms: u64,
}

/// A result that counts.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Accepted {
    /// The attempt that won.
    pub claim: Claim,
    /// All units of the lease so far.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub lease_units: Units,
    /// What the lease is owed for them; never more than its cap.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub amount_due: Payment,
}

/// Why a shard was taken from an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum HandOverCause {
    /// It took too long.
    Expired,
    /// Its provider was suspended.
    Suspended,
    /// Its module failed.
    ModuleFailed,
    /// Its provider could not run it.
    NodeFailed,
    /// It never reached its provider.
    Undelivered,
    /// Its lease was closed.
    LeaseClosed,
    /// Its result claimed more units than it was allowed.
    OverLimit,
}

/// Why a report was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, thiserror::Error)]
pub enum RejectReason {
    /// The job is not one of this dispatcher's.
    #[error("job is not known to this dispatcher")]
    UnknownJob,
    /// The job has no such shard.
    #[error("job has no such shard")]
    UnknownShard,
    /// The attempt is not, or no longer, the sender's: it expired or was handed on.
    #[error("this attempt no longer holds the shard: it expired or was handed on; drop the result and pull again")]
    NotHolder,
    /// More units than the assignment allowed.
    #[error("more units than the assignment's limit: the result is not paid")]
    OverLimit,
    /// The job ended.
    #[error("job has ended")]
    JobEnded,
}
