//! A sign of life. It keeps a provider healthy and lets a suspended one be probed; it says nothing
//! about how well it works.

use mira_core::Key;

use crate::effect::{Effect, Outcome, Refusal};
use crate::engine::Engine;
use crate::health::Change;
use crate::input::Heartbeat;
use crate::place;
use crate::serve;
use crate::timers::Due;

pub(crate) fn apply(engine: &mut Engine, beat: &Heartbeat, out: &mut Outcome) {
    let Some(provider) = engine.providers.get_mut(&beat.provider).filter(|provider| provider.offer.is_some()) else {
        return out.push(Effect::Refused(Refusal::UnknownProvider));
    };
    if let Some(cached) = &beat.cached {
        provider.cached = cached.iter().copied().collect();
    }
    seen(engine, &beat.provider, out);
}

/// Notes that a provider is alive.
pub(crate) fn seen(engine: &mut Engine, key: &Key, out: &mut Outcome) {
    let Some(provider) = engine.providers.get_mut(key) else { return };
    let change = provider.health.beat(engine.now_ms, &engine.config);
    if change == Change::Probe {
        // While it was suspended nobody watched it.
        engine.timers.set(provider.health.silent_at_ms(&engine.config).saturating_add(1), Due::Beat(*key));
    }
    note(engine, key, change, out);
}

/// Says what changed, and asks it again for whatever waits.
pub(crate) fn note(engine: &mut Engine, key: &Key, change: Change, out: &mut Outcome) {
    if change != Change::None {
        engine.market.provider_changed(key);
        serve::sync_provider(engine, key);
    }
    match change {
        Change::None => {}
        Change::Probe => out.push(Effect::Probe { provider: *key }),
        Change::Restored => {
            out.push(Effect::Restored { provider: *key });
            place::plan::plan_waiting(engine, out);
        }
    }
}
