//! The hedge budget: every request adds a part of a token, a hedge takes one.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::route::config::RouteConfig;

/// A whole token.
const TOKEN: u64 = 1_000_000;

/// Tokens, in millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) struct Bucket(u64);

impl Bucket {
    /// A request was routed.
    pub(super) fn earn(&mut self, config: &RouteConfig) {
        let most = u64::from(config.hedge_burst) * TOKEN;
        self.0 = (self.0 + u64::from(config.hedge_budget_ppm)).min(most);
    }

    /// Whether there is a token.
    pub(super) fn has(&self) -> bool {
        self.0 >= TOKEN
    }

    /// Takes a token, if there is one.
    pub(super) fn take(&mut self) -> bool {
        let left = self.0.checked_sub(TOKEN);
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_more_than_the_budget_and_the_burst() {
        let config = RouteConfig { hedge_budget_ppm: 50_000, hedge_burst: 10, ..RouteConfig::default() };
        let mut bucket = Bucket::default();
        assert!(!bucket.take(), "nothing was earned yet");
        (0..1_000).for_each(|_| bucket.earn(&config));
        let burst = (0..100).filter(|_| bucket.take()).count();
        assert_eq!(burst, 10);
        let steady = (0..10_000).filter(|_| {
            bucket.earn(&config);
            bucket.take()
        });
        assert_eq!(steady.count(), 500);
    }
}
