//! What is missing of certainty that the provider's results hold: one less the lower bound of what audits showed.

use crate::place::ask::Seen;
use crate::place::score::WORST;

pub(super) fn penalty(seen: &Seen<'_>) -> u64 {
    let (view, provider) = (seen.view, &seen.provider.facts.provider);
    let lower = view.reputation.lower_ppm(&view.config.reputation, provider, view.now_ms);
    WORST.saturating_sub(u64::from(lower))
}
