//! Audits: accepted results that other operators computed again, with all that they got.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::page::{Query, QueryString};
use crate::{HashHex, KeyStr, Time, U64Str};

/// `GET /v1/audits`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AuditsQuery {
    /// The job of the audited result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<KeyStr>,
    /// The lease that it was computed under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<KeyStr>,
    /// Who computed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<KeyStr>,
    /// Whose result is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong_provider: Option<KeyStr>,
    /// `sampled`, `mismatch`, `passed`, `failed`, `cleared` or `inconclusive`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// From 1 to 100; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

impl Query for AuditsQuery {
    fn to_query(&self) -> String {
        let query = QueryString::default().push("job", self.job.as_ref()).push("lease", self.lease.as_ref());
        let query = query.push("provider", self.provider.as_ref()).push("wrong_provider", self.wrong_provider.as_ref());
        let query = query.push("state", self.state.as_ref()).push("limit", self.limit.as_ref());
        query.push("cursor", self.cursor.as_ref()).finish()
    }
}

/// Who computed a shard, and what came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditedRun {
    /// The job under which it was asked for.
    pub job: KeyStr,
    /// The lease: what a dispute would be about.
    pub lease: KeyStr,
    /// The provider.
    pub provider: KeyStr,
    /// Its owner.
    pub owner: KeyStr,
    /// The key that accepted the lease and signs its usage.
    pub operator: KeyStr,
    /// The output's blob.
    pub output: HashHex,
    /// The units that it claims.
    pub units: U64Str,
}

/// One accepted result that was sampled, and what others got for the same shard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Audit {
    /// The job of the audited result.
    pub job: KeyStr,
    /// The shard's place in its specification, from 0.
    pub shard: u32,
    /// `sampled`: another operator is to run it. `mismatch`: it got something else, and a third is to run it.
    /// `passed`: another got the same. `failed`: two others got the same, and something else than the provider.
    /// `cleared`: the third agrees with the provider, and the second is wrong. `inconclusive`: nobody is shown to
    /// be right or wrong.
    #[schema(example = "passed")]
    pub state: String,
    /// Every run: the sampled result first, then those of the audit jobs in order.
    pub runs: Vec<AuditedRun>,
    /// The lease whose result is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong_lease: Option<KeyStr>,
    /// That lease's provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong_provider: Option<KeyStr>,
    /// The seed of the draw.
    pub seed: U64Str,
    /// The part of the provider's results that was drawn then, in hundredths of a percent.
    pub rate_bps: u16,
    /// When it was drawn.
    pub sampled_at: Time,
    /// When it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Time>,
}
