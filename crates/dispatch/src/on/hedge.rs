//! A request is late: a second attempt, if it may have one and its escrow covers it.

use crate::effect::route::HedgedTo;
use crate::effect::{Effect, Outcome};
use crate::engine::Engine;
use crate::on::route::endpoint;
use crate::route::{HedgeDenied, RouteId};
use crate::serve::{self, reserve};

pub(crate) fn apply(engine: &mut Engine, route: RouteId, out: &mut Outcome) {
    out.push(match hedge(engine, route) {
        Ok(hedged) => Effect::Hedged(Box::new(hedged)),
        Err(reason) => Effect::HedgeDenied { route, reason },
    });
}

pub(crate) fn hedge(engine: &mut Engine, route: RouteId) -> Result<HedgedTo, HedgeDenied> {
    let now_us = engine.now_us();
    let held = *engine.serving.held.get(&route).ok_or(HedgeDenied::UnknownRoute)?;
    serve::price(engine, &held.job);
    // What was reserved for it is free for the choice, and reserved again wherever that falls.
    let meant = held.legs[1];
    if engine.serving.router.is_hedged(route) {
        return Err(HedgeDenied::AlreadyHedged);
    }
    if let Some(meant) = &meant {
        reserve::free(engine, meant, held.max_units);
    }
    let hedged = engine.serving.router.hedge(route, now_us);
    let target = hedged.as_ref().ok().map(|hedged| endpoint(engine, hedged.target));
    if let Some(second) = target.or(meant) {
        reserve::take(engine, &second, held.max_units);
        if let Some(held) = engine.serving.held.get_mut(&route) {
            held.legs[1] = Some(second);
        }
    }
    if matches!(hedged, Err(HedgeDenied::NoTarget { .. })) {
        // If the first attempt has failed, that was the last one.
        reserve::give_up(engine, route);
    }
    let hedged = hedged?;
    Ok(HedgedTo { route, target: endpoint(engine, hedged.target), record: hedged.record })
}
