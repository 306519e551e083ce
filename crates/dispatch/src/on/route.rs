//! A request: who serves it, and that both attempts at it are covered before the first is sent.

use mira_core::Key;

use crate::effect::route::{Endpoint, NoRoute, RoutedTo};
use crate::effect::{Effect, Outcome};
use crate::engine::Engine;
use crate::input::route::Route;
use crate::market;
use crate::route::{Ask, TargetId};
use crate::serve;
use crate::serve::reserve::{self, Held};
use crate::timers::Due;
use mira_core::tier::Tier;

pub(crate) fn apply(engine: &mut Engine, request: &Route, out: &mut Outcome) {
    out.push(match route(engine, request) {
        Ok(routed) => Effect::Routed(Box::new(routed)),
        Err(reason) => Effect::Unrouted { job: request.job, reason },
    });
}

/// Routes a request. Nothing here grows with the number of jobs, leases or requests but a map's depth.
pub(crate) fn route(engine: &mut Engine, request: &Route) -> Result<RoutedTo, NoRoute> {
    serve::price(engine, &request.job);
    let now_us = engine.now_us();
    let job = engine.jobs.get(&request.job).filter(|job| job.terms.tier == Tier::Interactive);
    let terms = &job.ok_or(NoRoute::UnknownJob)?.terms;
    if job.is_some_and(|job| !job.open) {
        return Err(NoRoute::JobEnded);
    }
    if request.max_units > terms.max_units || request.max_units.is_zero() {
        return Err(NoRoute::OverLimit(terms.max_units));
    }
    let (price_cap, time_limit_ms) = (terms.max_unit_price.get(), terms.time_limit_ms);
    let class = (terms.resource_class, terms.unit_kind);
    let from = request.origin.or(terms.region);
    let serving = &mut engine.serving;
    let nobody = || NoRoute::NoTarget(crate::route::Unrouted { pool: 0, drawn: 0, rejected: Default::default() });
    let (pool, counter) = serving.next_request(&request.job).ok_or_else(nobody)?;
    // One that says nothing of where it is counts as being where the first region is.
    let origin = from.map_or(crate::route::RegionId(0), |from| serving.router.region(from));
    let ask = Ask { pool, origin, counter, price_cap, max_units: request.max_units.get() };
    let routed = serving.router.route(&ask, now_us).map_err(NoRoute::NoTarget)?;
    from.into_iter().for_each(|from| market::request_came(engine, class, from));
    let primary = endpoint(engine, routed.primary);
    let backup = routed.backup.map(|backup| endpoint(engine, backup));
    let expires_at_ms = engine.now_ms.saturating_add(time_limit_ms).saturating_add(engine.config.result_grace_ms);
    let held = Held { job: request.job, max_units: request.max_units, legs: [Some(primary), backup], expires_at_ms };
    engine.serving.held.insert(routed.route, held);
    engine.timers.set(expires_at_ms, Due::Route(routed.route));
    [Some(primary), backup].iter().flatten().for_each(|end| reserve::take(engine, end, request.max_units));
    Ok(RoutedTo {
        route: routed.route,
        job: request.job,
        primary,
        backup,
        hedge_after_us: routed.hedge_after_us,
        expires_at_ms,
        record: routed.record,
    })
}

/// The provider and the lease of a target.
pub(crate) fn endpoint(engine: &Engine, target: TargetId) -> Endpoint {
    let router = &engine.serving.router;
    let known = |key: Option<Key>| key.unwrap_or_default();
    Endpoint { provider: known(router.provider(target)), lease: known(router.lease(target)) }
}

#[cfg(test)]
mod tests;
