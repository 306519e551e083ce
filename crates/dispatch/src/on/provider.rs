//! A provider as the chain knows it: who owns it, what it has staked, whether it may open leases.

use crate::effect::Outcome;
use crate::engine::Engine;
use crate::input::ProviderFacts;
use crate::place;
use crate::state::provider::Provider;

pub(crate) fn apply(engine: &mut Engine, facts: &ProviderFacts, out: &mut Outcome) {
    let now_ms = engine.now_ms;
    let provider = engine.providers.entry(facts.provider).or_insert_with(|| Provider::new(facts.clone(), now_ms));
    provider.facts = facts.clone();
    engine.market.provider_changed(&facts.provider);
    place::plan::plan_waiting(engine, out);
}
