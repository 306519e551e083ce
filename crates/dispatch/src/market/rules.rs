//! The rules of the slow path, one function each: monotone and bounded.

use mira_core::amount::{Bps, UnitPrice};

/// One, in millionths.
pub(super) const ONE: u64 = 1_000_000;

/// The highest congestion.
const MOST: u64 = 4 * ONE;

/// A period moves the congestion by at most one part in so many.
const STEP_PART: u64 = 8;

/// The next congestion, in millionths: higher where demand is above the target's part of the slots, lower below it.
pub(super) fn congestion(before: u64, demand: u64, slots: u64, target: Bps) -> u64 {
    let goal = u128::from(slots) * u128::from(target.get().max(1));
    let used = u128::from(demand) * 10_000;
    // (use − target) / target, from −1 to 1.
    let distance = used.abs_diff(goal).min(goal);
    let scaled = (u128::from(before) * distance).checked_div(goal * u128::from(STEP_PART)).unwrap_or(0);
    let step = u64::try_from(scaled).unwrap_or(u64::MAX);
    let next = if used > goal { before.saturating_add(step) } else { before.saturating_sub(step) };
    next.clamp(ONE, MOST)
}

/// λ: microseconds that 1,000,000 base units of a unit price are worth.
pub(super) fn latency_price(doubling_us: u64, median: UnitPrice, congestion: u64) -> u64 {
    let per = u128::from(median.get().max(1)) * u128::from(congestion.max(ONE)) / u128::from(ONE);
    u64::try_from(u128::from(doubling_us) * u128::from(ONE) / per.max(1)).unwrap_or(u64::MAX)
}

/// Slots that batch work leaves free: a quarter more than the peak, less what the peak's kind runs in now; half of
/// all at most.
pub(super) fn headroom(peak: u64, running: u64, slots: u64) -> u64 {
    let wanted = peak.saturating_add(peak.div_ceil(4));
    wanted.saturating_sub(running).min(slots / 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn target() -> Bps {
        Bps::new(7_000).expect("bps")
    }

    #[test]
    fn congestion_settles_at_its_ends_and_stands_at_the_target() {
        let settle = |from, demand| (0..200).fold(from, |now, _| congestion(now, demand, 100, target()));
        assert_eq!(settle(MOST, 0), ONE);
        assert_eq!(settle(ONE, 1_000), MOST);
        assert_eq!(settle(2 * ONE, 70), 2 * ONE, "use at the target moves nothing");
        assert_eq!(congestion(2 * ONE, 35, 100, target()), 2 * ONE - 2 * ONE / 16);
        assert_eq!(congestion(3 * ONE, 5, 0, target()), 3 * ONE, "no slots, no use");
    }

    #[test]
    fn latency_is_worth_less_where_slots_are_short() {
        let price = |congestion| latency_price(200_000, UnitPrice::new(500_000), congestion);
        assert_eq!((price(ONE), price(2 * ONE)), (400_000, 200_000));
        assert_eq!(latency_price(u64::MAX, UnitPrice::new(0), ONE), u64::MAX);
    }

    #[test]
    fn headroom_is_what_a_peak_needs_and_at_most_half() {
        assert_eq!(headroom(0, 0, 100), 0);
        assert_eq!(headroom(20, 0, 100), 25);
        assert_eq!(headroom(20, 15, 100), 10);
        assert_eq!(headroom(20, 40, 100), 0);
        assert_eq!(headroom(90, 0, 100), 50);
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: proptest::test_runner::RngSeed::Fixed(3), failure_persistence: None, ..ProptestConfig::default()
        })]
        #[test]
        fn congestion_is_monotone_and_bounded(
            before in ONE..=MOST, demand in any::<u64>(), more in any::<u64>(), slots in any::<u64>(), goal in 0u16..=10_000,
        ) {
            let target = Bps::new(goal).expect("bps");
            let next = congestion(before, demand, slots, target);
            prop_assert!((ONE..=MOST).contains(&next));
            prop_assert!(next.abs_diff(before) <= before / STEP_PART);
            prop_assert!(next <= congestion(before, demand.saturating_add(more), slots, target));
            prop_assert!(next >= congestion(before, demand, slots.saturating_add(more), target) || slots == 0);
        }
    }
}
