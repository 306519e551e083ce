//! How far a provider's results are to be trusted, from what others observed of them.
//!
//! A decayed Beta posterior over audited outcomes, and of it the lower bound: who is hardly known is not trusted like
//! who is known to be good. Nothing that a provider says of itself counts, and neither does work that nobody checked.
//!
//! A result that held counts by the fees that were paid for it and did not come back as rewards, up to one whole
//! outcome: so the evidence that anyone can buy for itself is at most its net fees over `outcome_fee`, however the
//! work is cut. A wrong result counts in full whatever it cost: equal input gives equal output here, and cheap work
//! is no excuse.

mod audited;
mod beta;

use std::collections::{BTreeMap, BTreeSet};

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;
use mira_core::amount::{Bps, Payment};

use crate::codec::{get, put};
use crate::decay::Rolling;

pub use audited::Audited;
pub(crate) use audited::apply;
pub use beta::lower_ppm;

/// One whole outcome, in the parts that evidence is counted in.
pub const OUTCOME: u64 = 1_000_000;

/// Whole outcomes at which a provider is no newcomer any more.
const ESTABLISHED: u64 = 3 * OUTCOME;

/// Half-lives after which a verdict says nothing any more, and its name need not be remembered.
const HORIZON: u64 = 8;

/// How outcomes count.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Policy {
    /// After how long an outcome counts half. Milliseconds.
    pub half_life_ms: u64,
    /// The net fee that makes one whole outcome; a dearer result makes one too.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub outcome_fee: Payment,
    /// How many whole outcomes a wrong result counts for.
    pub failure_outcomes: u32,
    /// The part of placement decisions that only newcomers are considered for, if established ones are there too.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub explore: Bps,
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            // The window over which rewards look at quality.
            half_life_ms: 30 * 86_400_000,
            // A hundredth of a token of six decimals: a bound of 0.9 costs 28 of them.
            outcome_fee: Payment::new(10_000),
            // Executors are exact: no accident makes another output.
            failure_outcomes: 10,
            explore: Bps::new(200).unwrap_or_default(),
        }
    }
}

/// What others observed of one provider.
#[derive(Clone, Copy, Debug, Default, BorshSerialize, BorshDeserialize)]
struct Record {
    passed: Rolling,
    failed: Rolling,
    /// Whether it ever was more than a newcomer.
    established: bool,
}

/// What others observed of all providers.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub struct Reputation {
    records: BTreeMap<Key, Record>,
    /// Verdicts that count already: when they were reached, job, shard, provider.
    heard: BTreeSet<(u64, Key, u32, Key)>,
}

impl Reputation {
    /// The lower bound of the part of its results that hold, in millionths; what no evidence gives for a stranger.
    pub fn lower_ppm(&self, policy: &Policy, provider: &Key, now_ms: u64) -> u32 {
        let record = self.records.get(provider).copied().unwrap_or_default();
        let part = |sum: &Rolling| sum.at(now_ms, policy.half_life_ms).saturating_add(OUTCOME);
        lower_ppm(part(&record.passed), part(&record.failed))
    }

    /// Whether there is enough against or for it that it is no newcomer.
    pub fn is_established(&self, provider: &Key) -> bool {
        self.records.get(provider).is_some_and(|record| record.established)
    }

    /// Whether a verdict counts already, or is too old to say anything.
    pub fn knows(&self, policy: &Policy, audited: &Audited, now_ms: u64) -> bool {
        now_ms.saturating_sub(audited.decided_ms) > policy.half_life_ms.saturating_mul(HORIZON)
            || self.heard.contains(&audited.name())
    }

    /// Counts a verdict once. Returns whether its provider has ceased to be a newcomer by it.
    pub(crate) fn hear(&mut self, policy: &Policy, audited: &Audited, now_ms: u64) -> bool {
        if self.knows(policy, audited, now_ms) {
            return false;
        }
        self.heard.insert(audited.name());
        let oldest_ms = now_ms.saturating_sub(policy.half_life_ms.saturating_mul(HORIZON));
        while self.heard.first().is_some_and(|(decided_ms, ..)| *decided_ms < oldest_ms) {
            self.heard.pop_first();
        }
        let since_ms = now_ms.saturating_sub(audited.decided_ms);
        let weight = crate::decay::decayed(weight(policy, audited), since_ms, policy.half_life_ms);
        let record = self.records.entry(audited.provider).or_default();
        let sum = if audited.passed { &mut record.passed } else { &mut record.failed };
        sum.add(weight, now_ms, policy.half_life_ms);
        let known = [record.passed, record.failed].into_iter().map(|sum| sum.at(now_ms, policy.half_life_ms));
        let before = record.established;
        record.established |= known.fold(0, u64::saturating_add) >= ESTABLISHED;
        record.established && !before
    }
}

/// What one verdict adds, in parts of an outcome.
fn weight(policy: &Policy, audited: &Audited) -> u64 {
    if !audited.passed {
        return u64::from(policy.failure_outcomes).saturating_mul(OUTCOME);
    }
    let fee = u128::from(audited.net_fee.get()) * u128::from(OUTCOME);
    let part = fee.checked_div(u128::from(policy.outcome_fee.get())).unwrap_or(u128::from(OUTCOME));
    u64::try_from(part).unwrap_or(OUTCOME).min(OUTCOME)
}

#[cfg(test)]
mod tests;
