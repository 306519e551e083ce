//! What is decided about a request of an interactive job.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;
use mira_core::amount::{Payment, Units};

use crate::codec::{get, put};
use crate::route::{Leg, RouteId, RouteRecord, Unrouted};

/// A provider and the lease that pays it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Endpoint {
    /// The provider account.
    pub provider: Key,
    /// The lease account.
    pub lease: Key,
}

/// A request was routed: send it now.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RoutedTo {
    /// Names the request.
    pub route: RouteId,
    /// The job.
    pub job: Key,
    /// To whom.
    pub primary: Endpoint,
    /// Who would be asked second; its lease covers it already.
    pub backup: Option<Endpoint>,
    /// After how long without a first token `Event::Hedge` is in order. Microseconds.
    pub hedge_after_us: u32,
    /// When an attempt that has not ended counts as timed out. Unix milliseconds.
    pub expires_at_ms: u64,
    /// How it was decided.
    pub record: RouteRecord,
}

/// A second attempt: send it now.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct HedgedTo {
    /// Names the request.
    pub route: RouteId,
    /// To whom.
    pub target: Endpoint,
    /// How it was decided.
    pub record: RouteRecord,
}

/// Why a request was not routed.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, thiserror::Error)]
pub enum NoRoute {
    /// The job is not one of this dispatcher's, or not interactive.
    #[error("job is not an interactive one of this dispatcher")]
    UnknownJob,
    /// The job ended.
    #[error("job has ended")]
    JobEnded,
    /// More than the job lets one request use.
    #[error("a request of this job may use at most {} units", .0.get())]
    OverLimit(#[borsh(serialize_with = "put", deserialize_with = "get")] Units),
    /// Nobody may serve it.
    #[error("no lease of the job may serve it: {} drawn of {}", .0.drawn, .0.pool)]
    NoTarget(Unrouted),
}

/// The first token of an attempt was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct FirstTokenTaken {
    /// Which request.
    pub route: RouteId,
    /// Which attempt at it.
    pub leg: Leg,
    /// Whether its answer is the one that counts.
    pub won: bool,
    /// Whether the other attempt runs and is to be called off.
    pub cancel_other: bool,
}

/// An attempt is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RouteEnded {
    /// Which request.
    pub route: RouteId,
    /// Which attempt at it.
    pub leg: Leg,
    /// Whose it was.
    pub endpoint: Endpoint,
    /// What of it is paid.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub units: Units,
    /// All units of the lease so far.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub lease_units: Units,
    /// What the lease is owed for them; never more than its cap.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub amount_due: Payment,
    /// Whether the request is over and nothing is reserved for it any more.
    pub over: bool,
}
