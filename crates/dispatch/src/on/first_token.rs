//! The first token of an attempt: the first one wins, the other attempt is called off.

use crate::effect::route::FirstTokenTaken;
use crate::effect::{Effect, Outcome};
use crate::engine::Engine;
use crate::input::route::FirstToken;
use crate::serve::reserve::free_backup;

pub(crate) fn apply(engine: &mut Engine, token: &FirstToken, out: &mut Outcome) {
    let FirstToken { route, leg, at_us } = *token;
    // Nobody's clock is ahead of the engine's by more than the last millisecond.
    let at_us = at_us.min(engine.now_us().saturating_add(999));
    if let Some(first) = engine.serving.router.first_token(route, leg, at_us) {
        let (won, cancel_other) = (first.won, first.cancel.is_some());
        if won {
            free_backup(engine, route);
        }
        out.push(Effect::FirstToken(FirstTokenTaken { route, leg, won, cancel_other }));
    }
}
