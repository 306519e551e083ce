//! Terms that contradict themselves, of gangs and of what makes room for them.

use crate::input::Place;
use crate::state::job::owners_needed;

/// The most members of one owner: the job's `max_share` of them.
pub(crate) fn owner_limit(size: u16, max_share_bps: u16) -> u16 {
    let part = u32::from(size) * u32::from(max_share_bps) / 10_000;
    u16::try_from(part).unwrap_or(size)
}

/// Why a training job cannot be placed whoever offers what, besides what its service says.
pub(crate) fn bad_terms(terms: &Place) -> Option<String> {
    let gang = terms.service.gang;
    let needed = owners_needed(terms.max_share.get());
    if gang > terms.max_leases {
        let most = terms.max_leases;
        Some(format!("its gang has {gang} members and max_leases allows {most}: each member needs a lease"))
    } else if gang > 0 && u32::from(gang) < needed {
        Some(format!("max_share needs {needed} owners and its gang has {gang} members: raise one of them"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_one_owner() {
        for (size, bps, most) in [(4, 5_000, 2), (3, 3_334, 1), (4, 3_334, 1), (7, 10_000, 7), (10, 1_000, 1)] {
            assert_eq!(owner_limit(size, bps), most, "{size} at {bps}");
        }
    }
}
