//! A provider's offer. Leases keep the price they were opened at; an offer counts for later ones.

use crate::effect::{Effect, Outcome, Refusal};
use crate::engine::Engine;
use crate::health::Health;
use crate::input::Offer;
use crate::on::heartbeat;
use crate::place::index::Who;
use crate::timers::Due;
use crate::{market, place, serve};

pub(crate) fn apply(engine: &mut Engine, offer: &Offer, out: &mut Outcome) {
    let now_ms = engine.now_ms;
    let Some(provider) = engine.providers.get_mut(&offer.provider) else {
        return out.push(Effect::Refused(Refusal::UnknownProvider));
    };
    if offer.unit_price.is_zero() {
        return out.push(Effect::Refused(Refusal::FreeOffer));
    }
    let first = provider.offer.is_none();
    let before = provider.offer.clone();
    provider.take_offer(offer);
    if let Some(after) = &provider.offer {
        let newcomer = !engine.reputation.is_established(&offer.provider);
        let who = Who { provider: offer.provider, owner: provider.facts.owner };
        engine.index.offered(who, newcomer, before.as_ref(), after);
        engine.shares.offered(&who.owner, before.as_ref(), after);
    }
    if first {
        provider.health = Health::new(now_ms);
        engine.timers.set(provider.health.silent_at_ms(&engine.config).saturating_add(1), Due::Beat(offer.provider));
    } else {
        heartbeat::seen(engine, &offer.provider, out);
    }
    serve::sync_provider(engine, &offer.provider);
    engine.market.provider_changed(&offer.provider);
    market::arm(engine);
    place::plan::plan_waiting(engine, out);
}
