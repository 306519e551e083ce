//! Bare numbers of events as the protocol's types.

use mira_core::amount::Bps;
use mira_core::tier::{Tier, UnitKind};

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
        assert_eq!(tier(1), Ok(Tier::Batch));
    }

    #[test]
    fn time_does_not_run_backwards() {
        assert_eq!(seconds_between("grace_secs", 10, 25), Ok(15));
        assert!(seconds_between("grace_secs", 25, 10).is_err());
    }
}
