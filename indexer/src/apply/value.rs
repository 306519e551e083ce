//! Bare numbers of events as the protocol's types.

use mira_chain::ix::NetworkParams;
use mira_core::amount::Bps;
use mira_core::dispute::{DisputeKind, Verdict};
use mira_core::params::Params;
use mira_core::tier::{Tier, UnitKind};
use mira_store::model::ProviderStatus;

use super::error::Cause;

/// A rate.
pub(super) fn bps(field: &'static str, value: u16) -> Result<Bps, Cause> {
    Bps::new(value).ok_or(Cause::UnknownValue { field, value: u64::from(value) })
}

/// A tier's code.
pub(super) fn tier(value: u8) -> Result<Tier, Cause> {
    Tier::try_from(value).map_err(|_| Cause::UnknownValue { field: "tier", value: u64::from(value) })
}

/// A unit kind's code.
pub(super) fn unit_kind(value: u8) -> Result<UnitKind, Cause> {
    UnitKind::try_from(value).map_err(|_| Cause::UnknownValue { field: "unit_kind", value: u64::from(value) })
}

/// A provider's status.
pub(super) fn provider_status(value: u8) -> Result<ProviderStatus, Cause> {
    ProviderStatus::from_code(value).ok_or(Cause::UnknownValue { field: "status", value: u64::from(value) })
}

/// What a challenger says went wrong.
pub(super) fn dispute_kind(value: u8) -> Result<DisputeKind, Cause> {
    DisputeKind::try_from(value).map_err(|_| Cause::UnknownValue { field: "kind", value: u64::from(value) })
}

/// How a dispute ended.
pub(super) fn verdict(value: u8) -> Result<Verdict, Cause> {
    [Verdict::Upheld, Verdict::Rejected, Verdict::Dismissed]
        .into_iter()
        .find(|verdict| verdict.as_u8() == value)
        .ok_or(Cause::UnknownValue { field: "verdict", value: u64::from(value) })
}

/// The network's parameters. Their bounds are policy and no matter here, but a rate above the whole is none.
pub(super) fn params(field: &'static str, params: &NetworkParams) -> Result<Params, Cause> {
    let highest = [params.fee_bps, params.bond_bps, params.max_slash_bps, params.reward_share_bps].into_iter().max();
    params.to_core().map_err(|_| Cause::UnknownValue { field, value: highest.unwrap_or_default().into() })
}

/// The whole seconds between two times of one event.
pub(super) fn seconds_between(field: &'static str, from: i64, to: i64) -> Result<u32, Cause> {
    let seconds = to.checked_sub(from).and_then(|seconds| u32::try_from(seconds).ok());
    seconds.ok_or(Cause::UnknownValue { field, value: to.unsigned_abs() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_codes_are_refused() {
        assert!(bps("fee_bps", 10_001).is_err());
        assert!(tier(4).is_err());
        assert!(unit_kind(4).is_err());
        assert!(provider_status(3).is_err());
        assert!(dispute_kind(3).is_err());
        assert!(verdict(3).is_err());
        assert_eq!(tier(1), Ok(Tier::Batch));
        assert_eq!(verdict(2), Ok(Verdict::Dismissed));
    }

    #[test]
    fn time_does_not_run_backwards() {
        assert_eq!(seconds_between("grace_secs", 10, 25), Ok(15));
        assert!(seconds_between("grace_secs", 25, 10).is_err());
    }
}
