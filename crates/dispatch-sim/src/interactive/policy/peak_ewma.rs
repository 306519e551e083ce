//! Peak-EWMA as `tower` has it: the lower load of two drawn providers, where load is the decayed peak of the time to
//! first token times what is pending. Pending counts until the last token, because a stream keeps its slot until then.
//!
//! `tower` draws from services that are ready, and one with a limit on concurrency is not while it is full: so only
//! providers with a free slot are drawn. Without that, those that look fast are buried, and the tail is ten times as
//! long.

use super::power_of_two::two;
use super::{Ask, Attempt, End, Policy, View, least};
use crate::rng::Rng;

/// Draws of two, before all that are ready are listed.
const DRAWS: usize = 8;
/// How fast an estimate forgets. Microseconds; the default of linkerd, which `tower`'s load was made for.
const DECAY_US: f64 = 10e6;
/// Taken for a provider that was never measured. Microseconds; what `tower` documents.
const DEFAULT_US: f64 = 1e6;

/// One provider's estimate.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    at_us: u64,
    rtt_us: f64,
}

impl Estimate {
    /// Of a provider that was never measured.
    pub fn new(rtt_us: f64) -> Self {
        Estimate { at_us: 0, rtt_us }
    }

    /// Takes in a measurement, 0 for none: a peak counts at once, what is lower by the time since the last update.
    pub fn update(&mut self, rtt_us: f64, now_us: u64, decay_us: f64) -> f64 {
        self.rtt_us = if self.rtt_us < rtt_us {
            rtt_us
        } else {
            let kept = (-(now_us.saturating_sub(self.at_us) as f64) / decay_us).exp();
            self.rtt_us * kept + rtt_us * (1.0 - kept)
        };
        self.at_us = now_us;
        self.rtt_us
    }
}

/// One estimate for each provider.
pub struct PeakEwma {
    rng: Rng,
    estimates: Vec<Estimate>,
}

impl PeakEwma {
    /// Nothing measured yet.
    pub fn new(seed: u64, providers: usize) -> Self {
        PeakEwma { rng: Rng::new(seed, 0x6577_6d61), estimates: vec![Estimate::new(DEFAULT_US); providers] }
    }

    /// Two that are ready; two of all where none is.
    fn draw(&mut self, view: &View<'_>) -> [usize; 2] {
        let is_ready = |provider: &usize| view.in_flight[*provider] < view.slots[*provider];
        for _ in 0..DRAWS {
            let drawn = two(&mut self.rng, view.open);
            if drawn.iter().all(is_ready) {
                return drawn;
            }
        }
        let ready: Vec<usize> = view.open.iter().copied().filter(is_ready).collect();
        two(&mut self.rng, if ready.is_empty() { view.open } else { &ready })
    }
}

impl Policy for PeakEwma {
    fn route(&mut self, view: &View<'_>, _ask: &Ask) -> usize {
        let drawn = self.draw(view);
        let load = drawn.map(|provider| {
            let estimate = self.estimates[provider].update(0.0, view.now_us, DECAY_US);
            estimate * f64::from(view.in_flight[provider] + 1)
        });
        least(&mut self.rng, [0, 1], |index| load[index]).map_or(drawn[0], |index| drawn[index])
    }

    fn first_token(&mut self, attempt: &Attempt, now_us: u64) {
        let rtt_us = now_us.saturating_sub(attempt.sent_us) as f64;
        self.estimates[attempt.provider].update(rtt_us, now_us, DECAY_US);
    }

    fn done(&mut self, attempt: &Attempt, end: End, now_us: u64) {
        // A request that failed counts with the time it took to fail.
        if end == End::Lost {
            self.first_token(attempt, now_us);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_jumps_to_a_peak_and_decays_from_it() {
        let (mut estimate, decay) = (Estimate::new(20_000.0), 1e6);
        let near = |found: f64, by_hand: f64| assert!((found / by_hand - 1.0).abs() < 1e-6, "{found} {by_hand}");
        // e^-0.1 of it is left after a tenth of the decay, e^-1 after all of it.
        near(estimate.update(0.0, 100_000, decay), 20_000.0 * 0.904_837_418_035_959_6);
        near(estimate.update(400_000.0, 200_000, decay), 400_000.0);
        near(estimate.update(0.0, 1_200_000, decay), 400_000.0 * 0.367_879_441_171_442_33);
        // Half-way after ln 2: the mean of the old one and the measured one.
        let old = estimate.rtt_us;
        near(estimate.update(50_000.0, 1_200_000 + 693_147, decay), (old + 50_000.0) / 2.0);
    }
}
