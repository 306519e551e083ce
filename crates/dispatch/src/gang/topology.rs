//! Which regions a gang's members come from: the tightest that have enough of them.
//!
//! Around each region that has candidates, the nearest regions are taken until there are enough
//! members; the smallest radius wins. Round trips obey the triangle inequality, so any two members
//! are at most two radii apart, and no choice of members is tighter than half of that.

use std::collections::BTreeMap;

use mira_core::label::Label;
use mira_core::{Hash, Key};

use crate::rtt::rtt_ms;

/// Regions that are close together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cluster {
    /// The middle.
    pub(crate) centre: Label,
    /// All of them.
    pub(crate) regions: Vec<Label>,
    /// The round trip from the middle to the farthest. Milliseconds.
    pub(crate) radius_ms: u32,
}

/// Candidates: how many each owner has in each region.
pub(crate) type Supply = BTreeMap<Label, BTreeMap<Key, u32>>;

/// The tightest cluster with `missing` members, of which each owner may have so many as `allowed` says.
/// The regions of members that are there already belong to it.
pub(crate) fn tightest(
    seed: &Hash,
    supply: &Supply,
    kept: &[Label],
    missing: u32,
    allowed: impl Fn(&Key) -> u32,
) -> Option<Cluster> {
    let around = |centre: &Label| {
        let mut near: Vec<(u32, &Label)> = supply.keys().map(|region| (rtt_ms(seed, centre, region), region)).collect();
        near.sort_unstable();
        let must = kept.iter().map(|region| rtt_ms(seed, centre, region)).max().unwrap_or(0);
        let mut owners: BTreeMap<&Key, u32> = BTreeMap::new();
        let (mut found, mut radius_ms) = (0u32, must);
        let mut regions = Vec::new();
        for (distance, region) in near {
            if found >= missing && distance > radius_ms {
                break;
            }
            radius_ms = radius_ms.max(distance);
            regions.push(*region);
            for (owner, count) in supply.get(region).into_iter().flatten() {
                let taken = owners.entry(owner).or_default();
                let more = allowed(owner).saturating_sub(*taken).min(*count);
                *taken += more;
                found = found.saturating_add(more);
            }
        }
        (found >= missing).then_some(Cluster { centre: *centre, regions, radius_ms })
    };
    supply.keys().filter_map(around).min_by_key(|cluster| (cluster.radius_ms, cluster.centre))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(text: &str) -> Label {
        Label::parse(text).expect("label")
    }

    /// Against all subsets of providers: no set of members has a smaller largest round trip than half
    /// of ours, and ours is within two radii.
    #[test]
    fn within_twice_the_best_of_all_subsets() {
        let names = ["a", "b", "c", "d", "e", "f"].map(label);
        for seed in 0..60u8 {
            let seed = [seed; 32];
            // One owner of one provider in each region; any three will do.
            let supply: Supply = names.iter().zip(0u8..).map(|(name, id)| (*name, [([id; 32], 1)].into())).collect();
            let cluster = tightest(&seed, &supply, &[], 3, |_| 1).expect("enough");
            let widest = |regions: &[Label]| {
                let pairs = regions.iter().flat_map(|a| regions.iter().map(move |b| rtt_ms(&seed, a, b)));
                pairs.max().expect("pairs")
            };
            let subsets = (0u8..64).filter(|bits| bits.count_ones() == 3).map(|bits| {
                let chosen: Vec<Label> = (0..6).filter(|at| bits >> at & 1 == 1).map(|at| names[at]).collect();
                widest(&chosen)
            });
            let best = subsets.min().expect("subsets");
            // 2 ms for each rounding and for round trips inside a region.
            assert!(widest(&cluster.regions) <= 2 * cluster.radius_ms + 2);
            assert!(cluster.radius_ms <= best + 2, "{} for {best}", cluster.radius_ms);
            assert!(cluster.regions.len() >= 3);
        }
    }

    #[test]
    fn owners_count_only_as_far_as_they_may() {
        let (a, b) = (label("a"), label("b"));
        let supply: Supply = [(a, [([1; 32], 9)].into()), (b, [([2; 32], 9)].into())].into();
        let cluster = tightest(&[0; 32], &supply, &[], 4, |_| 2).expect("two of each");
        assert_eq!(cluster.regions.len(), 2, "one region has the machines, but of one owner");
        assert_eq!(tightest(&[0; 32], &supply, &[], 4, |_| 1), None);
        assert_eq!(tightest(&[0; 32], &supply, &[], 4, |_| 4).map(|cluster| cluster.regions.len()), Some(1));
    }

    #[test]
    fn members_that_are_there_are_not_left_behind() {
        let (a, b) = (label("a"), label("b"));
        let supply: Supply = [(a, [([1; 32], 1)].into()), (b, [([2; 32], 1)].into())].into();
        for seed in 0..20u8 {
            let cluster = tightest(&[seed; 32], &supply, &[b], 1, |_| 1).expect("enough");
            assert_eq!(cluster.centre, b, "where the others are");
        }
    }
}
