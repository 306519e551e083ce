//! Escrow for attempts: reserved on both leases before the first is sent, accepted or freed at its end.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;
use mira_core::amount::Units;

use crate::codec::{get, put};
use crate::effect::Effect;
use crate::effect::Outcome;
use crate::effect::route::{Endpoint, RouteEnded};
use crate::engine::Engine;
use crate::health::Cause;
use crate::input::route::RouteEnd;
use crate::route::{End, Leg, RouteId};
use crate::serve;
use crate::suspend::suspend;
use crate::timers::Due;

/// What a request holds.
#[derive(Clone, Copy, Debug, BorshSerialize, BorshDeserialize)]
pub(crate) struct Held {
    pub(crate) job: Key,
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub(crate) max_units: Units,
    /// The lease of each attempt: of the second one that which is meant for it, until it is sent.
    pub(crate) legs: [Option<Endpoint>; 2],
    /// When attempts count as timed out. Unix milliseconds.
    pub(crate) expires_at_ms: u64,
}

/// Reserves a request's units on a lease.
pub(crate) fn take(engine: &mut Engine, endpoint: &Endpoint, units: Units) {
    if let Some(lease) = engine.leases.get_mut(&endpoint.lease) {
        lease.reserve(units);
    }
    engine.market.provider_changed(&endpoint.provider);
    serve::sync_room(engine, &endpoint.lease);
}

/// Frees what was reserved.
pub(crate) fn free(engine: &mut Engine, endpoint: &Endpoint, units: Units) {
    if let Some(lease) = engine.leases.get_mut(&endpoint.lease) {
        lease.unreserve(units);
    }
    engine.market.provider_changed(&endpoint.provider);
    serve::sync_room(engine, &endpoint.lease);
}

/// Takes an attempt's end: what it used is accepted, the rest is free, and so is what a second attempt
/// would have needed once there will be none.
pub(crate) fn settle(engine: &mut Engine, report: &RouteEnd, out: &mut Outcome) -> Option<Endpoint> {
    let now_us = engine.now_us();
    let RouteEnd { route, leg, end, units, .. } = *report;
    let ended = engine.serving.router.done(route, leg, end, now_us)?;
    let held = engine.serving.held.get_mut(&route)?;
    let (max_units, backup) = (held.max_units, held.legs[1]);
    let endpoint = held.legs[usize::from(leg == Leg::Hedge)].take()?;
    free(engine, &endpoint, max_units);
    let over_limit = units > max_units;
    let paid = if over_limit { Units::ZERO } else { units };
    if !paid.is_zero()
        && let Some(lease) = engine.leases.get_mut(&endpoint.lease)
    {
        lease.accept(paid);
        serve::sync_room(engine, &endpoint.lease);
    }
    if ended.over {
        forget(engine, route);
    } else if ended.idle && leg == Leg::Primary && backup.is_none() {
        // Its only attempt failed, and nobody was to be had for a second.
        give_up(engine, route);
    }
    let over = !engine.serving.held.contains_key(&route);
    let (lease_units, amount_due) =
        engine.leases.get(&endpoint.lease).map(|lease| (lease.used, lease.amount_due())).unwrap_or_default();
    let units = paid;
    out.push(Effect::RouteEnded(RouteEnded { route, leg, endpoint, units, lease_units, amount_due, over }));
    if over_limit {
        suspend(engine, &endpoint.provider, Cause::OverLimit, out);
    }
    Some(endpoint)
}

/// Ends a request of which nothing runs: nobody answered it, and nobody else may.
pub(crate) fn give_up(engine: &mut Engine, route: RouteId) {
    if engine.serving.router.close(route) {
        forget(engine, route);
    }
}

/// The answer has begun: what was reserved for a second attempt that was not sent is free.
pub(crate) fn free_backup(engine: &mut Engine, route: RouteId) {
    if engine.serving.router.is_hedged(route) {
        return;
    }
    let Some(held) = engine.serving.held.get_mut(&route) else { return };
    let units = held.max_units;
    if let Some(backup) = held.legs[1].take() {
        free(engine, &backup, units);
    }
}

/// Frees all that a request still holds.
fn forget(engine: &mut Engine, route: RouteId) {
    let Some(held) = engine.serving.held.remove(&route) else { return };
    engine.timers.clear(held.expires_at_ms, Due::Route(route));
    for endpoint in held.legs.iter().flatten() {
        free(engine, endpoint, held.max_units);
    }
}

/// A request's time is over: whatever of it runs has timed out.
pub(crate) fn expire(engine: &mut Engine, route: RouteId, out: &mut Outcome) {
    for leg in [Leg::Primary, Leg::Hedge] {
        let report = RouteEnd { route, leg, first_token_us: None, end: End::TimedOut, units: Units::ZERO };
        settle(engine, &report, out);
    }
    give_up(engine, route);
}
