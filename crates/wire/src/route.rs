//! Routing one interactive request: which lease serves it, which one if that is slow, and how it ended.
//!
//! A gateway opens a session for a job once, signed by the job's requester or its voucher signer, and then asks with
//! the session's token: a signature per request would cost more than the decision.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{KeyStr, Time, U64Str};

/// The most ended attempts that one request may report.
pub const MAX_ENDED: usize = 64;

/// `POST /v1/route/sessions`, signed by the job's requester or voucher signer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionRequest {
    /// The job that pays.
    pub job: KeyStr,
}

/// A session: send `authorization: Bearer TOKEN` with every route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// The job that pays.
    pub job: KeyStr,
    /// The token. Whoever has it can take this job's escrow up to its leases' caps into use, though never be paid for it.
    pub token: String,
    /// Until when it is good.
    pub expires_at: Time,
}

/// `POST /v1/route`: where does this request go?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteRequest {
    /// Where the request comes from, a label; the job's own region if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The most units that it may use. So much is held of both leases' caps until it has ended.
    pub max_units: U64Str,
    /// Attempts that have ended since the last request: one call instead of two.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ended: Vec<EndedRoute>,
}

/// An attempt that has ended, reported with the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndedRoute {
    /// The route's number.
    pub route: U64Str,
    /// How it ended.
    pub done: RouteDone,
}

/// One place to send a request to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RouteTarget {
    /// The lease that pays.
    pub lease: KeyStr,
    /// Its provider.
    pub provider: KeyStr,
    /// Its price, in base units per million units.
    pub unit_price: U64Str,
}

/// The answer: send to `primary`; if no token has come after `hedge_after_us`, ask for the hedge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Route {
    /// The route's number: name it when you hedge and when it has ended.
    pub route: U64Str,
    /// The decision's number: `GET /v1/decisions/{decision}` shows it.
    pub decision: U64Str,
    /// Where to send it.
    pub primary: RouteTarget,
    /// Who would be asked if that is slow: of another owner.
    pub backup: Option<RouteTarget>,
    /// How long to wait for the first token before asking for the hedge. Microseconds.
    pub hedge_after_us: U64Str,
}

/// `POST /v1/route/{route}/hedge`: the first token is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HedgeRequest {}

/// Send it there too. The first token wins; cancel the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hedge {
    /// Where to.
    pub target: RouteTarget,
}

/// Which of the two attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Leg {
    /// The first one.
    Primary,
    /// The hedge.
    Hedge,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LegEnd {
    /// It answered to the end.
    Completed,
    /// The other one was faster, or the caller left.
    Cancelled,
    /// It answered with an error, or the connection broke.
    Failed,
    /// It did not answer in time.
    TimedOut,
}

/// `POST /v1/route/{route}/done`: an attempt has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteDone {
    /// Which attempt.
    pub leg: Leg,
    /// How it ended.
    pub end: LegEnd,
    /// From sending to its first token, if one came. Microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_token_us: Option<U64Str>,
    /// Units that it used, as the caller counted them.
    pub units: U64Str,
}

/// It is on the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RouteAck {
    /// Whether the request is over: nothing is held for it any more.
    pub over: bool,
}
