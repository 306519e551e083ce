//! What can happen to a request of an interactive job.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::amount::Units;
use mira_core::label::Label;
use mira_core::{Hash, Key};

use crate::codec::{get, put};
use crate::route::{End, Leg, RouteId};

/// A request to an interactive job.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Route {
    /// The job account.
    pub job: Key,
    /// Where it comes from; without it, where the job's requester is.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub origin: Option<Label>,
    /// What it may use at most: as much is reserved on the lease of each attempt before the first is sent.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub max_units: Units,
}

/// The first token of an attempt reached the request's origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct FirstToken {
    /// Which request.
    pub route: RouteId,
    /// Which attempt at it.
    pub leg: Leg,
    /// When. Unix microseconds; not after the input's own time.
    pub at_us: u64,
}

/// An attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RouteEnd {
    /// Which request.
    pub route: RouteId,
    /// Which attempt at it.
    pub leg: Leg,
    /// When its first token came, if it did and nobody has said so yet. Unix microseconds.
    pub first_token_us: Option<u64>,
    /// How it ended.
    pub end: End,
    /// What it was proven to have used; of an attempt that was called off too.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub units: Units,
}

/// A round trip that was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Rtt {
    /// From one region.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub from: Label,
    /// To another and back.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub to: Label,
    /// How long it took.
    pub rtt_us: u32,
}

/// A new epoch: the draws of requests follow from its hash from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Epoch {
    /// The hash that names it.
    pub hash: Hash,
}
