//! An attempt ended: its slot and what is left of its escrow are free.

use crate::effect::{Effect, Outcome};
use crate::engine::Engine;
use crate::input::route::{FirstToken, RouteEnd};
use crate::on::first_token;
use crate::serve::plan::refill;
use crate::serve::reserve::settle;

pub(crate) fn apply(engine: &mut Engine, report: &RouteEnd, out: &mut Outcome) {
    let RouteEnd { route, leg, .. } = *report;
    if let Some(at_us) = report.first_token_us {
        first_token::apply(engine, &FirstToken { route, leg, at_us }, out);
    }
    match settle(engine, report, out) {
        Some(endpoint) => refill(engine, &endpoint.lease, out),
        None => out.push(Effect::UnknownRoute { route, leg }),
    }
}
