//! The simulated network's constants. They are published with every table: figures mean little without them.

use serde::Serialize;

/// Microseconds of a second.
pub const SECOND_US: u64 = 1_000_000;

/// A network, its requests and how long things take.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Model {
    /// Providers.
    pub providers: usize,
    /// Requests that a provider runs at the same time; more wait in order of arrival.
    pub slots: u32,
    /// Stake owners. The share of the n-th is like n to the power of minus [`Model::owner_exponent`].
    pub owners: usize,
    /// See [`Model::owners`].
    pub owner_exponent: f64,
    /// Regions in which requests come in, each at a host of the matrix.
    pub fronts: usize,
    /// Before the first token, whatever the context. Microseconds.
    pub prefill_base_us: u64,
    /// For each token of context. Microseconds.
    pub prefill_us_per_token: u64,
    /// For each token written. Microseconds.
    pub decode_us_per_token: u64,
    /// Part of the time that a provider is slow.
    pub slow_share: f64,
    /// How many times longer everything takes then.
    pub slow_factor: u64,
    /// Mean length of a slow period; it is exponential, as is the time between. Microseconds.
    pub slow_mean_us: f64,
    /// Deviation of the logarithm of prices, which are log-normal.
    pub price_sigma: f64,
    /// How much faster the trace is played; the load is met by playing it several times at once.
    pub speed_up: f64,
    /// Requests of a run, about.
    pub requests: usize,
    /// What a request pays at most, in millionths of the median price.
    pub price_cap: u64,
    /// The first part of them is not measured: the network starts empty.
    pub warm_up: f64,
    /// The time to first token that a request should meet. Microseconds.
    pub target_us: u64,
    /// Silence after which a provider counts as gone. Microseconds.
    pub silence_us: u64,
}

impl Default for Model {
    fn default() -> Self {
        Model {
            providers: 500,
            slots: 8,
            owners: 100,
            owner_exponent: 0.8,
            fronts: 12,
            prefill_base_us: 10_000,
            prefill_us_per_token: 60,
            decode_us_per_token: 90_000,
            slow_share: 0.03,
            slow_factor: 8,
            slow_mean_us: 5e6,
            price_sigma: 0.5,
            speed_up: 10.0,
            requests: 60_000,
            price_cap: 4_000_000,
            warm_up: 0.25,
            target_us: SECOND_US,
            silence_us: 3 * SECOND_US,
        }
    }
}

impl Model {
    /// How long the context takes at full speed. Microseconds.
    pub fn prefill_us(&self, context_tokens: u32) -> u64 {
        self.prefill_base_us + self.prefill_us_per_token * u64::from(context_tokens)
    }

    /// How long the tokens after the first take at full speed. Microseconds.
    pub fn decode_us(&self, generated_tokens: u32) -> u64 {
        self.decode_us_per_token * u64::from(generated_tokens.saturating_sub(1))
    }
}
