//! Regions and the round trips between them: measured where they were, simulated where they were not.

use std::collections::BTreeMap;

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Hash;
use mira_core::label::Label;

use crate::codec::{get, get_map, put, put_map};
use crate::rtt;

/// A region, numbered in the order in which it was first named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct RegionId(pub u16);

impl RegionId {
    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// The round trip of one pair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) struct Pair {
    pub(super) rtt_us: u32,
    pub(super) deviation_us: u32,
    /// What the order of regions was last made with.
    ordered_us: u32,
    measured: bool,
}

/// All regions of a router.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(super) struct Regions {
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    labels: Vec<Label>,
    #[borsh(serialize_with = "put_map", deserialize_with = "get_map")]
    ids: BTreeMap<Label, RegionId>,
    points: Vec<rtt::Point>,
    /// A square of `stride` × `stride`, by origin.
    pairs: Vec<Pair>,
    stride: usize,
    version: u64,
}

impl Regions {
    /// The number of a region, a new one if it is new. There are at most 65,535; all beyond share the last.
    pub(super) fn id(&mut self, seed: &Hash, label: Label) -> RegionId {
        if let Some(id) = self.ids.get(&label) {
            return *id;
        }
        let Some(id) = u16::try_from(self.labels.len()).ok().filter(|id| *id < u16::MAX) else {
            return RegionId(u16::MAX - 1);
        };
        if self.labels.len() == self.stride {
            self.grow();
        }
        let point = rtt::point(seed, &label);
        self.labels.push(label);
        self.points.push(point);
        let new = self.labels.len() - 1;
        for (other, at) in self.points.iter().enumerate() {
            let rtt_us = rtt::between_ms(*at, point).saturating_mul(1_000);
            let pair = Pair { rtt_us, ordered_us: rtt_us, ..Pair::default() };
            self.pairs[new * self.stride + other] = pair;
            self.pairs[other * self.stride + new] = pair;
        }
        self.ids.insert(label, RegionId(id));
        self.version += 1;
        RegionId(id)
    }

    /// The number of a region that was named.
    pub(super) fn find(&self, label: &Label) -> Option<RegionId> {
        self.ids.get(label).copied()
    }

    fn grow(&mut self) {
        let stride = (self.stride * 2).max(16);
        let mut pairs = vec![Pair::default(); stride * stride];
        for (row, old) in self.pairs.chunks(self.stride.max(1)).enumerate() {
            pairs[row * stride..][..old.len()].copy_from_slice(old);
        }
        (self.pairs, self.stride) = (pairs, stride);
    }

    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }

    /// Round trips from an origin, by region.
    pub(super) fn from(&self, origin: RegionId) -> &[Pair] {
        let start = origin.index().min(self.labels.len().saturating_sub(1)) * self.stride;
        &self.pairs[start..start + self.labels.len()]
    }

    /// Changes whenever the order of regions by distance may have changed.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// Takes a measured round trip: a moving average and its mean deviation, as TCP keeps them
    /// (RFC 6298: 1/8 and 1/4). The first one replaces the simulated distance.
    pub(super) fn observe(&mut self, from: RegionId, to: RegionId, rtt_us: u32) {
        if from.index().max(to.index()) >= self.labels.len() {
            return;
        }
        let index = from.index() * self.stride + to.index();
        let mut pair = self.pairs[index];
        if pair.measured {
            let off = pair.rtt_us.abs_diff(rtt_us);
            pair.deviation_us = pair.deviation_us - pair.deviation_us / 4 + off / 4;
            pair.rtt_us = pair.rtt_us - pair.rtt_us / 8 + rtt_us / 8;
        } else {
            (pair.rtt_us, pair.deviation_us, pair.measured) = (rtt_us, rtt_us / 2, true);
        }
        if pair.rtt_us.abs_diff(pair.ordered_us) > pair.ordered_us / 4 {
            pair.ordered_us = pair.rtt_us;
            self.version += 1;
        }
        self.pairs[index] = pair;
        self.pairs[to.index() * self.stride + from.index()] = pair;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(text: &str) -> Label {
        Label::parse(text).expect("label")
    }

    #[test]
    fn simulated_until_measured() {
        let mut regions = Regions::default();
        let names: Vec<Label> = (0..40).map(|id| label(&format!("r-{id}"))).collect();
        let ids: Vec<RegionId> = names.iter().map(|name| regions.id(&[3; 32], *name)).collect();
        assert_eq!(ids[39], regions.id(&[3; 32], names[39]), "named again");
        for (a, from) in ids.iter().zip(&names) {
            for (b, to) in ids.iter().zip(&names) {
                let expected = rtt::rtt_ms(&[3; 32], from, to) * 1_000;
                assert_eq!(regions.from(*a)[b.index()].rtt_us, expected, "{from} {to}");
            }
        }
        let version = regions.version();
        regions.observe(ids[1], ids[2], 777_000);
        assert_eq!(regions.from(ids[1])[2].rtt_us, 777_000);
        assert_eq!(regions.from(ids[2])[1].rtt_us, 777_000, "a round trip has no direction");
        assert!(regions.version() > version, "no longer near");
    }

    #[test]
    fn the_average_settles_and_so_does_the_deviation() {
        let mut regions = Regions::default();
        let (a, b) = (regions.id(&[0; 32], label("a")), regions.id(&[0; 32], label("b")));
        (0..200).for_each(|round| regions.observe(a, b, if round % 2 == 0 { 90_000 } else { 110_000 }));
        let pair = regions.from(a)[b.index()];
        assert!((95_000..105_000).contains(&pair.rtt_us), "{pair:?}");
        assert!((8_000..12_000).contains(&pair.deviation_us), "{pair:?}");
        (0..200).for_each(|_| regions.observe(a, b, 50_000));
        let pair = regions.from(a)[b.index()];
        assert!((49_900..50_100).contains(&pair.rtt_us) && pair.deviation_us < 100, "{pair:?}");
    }
}
