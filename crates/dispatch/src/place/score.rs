//! The score of a feasible candidate: penalties from 0 (best) to 1,000,000, one file each, and their
//! weighted sum. Integers only, so that a replay gives the same on any machine.
//!
//! Stake is no part of it: stake-weighted selection concentrates a network.

mod cost;
mod data;
mod fragmentation;
mod latency;
mod reliability;
mod spread;
mod weights;

use mira_core::Hash;
use mira_core::amount::UnitPrice;

use crate::place::ask::{Ask, Seen};
use crate::record::Score;

/// The worst penalty.
pub(crate) const WORST: u64 = 1_000_000;

/// What is the same for all candidates of one decision.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The engine's seed.
    pub seed: Hash,
    /// The lowest price among the candidates.
    pub lowest: UnitPrice,
    /// The size of the job's data.
    pub data_bytes: u64,
    /// Whether all candidates are newcomers, of whom nothing is known.
    pub explored: bool,
}

impl Context {
    /// Of one decision about these candidates.
    pub fn new(seed: Hash, ask: &Ask<'_>, candidates: &[Seen<'_>], explored: bool) -> Self {
        let lowest = candidates.iter().map(|seen| seen.offer.unit_price).min().unwrap_or_default();
        let data_bytes = ask.data.values().fold(0, |sum: u64, bytes| sum.saturating_add(*bytes));
        Context { seed, lowest, data_bytes, explored }
    }
}

/// Scores one feasible candidate by what its job's tier weighs.
pub fn score(context: &Context, ask: &Ask<'_>, seen: &Seen<'_>) -> Score {
    let weights = weights::of(ask.tier);
    let cost = cost::penalty(context, seen);
    let latency = latency::penalty(&context.seed, ask, seen);
    let data = data::penalty(context, ask, seen);
    let spread = spread::penalty(ask, seen);
    let reliability = if context.explored { 0 } else { reliability::penalty(seen) };
    let fragmentation = fragmentation::penalty(ask, seen);
    let parts = [cost, latency, data, spread, reliability, fragmentation];
    let sum: u64 = parts.iter().zip(weights.in_order()).map(|(penalty, weight)| penalty * weight).sum();
    let [cost, latency, data, spread, reliability, fragmentation] = parts.map(ppm);
    Score { cost, latency, data, spread, total: ppm(sum / 1_000), reliability, fragmentation }
}

fn ppm(penalty: u64) -> u32 {
    u32::try_from(penalty).unwrap_or(u32::MAX)
}

/// `part / whole` of `WORST`, at most `WORST`; nothing is no part of nothing.
fn ratio(part: u64, whole: u64) -> u64 {
    if part == 0 {
        return 0;
    }
    let scaled = (u128::from(part) * u128::from(WORST)).checked_div(u128::from(whole)).unwrap_or(u128::from(WORST));
    u64::try_from(scaled).unwrap_or(WORST).min(WORST)
}

#[cfg(test)]
mod tests;
