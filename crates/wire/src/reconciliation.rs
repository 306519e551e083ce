//! Where the three books of a lease differ: what was reported, vouchered and settled.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::page::{Query, QueryString};
use crate::{KeyStr, Time, U64Str};

/// `GET /v1/reconciliation`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReconciliationQuery {
    /// Only this class of differences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// From 1 to 100; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before. It stays with the run that it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

impl Query for ReconciliationQuery {
    fn to_query(&self) -> String {
        let query = QueryString::default().push("class", self.class.as_ref());
        query.push("limit", self.limit.as_ref()).push("cursor", self.cursor.as_ref()).finish()
    }
}

/// One difference between the books of a lease, as a run found it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BookDifference {
    /// The run's number.
    pub run: U64Str,
    /// The lease.
    pub lease: KeyStr,
    /// Its kind: `unvouchered`, `unsettled`, `over_settled`, `missing_report`, `replayed`, `price_breach`,
    /// `cap_breach`, `out_of_window` or `audit_failed`.
    #[schema(example = "unvouchered")]
    pub class: String,
    /// Who has to act: `requester` or `provider`.
    #[schema(example = "requester")]
    pub owner: String,
    /// `pending` goes away by itself, `exception` does not, `closed` can no longer.
    #[schema(example = "pending")]
    pub state: String,
    /// How much the books differ by.
    pub amount: U64Str,
    /// Since when.
    pub since: Time,
}
