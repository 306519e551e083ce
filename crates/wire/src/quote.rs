//! Quotes: what a job would cost and who could serve it, before anything is locked.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::decision::Reject;
use crate::request::body_hash;
use crate::service::Service;
use crate::{HashHex, KeyStr, Time, U64Str};

/// What a job would need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteRequest {
    /// The tier.
    #[schema(example = "batch")]
    pub tier: String,
    /// The unit of usage.
    #[schema(example = "fuel")]
    pub unit_kind: String,
    /// The kind of machine, a label.
    #[schema(example = "cpu-small")]
    pub resource_class: String,
    /// Where the requester is, a label.
    #[schema(example = "eu-west")]
    pub region: String,
    /// Regions that may serve, labels; empty for any.
    #[serde(default)]
    pub regions: Vec<String>,
    /// Providers, owners or operators that must not serve.
    #[serde(default)]
    pub deny: Vec<KeyStr>,
    /// The most to pay, in base units per million units; absent for any price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_unit_price: Option<U64Str>,
    /// The most of the escrow that one provider may hold, in hundredths of a percent.
    pub max_share_bps: u16,
    /// The most leases.
    pub max_leases: u16,
    /// The least own stake of a provider, base units of the stake mint.
    pub min_provider_stake: U64Str,
    /// How many shards; of each stage, if it has several.
    pub shards: u32,
    /// Units that one shard is expected to use.
    pub est_units_per_shard: U64Str,
    /// The longest one shard may run, in milliseconds: what the end is bounded by while there is no history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_limit_ms: Option<U64Str>,
    /// By when it should be done, in milliseconds from now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_ms: Option<U64Str>,
    /// What the job asks of its tier beyond the above.
    #[serde(default, skip_serializing_if = "Service::is_default")]
    pub service: Service,
}

/// What it would cost now. Nothing is reserved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quote {
    /// Whether the job could be placed now.
    pub feasible: bool,
    /// Why not, if not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Providers that could serve.
    pub candidates: u32,
    /// Their owners.
    pub owners: u32,
    /// Owners that `max_share_bps` asks for.
    pub owners_needed: u32,
    /// The lowest price of those that could serve, in base units per million units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_low: Option<U64Str>,
    /// The median price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_median: Option<U64Str>,
    /// The highest price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_high: Option<U64Str>,
    /// What the expected units cost, fees included.
    pub expected_cost: U64Str,
    /// What to fund so that caps have room; what is not used comes back.
    pub recommended_funding: U64Str,
    /// How many providers each limit rejected.
    pub rejects: Vec<Reject>,
    /// The name of this quote: SHA-256 of the JSON of `promise`. It is not signed: it names what was said.
    pub id: HashHex,
    /// What a placement may name, so that the job keeps it beside what becomes of it.
    pub promise: Promise,
    /// What each tier would make of the same work, in the order interactive, batch, training, pipeline.
    pub tiers: Vec<TierQuote>,
}

/// What was quoted, in the numbers that can be held against what became of the job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// The tier.
    pub tier: String,
    /// When it was quoted.
    pub at: Time,
    /// What the expected units cost, fees included.
    pub expected_cost: U64Str,
    /// From the placement until the first shard is handed out.
    pub start: Estimate,
    /// From the placement until the last result; absent if neither history nor a time limit says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion: Option<Estimate>,
}

/// A duration with its quantiles, in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// `observed`, or `limits`: there is no history yet, and this is the latest that the stated limits allow.
    #[schema(example = "observed")]
    pub basis: String,
    /// How many observations there are.
    pub samples: u32,
    /// Half of such jobs.
    pub p50_ms: U64Str,
    /// Nine of ten.
    pub p90_ms: U64Str,
    /// All but one of a hundred.
    pub p99_ms: U64Str,
}

/// What one tier would make of the work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TierQuote {
    /// The tier.
    pub tier: String,
    /// Whether the job could be placed in it now.
    pub feasible: bool,
    /// What stands against it, if something does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the expected units cost, fees included.
    pub expected_cost: U64Str,
    /// What to fund so that caps have room; what is not used comes back.
    pub recommended_funding: U64Str,
    /// From now until the first shard is handed out.
    pub start: Estimate,
    /// From now until the last result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion: Option<Estimate>,
    /// Whether nine of ten such jobs are done within the `within_ms` that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_time: Option<bool>,
}

/// A quote beside what became of the job that was placed with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Honoured {
    /// The quote's name.
    pub id: HashHex,
    /// What was quoted to cost, and what the accepted results are worth so far.
    pub cost: Difference,
    /// From the placement until the first shard was handed out, milliseconds: against the quoted median.
    pub start_ms: Difference,
    /// From the placement until the last shard ended, milliseconds: against the quoted median; absent if nothing
    /// was quoted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion_ms: Option<Difference>,
}

/// One quoted number beside the actual one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Difference {
    /// What was quoted.
    pub quoted: U64Str,
    /// Of a time: what nine of ten would keep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quoted_p90: Option<U64Str>,
    /// What it became, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<U64Str>,
    /// How much more that is, in percent of what was quoted, rounded towards zero; negative for less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<i32>,
}

impl Promise {
    /// The quote's name.
    pub fn id(&self) -> HashHex {
        // Texts and numbers always have a form.
        HashHex(body_hash(&serde_json::to_vec(self).unwrap_or_default()))
    }
}

impl Difference {
    /// One quoted number beside the actual one.
    pub fn of(quoted: u64, quoted_p90: Option<u64>, actual: Option<u64>) -> Self {
        let percent = actual.filter(|_| quoted > 0).map(|actual| {
            let more = (i128::from(actual) - i128::from(quoted)) * 100 / i128::from(quoted);
            i32::try_from(more).unwrap_or(i32::MAX)
        });
        Difference { quoted: quoted.into(), quoted_p90: quoted_p90.map(U64Str), actual: actual.map(U64Str), percent }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_in_percent_of_what_was_quoted() {
        let percent = |quoted, actual| Difference::of(quoted, None, actual).percent;
        assert_eq!(
            [percent(200, Some(250)), percent(200, Some(150)), percent(200, Some(200))],
            [Some(25), Some(-25), Some(0)]
        );
        assert_eq!((percent(200, None), percent(0, Some(1))), (None, None));
        assert_eq!(percent(1, Some(u64::MAX)), Some(i32::MAX));
    }

    #[test]
    fn the_name_depends_on_every_number() {
        let estimate = |p50| Estimate {
            basis: "observed".into(),
            samples: 30,
            p50_ms: U64Str(p50),
            p90_ms: U64Str(20),
            p99_ms: U64Str(30),
        };
        let promise = Promise {
            tier: "batch".into(),
            at: Time::from_ms(5),
            expected_cost: U64Str(7),
            start: estimate(10),
            completion: None,
        };
        let others = [
            Promise { tier: "pipeline".into(), ..promise.clone() },
            Promise { at: Time::from_ms(6), ..promise.clone() },
            Promise { expected_cost: U64Str(8), ..promise.clone() },
            Promise { start: estimate(11), ..promise.clone() },
            Promise { completion: Some(estimate(10)), ..promise.clone() },
        ];
        assert!(others.iter().all(|other| other.id() != promise.id()));
        let read: Promise = serde_json::from_str(&serde_json::to_string(&promise).expect("json")).expect("reads");
        assert_eq!(read.id(), promise.id());
    }
}
