//! The score of a feasible candidate: penalties from 0 (best) to 1,000,000, one file each, and their
//! weighted sum. Integers only, so that a replay gives the same on any machine.
//!
//! Stake is no part of it: stake-weighted selection concentrates a network.

mod cost;
mod data;
mod latency;
mod spread;

use mira_core::Hash;

use crate::place::ask::{Ask, Seen};
use crate::record::Score;

/// The worst penalty.
pub(crate) const WORST: u64 = 1_000_000;

/// What each penalty counts for a batch job, of 1,000: its requester waits hours and pays by the
/// unit, so the price decides; data that is already there saves a transfer; a little goes to
/// spreading work over owners of about the same price, and the least to the distance.
const BATCH: Weights = Weights { cost: 700, latency: 50, data: 100, spread: 150 };

struct Weights {
    cost: u64,
    latency: u64,
    data: u64,
    spread: u64,
}

/// Scores one feasible candidate of a batch job.
pub fn score(seed: &Hash, ask: &Ask<'_>, seen: &Seen<'_>) -> Score {
    let (cost, latency) = (cost::penalty(ask, seen), latency::penalty(seed, ask, seen));
    let (data, spread) = (data::penalty(ask, seen), spread::penalty(ask, seen));
    let sum = cost * BATCH.cost + latency * BATCH.latency + data * BATCH.data + spread * BATCH.spread;
    Score { cost: ppm(cost), latency: ppm(latency), data: ppm(data), spread: ppm(spread), total: ppm(sum / 1_000) }
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
mod tests {
    use super::*;

    #[test]
    fn weights_are_of_a_thousand() {
        assert_eq!(BATCH.cost + BATCH.latency + BATCH.data + BATCH.spread, 1_000);
    }

    #[test]
    fn ratios_stay_in_range() {
        assert_eq!(ratio(0, 0), 0);
        assert_eq!(ratio(1, 0), WORST);
        assert_eq!(ratio(1, 2), WORST / 2);
        assert_eq!(ratio(u64::MAX, 1), WORST);
        assert_eq!(ratio(u64::MAX, u64::MAX), WORST);
    }
}
