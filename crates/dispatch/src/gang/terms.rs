//! Terms that contradict themselves, of gangs and of what makes room for them.

use mira_core::tier::Tier;

use crate::input::Place;
use crate::state::job::owners_needed;

/// The most members of one owner: the job's `max_share` of them.
pub(crate) fn owner_limit(size: u16, max_share_bps: u16) -> u16 {
    let part = u32::from(size) * u32::from(max_share_bps) / 10_000;
    u16::try_from(part).unwrap_or(size)
}

/// Why a job cannot be placed whoever offers what.
pub(crate) fn bad_terms(terms: &Place) -> Option<String> {
    let service = &terms.service;
    let gang = service.gang;
    if terms.tier != Tier::Training {
        return (gang > 0).then(|| format!("only training jobs have a gang, and this one is {}", terms.tier));
    }
    let needed = owners_needed(terms.max_share.get());
    if gang == 0 {
        Some("a training job needs a gang of at least 1 member: set service.gang".into())
    } else if gang > terms.max_leases {
        let most = terms.max_leases;
        Some(format!("its gang has {gang} members and max_leases allows {most}: each member needs a lease"))
    } else if terms.shards.len() < usize::from(gang) {
        let shards = terms.shards.len();
        Some(format!("it has {shards} shards for a gang of {gang}: each member runs one of every {gang} shards"))
    } else if u32::from(gang) < needed {
        Some(format!("max_share needs {needed} owners and its gang has {gang} members: raise one of them"))
    } else if service.preemptible {
        Some("a gang cannot be preemptible: it stops as a whole or not at all".into())
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
