//! When a job would begin and end.
//!
//! With enough history: the start is what earlier jobs of the tier waited for their first shard; the end adds
//! Graham's bound for work that is handed out as slots become free: all work over all slots at the average pace,
//! and for the longest chain of stages the part of it that no slot can share, at the pace of the quantile. Adding
//! quantiles is exact where they rise together and too high otherwise: a quote errs to the late side.
//!
//! Without history nothing is guessed: what the stated limits allow at most, and it is called that.

use mira_core::amount::Units;
use mira_core::tier::Tier;

use crate::engine::Engine;
use crate::histogram::Histogram;
use crate::quote::QuoteRequest;
use crate::state::history::at_pace;

/// Observations from which quantiles are worth naming.
pub const ENOUGH: u32 = 20;

/// What an estimate rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Durations that were observed.
    Observed,
    /// The stated limits, for want of history: all quantiles are the same, the latest that they allow.
    Limits,
}

/// A duration from now with its quantiles. Milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// What it rests on.
    pub basis: Basis,
    /// How many observations.
    pub samples: u32,
    /// Half are done by then.
    pub p50_ms: u64,
    /// Nine of ten.
    pub p90_ms: u64,
    /// All but one of a hundred.
    pub p99_ms: u64,
}

impl Estimate {
    fn observed(samples: u32, at: impl Fn(u8) -> Option<u64>) -> Option<Self> {
        Some(Estimate { basis: Basis::Observed, samples, p50_ms: at(50)?, p90_ms: at(90)?, p99_ms: at(99)? })
    }

    fn limit(samples: u32, most_ms: u64) -> Self {
        Estimate { basis: Basis::Limits, samples, p50_ms: most_ms, p90_ms: most_ms, p99_ms: most_ms }
    }

    /// One of 50, 90 and 99.
    fn at(&self, percent: u8) -> u64 {
        match percent {
            50 => self.p50_ms,
            90 => self.p90_ms,
            _ => self.p99_ms,
        }
    }
}

/// The work of a job as its end depends on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Work {
    /// Shards of all stages.
    pub(crate) shards: u64,
    /// Shards of one chain: the stages.
    pub(crate) chain: u64,
    /// Shards at the same time.
    pub(crate) slots: u64,
}

/// From now until the first shard is handed out.
pub(crate) fn start(engine: &Engine, tier: Tier) -> Estimate {
    let seen = engine.history.start(tier);
    let samples = seen.map_or(0, Histogram::count);
    let observed = seen.filter(|seen| seen.count() >= ENOUGH);
    let observed = observed.and_then(|seen| Estimate::observed(samples, |percent| seen.quantile(percent)));
    // A provider may sit on a proposal for so long before another is asked.
    observed.unwrap_or_else(|| Estimate::limit(samples, engine.config.proposal_ttl_ms))
}

/// From now until the last result; nothing without history if no time limit was stated.
pub(crate) fn end(engine: &Engine, request: &QuoteRequest, start: &Estimate, work: Work) -> Option<Estimate> {
    let seen = engine.history.pace(request.unit_kind, request.resource_class);
    let samples = seen.map_or(0, Histogram::count);
    let most_ms = request.time_limit_ms.map(|limit| limit.saturating_add(engine.config.result_grace_ms));
    let observed = seen.filter(|seen| seen.count() >= ENOUGH && start.basis == Basis::Observed);
    let observed = observed.and_then(|seen| {
        let bounded = |pace_ms: u64| shard_ms(request.est_units_per_shard, pace_ms, most_ms);
        let mean_ms = bounded(seen.mean_ceil()?);
        Estimate::observed(samples.min(start.samples), |percent| {
            let longest_ms = bounded(seen.quantile(percent)?);
            Some(start.at(percent).saturating_add(makespan_ms(work, mean_ms, longest_ms)))
        })
    });
    let limit = || {
        let most_ms = makespan_ms(work, most_ms?, most_ms?);
        Some(Estimate::limit(samples, start.p99_ms.saturating_add(most_ms)))
    };
    observed.or_else(limit)
}

fn shard_ms(units: Units, pace_ms: u64, most_ms: Option<u64>) -> u64 {
    at_pace(units, pace_ms).min(most_ms.unwrap_or(u64::MAX))
}

/// Graham's bound, rounded up: Σ work / slots + (1 − 1 / slots) × the longest chain.
fn makespan_ms(work: Work, mean_ms: u64, longest_ms: u64) -> u64 {
    let slots = u128::from(work.slots.max(1));
    let all = u128::from(work.shards) * u128::from(mean_ms);
    let chain = u128::from(work.chain) * u128::from(longest_ms) * (slots - 1);
    u64::try_from((all + chain).div_ceil(slots)).unwrap_or(u64::MAX)
}
