//! How well a provider worked, by what others observed.

use mira_core::amount::Bps;

/// So many of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many were good.
    pub good: u64,
    /// How many were looked at.
    pub of: u64,
}

/// What others observed of a provider in an epoch; nothing here is the provider's own word. `None` where
/// nobody looked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// Audits passed, of those that were made.
    pub audits: Option<Rate>,
    /// Results in time, of those that had a deadline.
    pub deadlines: Option<Rate>,
    /// Results within the latency of their tier, of those that were timed.
    pub latency: Option<Rate>,
    /// Heartbeats that came, of those that were due.
    pub availability: Option<Rate>,
}

impl Rate {
    /// In 10,000ths, rounded down; the whole if nothing was looked at or more was good than that.
    fn bps_floor(self) -> Bps {
        let scaled = u128::from(self.good).saturating_mul(u128::from(Bps::DENOMINATOR));
        let bps = scaled.checked_div(u128::from(self.of)).and_then(|bps| u16::try_from(bps).ok());
        bps.and_then(Bps::new).unwrap_or(Bps::ONE)
    }
}

/// The part of its reward that a provider gets: the least of the rates observed. So one strength buys no
/// weakness off, one fault is not punished twice, and what nobody observed changes nothing.
pub fn quality(observed: &Observed) -> Bps {
    let Observed { audits, deadlines, latency, availability } = *observed;
    let rates = [audits, deadlines, latency, availability];
    rates.into_iter().flatten().map(Rate::bps_floor).min().unwrap_or(Bps::ONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rates: [Option<(u64, u64)>; 4]) -> u16 {
        let [audits, deadlines, latency, availability] = rates.map(|rate| rate.map(|(good, of)| Rate { good, of }));
        quality(&Observed { audits, deadlines, latency, availability }).get()
    }

    #[test]
    fn what_nobody_observed_is_neutral() {
        assert_eq!(of([None; 4]), 10_000);
        assert_eq!(of([Some((0, 0)), None, None, None]), 10_000);
        assert_eq!(of([None, None, None, Some((5, 5))]), 10_000);
    }

    #[test]
    fn the_least_rate_counts_whichever_it_is() {
        for place in 0..4 {
            let mut rates = [Some((9, 10)); 4];
            rates[place] = Some((2, 3));
            assert_eq!(of(rates), 6_666, "{place}");
        }
        assert_eq!(of([Some((0, 7)), Some((7, 7)), None, None]), 0);
    }

    #[test]
    fn no_rate_is_above_the_whole() {
        assert_eq!(of([Some((8, 7)), None, None, None]), 10_000);
        assert_eq!(of([Some((u64::MAX, 1)), None, None, None]), 10_000);
        assert_eq!(of([Some((u64::MAX - 1, u64::MAX)), None, None, None]), 9_999);
    }
}
