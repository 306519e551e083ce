//! What routing is tuned with, with the reason for each default.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::route::draw::MAX_DRAW;

/// Settings of a router. Times in microseconds.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RouteConfig {
    /// Slots drawn for one decision, half near the origin and half anywhere: at most `MAX_DRAW`. Their members
    /// are the candidates, each once.
    pub draw: u8,
    /// Draws that are tried while all that is drawn is hot or rejected.
    pub rounds: u8,
    /// The part of a pool's slots that counts as near an origin, in percent.
    pub near_percent: u8,
    /// k: what one microsecond of mean deviation counts, in percent of one of the mean.
    pub deviation_weight_percent: u32,
    /// λ: microseconds that a price of 1,000,000 counts for. The slow path sets it.
    pub price_weight_ppm: u64,
    /// h: slots of a provider with an interactive lease that other work may not take, at least; the slow path asks for
    /// more where requests come in numbers.
    pub headroom_floor: u16,
    /// Hedges that may be sent, of a million requests.
    pub hedge_budget_ppm: u32,
    /// Hedges that may be sent in a row after a quiet time.
    pub hedge_burst: u16,
    /// A hedge is sent when a request has waited longer than this percentile of its class.
    pub hedge_quantile_percent: u8,
    /// The shortest delay before a hedge.
    pub hedge_min_us: u32,
    /// The longest.
    pub hedge_max_us: u32,
    /// The time to first token assumed of a pool that has shown none yet.
    pub initial_us: u32,
    /// What a target counts more that has to load the model first.
    pub cold_start_us: u32,
    /// A peak is half forgotten after 2^this microseconds of slot time: of the time that passes, for each slot.
    pub decay_shift: u8,
    /// How long a failed target is left alone before one request probes it; doubles with each failure.
    pub probe_after_us: u64,
    /// The longest that it is left alone.
    pub probe_cap_us: u64,
}

impl Default for RouteConfig {
    fn default() -> Self {
        RouteConfig {
            draw: MAX_DRAW_U8,
            // At 85 % load two find nobody with a free slot too often: those requests would queue.
            rounds: 8,
            near_percent: 25,
            deviation_weight_percent: 100,
            price_weight_ppm: 0,
            headroom_floor: 1,
            hedge_budget_ppm: 50_000,
            hedge_burst: 10,
            // At the 95th, one request in twenty would be sent twice; at most one in forty should be.
            hedge_quantile_percent: 98,
            hedge_min_us: 10_000,
            hedge_max_us: 10_000_000,
            initial_us: 300_000,
            cold_start_us: 5_000_000,
            // 8.4 s at eight slots, a few requests on each.
            decay_shift: 26,
            probe_after_us: 1_000_000,
            probe_cap_us: 60_000_000,
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a small constant")]
const MAX_DRAW_U8: u8 = MAX_DRAW as u8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_sane() {
        let config = RouteConfig::default();
        assert!(usize::from(config.draw) <= MAX_DRAW && config.rounds > 0);
        assert!(config.hedge_min_us < config.hedge_max_us);
        assert!(config.probe_after_us <= config.probe_cap_us);
        assert!((1..100).contains(&config.hedge_quantile_percent));
    }
}
