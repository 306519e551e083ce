//! Disputes: a challenger's bond against a lease's stake.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::page::list_query;
use crate::{HashHex, KeyStr, Time, U64Str};

list_query!(
    /// `GET /v1/disputes`.
    DisputesQuery {
        /// The lease that is challenged.
        lease: KeyStr,
        /// The provider that is accused.
        provider: KeyStr,
        /// Who challenged.
        challenger: KeyStr,
        /// `open`, `conceded`, `contested`, `upheld`, `rejected` or `dismissed`.
        status: String,
    }
);

/// A dispute as the finalized chain has it. Amounts are base units of the stake mint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Dispute {
    /// Its account.
    pub dispute: KeyStr,
    /// The lease that is challenged. There is one dispute in a lease's life at most.
    pub lease: KeyStr,
    /// The provider that is accused.
    pub provider: KeyStr,
    /// Who put up the bond: the requester or the voucher signer.
    pub challenger: KeyStr,
    /// What is said to have gone wrong: `no_show`, `bad_result` or `over_report`.
    #[schema(example = "bad_result")]
    pub kind: String,
    /// `open` waits for the provider's owner, which `conceded` or `contested`; `upheld`, `rejected` and
    /// `dismissed` are how it ended.
    #[schema(example = "contested")]
    pub status: String,
    /// What the challenger put at stake.
    pub bond: U64Str,
    /// Hash of what the challenger shows.
    pub evidence: HashHex,
    /// Hash of the owner's answer, if it contested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<HashHex>,
    /// When it was opened.
    pub opened_at: Time,
    /// The owner answers before this; silence loses.
    pub respond_until: Time,
    /// The verifiers vote before this, if it was contested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vote_until: Option<Time>,
    /// How long a provider that loses takes no lease, in seconds.
    pub jail_secs: u32,
    /// The largest part of the pool that a lost dispute takes, in hundredths of a percent.
    pub max_slash_bps: u16,
    /// The verifiers that voted for the challenger, in the order of their votes.
    pub voters_for: Vec<KeyStr>,
    /// The verifiers that voted against.
    pub voters_against: Vec<KeyStr>,
    /// Taken from the provider's owner.
    pub slashed_own: U64Str,
    /// Taken from all who stake with the provider, after that.
    pub slashed_pool: U64Str,
    /// Of what was taken, paid to the requester.
    pub compensation: U64Str,
    /// Of what was taken, burned.
    pub burned: U64Str,
    /// The number of events of this account so far.
    pub seq: U64Str,
}
