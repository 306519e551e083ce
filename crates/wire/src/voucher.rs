//! Vouchers: the requester's signed consent to pay.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{KeyStr, SigStr, Time, U64Str};

/// What a requester sends. The lease's voucher signer signs `mira_core::voucher`'s message of the
/// same values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Voucher {
    /// The lease.
    pub lease: KeyStr,
    /// All that the lease may have been paid once this is settled, fees included.
    pub cumulative_amount: U64Str,
    /// The units that this pays for, from the lease's start.
    pub cumulative_units: U64Str,
    /// The voucher signer's signature.
    pub signature: SigStr,
}

/// A voucher as stored: always the newest of its lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StoredVoucher {
    /// The voucher.
    pub voucher: Voucher,
    /// When it came.
    pub received_at: Time,
}
