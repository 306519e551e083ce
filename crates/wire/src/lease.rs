//! Leases: a provider's share of a job's escrow.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::page::list_query;
use crate::{KeyStr, Time, U64Str};

list_query!(
    /// `GET /v1/leases` and `GET /v1/jobs/{job}/leases`.
    LeasesQuery {
        /// The job. Not for `GET /v1/jobs/{job}/leases`.
        job: KeyStr,
        /// The provider.
        provider: KeyStr,
        /// Whether what was not settled went back.
        released: bool,
        /// Whether the account is gone.
        ended: bool,
    }
);

/// A lease as the finalized chain has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Lease {
    /// Its account.
    pub lease: KeyStr,
    /// The job that pays.
    pub job: KeyStr,
    /// The provider that serves.
    pub provider: KeyStr,
    /// The provider's operator when the lease was opened: who signs usage.
    pub operator: KeyStr,
    /// Whose signature a voucher needs.
    pub voucher_signer: KeyStr,
    /// The number of the lease between this job and this provider.
    pub nonce: u32,
    /// Base units per million units.
    pub unit_price: U64Str,
    /// The network's fee when the lease was opened, in hundredths of a percent.
    pub fee_bps: u16,
    /// The most that can ever be settled.
    pub cap: U64Str,
    /// The stake held against it, base units of the stake mint; nothing after a lost dispute.
    pub exposure: U64Str,
    /// Settled so far, fees included.
    pub settled: U64Str,
    /// Of that, the network's fees.
    pub fee_paid: U64Str,
    /// What its release returned to the job.
    pub returned: U64Str,
    /// Units settled so far.
    pub units: U64Str,
    /// When it was opened.
    pub opened_at: Time,
    /// No work after this.
    pub expires_at: Time,
    /// No settlement after this.
    pub settle_until: Time,
    /// No dispute after this.
    pub dispute_until: Time,
    /// Whether a dispute is open: the lease cannot end before it is resolved.
    pub disputed: bool,
    /// Whether there ever was one: there can be no other.
    pub challenged: bool,
    /// Whether what was not settled went back to the job.
    pub released: bool,
    /// Whether the account is gone and the provider's stake free again.
    pub ended: bool,
    /// The number of events of this account so far.
    pub seq: U64Str,
}
