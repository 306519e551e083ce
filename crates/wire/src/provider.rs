//! Providers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::page::list_query;
use crate::{HashHex, KeyStr, Time, U64Str, U128Str};

list_query!(
    /// `GET /v1/providers`.
    ProvidersQuery {
        /// `active`, `draining` or `jailed`.
        status: String,
        /// A label.
        region: String,
        /// A label.
        resource_class: String,
        /// Who owns it.
        owner: KeyStr,
        /// Which key runs its node.
        operator: KeyStr,
    }
);

/// A provider as the finalized chain has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Provider {
    /// Its account.
    pub provider: KeyStr,
    /// Who owns it.
    pub owner: KeyStr,
    /// Which key runs its node.
    pub operator: KeyStr,
    /// The token account that is paid.
    pub payout: KeyStr,
    /// `active`, `draining` or `jailed`.
    #[schema(example = "active")]
    pub status: String,
    /// When its owner may take it back out of jail, if it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jailed_until: Option<Time>,
    /// The kind of machine.
    pub resource_class: String,
    /// Where it is.
    pub region: String,
    /// SHA-256 of its self-description.
    pub metadata_hash: HashHex,
    /// The owner's commission on rewards, in hundredths of a percent; until `next_commission_from`, if that is there.
    pub commission_bps: u16,
    /// The higher commission that was announced, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_commission_bps: Option<u16>,
    /// When it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_commission_from: Option<Time>,
    /// All stake in its pool, base units of the stake mint.
    pub total_stake: U64Str,
    /// All shares of the pool.
    pub total_shares: U128Str,
    /// Shares on their way out.
    pub unbonding_shares: U128Str,
    /// The owner's shares.
    pub own_shares: U128Str,
    /// What the owner's shares are worth, rounded down.
    pub own_stake: U64Str,
    /// Stake held against leases.
    pub exposure: U64Str,
    /// Leases whose stake is held.
    pub open_leases: u32,
    /// When it registered.
    pub registered_at: Time,
    /// The number of events of this account so far.
    pub seq: U64Str,
}
