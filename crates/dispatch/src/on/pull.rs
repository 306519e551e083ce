//! A provider asks for a shard.

use crate::effect::{Effect, Outcome};
use crate::engine::Engine;
use crate::input::Pull;
use crate::shard::assign::assign;
use crate::shard::pick::pick;

pub(crate) fn apply(engine: &mut Engine, pull: &Pull, out: &mut Outcome) {
    match pick(engine, pull, engine.now_ms) {
        Some(pick) => assign(engine, &pick, out),
        None => out.push(Effect::Idle { provider: pull.provider }),
    }
}
