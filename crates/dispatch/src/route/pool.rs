//! The targets of one job, by region, so that those near an origin are a few runs of places.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;

use crate::route::bucket::Bucket;
use crate::route::config::RouteConfig;
use crate::route::draw;
use crate::route::quantile::Quantile;
use crate::route::region::{RegionId, Regions};

/// A pool of a router.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct PoolId(pub u32);

/// A target of a router: one way to a provider. The number of one that was removed is given to another
/// once nothing runs on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct TargetId(pub u32);

/// A target in its pool: half a cache line.
#[derive(Clone, Copy, Debug, BorshSerialize, BorshDeserialize)]
#[repr(C, align(32))]
pub(super) struct Member {
    pub(super) price: u64,
    /// Units that its lease's cap still pays for.
    pub(super) room: u64,
    pub(super) server: u32,
    pub(super) target: TargetId,
    pub(super) available: bool,
    /// Whether it has the model loaded.
    pub(super) warm: bool,
}

/// A run of places: those before `end` in the list of near members, moved by `shift`.
#[derive(Clone, Copy, Debug, BorshSerialize, BorshDeserialize)]
struct Run {
    end: u32,
    shift: u32,
}

/// The members near one origin.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
struct Near {
    made_at: (u64, u64),
    runs: Vec<Run>,
}

/// The targets of one job.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub(super) struct Pool {
    pub(super) job: Key,
    pub(super) seed: u64,
    /// By region.
    pub(super) members: Vec<Member>,
    /// Where each region's members begin; one more for the end.
    starts: Vec<u32>,
    version: u64,
    near: Vec<Near>,
    pub(super) bucket: Bucket,
    /// When a request is late.
    pub(super) late: Quantile,
    /// The median time to first token, without the round trip.
    pub(super) usual: Quantile,
}

impl Pool {
    pub(super) fn new(job: Key, seed: u64, config: &RouteConfig) -> Self {
        Pool {
            job,
            seed,
            members: Vec::new(),
            starts: vec![0],
            version: 1,
            near: Vec::new(),
            bucket: Bucket::default(),
            late: Quantile::new(config.initial_us.saturating_mul(3)),
            usual: Quantile::new(config.initial_us),
        }
    }

    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.members.len()).unwrap_or(u32::MAX)
    }

    /// Adds a member at the end of its region's. One member of each later region moves to its region's
    /// end; `moved` hears of each new place, the new one's too.
    pub(super) fn insert(&mut self, region: RegionId, member: Member, mut moved: impl FnMut(TargetId, u32)) {
        let last = self.len();
        self.starts.resize(self.starts.len().max(region.index() + 2), last);
        let mut gap = last;
        self.members.push(member);
        for start in self.starts[region.index() + 1..].iter_mut().rev() {
            if *start != gap {
                self.members[gap as usize] = self.members[*start as usize];
                moved(self.members[gap as usize].target, gap);
            }
            gap = *start;
            *start += 1;
        }
        self.members[gap as usize] = member;
        moved(member.target, gap);
        self.version += 1;
    }

    /// Takes a member of that region away; the last of its region and of each later one close the gaps.
    pub(super) fn remove(&mut self, region: RegionId, place: u32, mut moved: impl FnMut(TargetId, u32)) {
        let mut gap = place;
        for start in &mut self.starts[region.index() + 1..] {
            let last = *start - 1;
            if last != gap {
                self.members[gap as usize] = self.members[last as usize];
                moved(self.members[gap as usize].target, gap);
            }
            gap = last;
            *start = last;
        }
        self.members.pop();
        self.version += 1;
    }

    /// Makes the list of members near an origin, unless it is as it was: the nearest whole regions that
    /// together hold the wanted part. Returns how many there are.
    pub(super) fn near(&mut self, origin: RegionId, regions: &Regions, config: &RouteConfig) -> u32 {
        if self.near.len() <= origin.index() {
            self.near.resize(origin.index() + 1, Near::default());
        }
        let stamp = (self.version, regions.version());
        if self.near[origin.index()].made_at != stamp {
            self.near[origin.index()] = Near { made_at: stamp, runs: self.runs(origin, regions, config) };
        }
        self.near[origin.index()].runs.last().map_or(0, |run| run.end)
    }

    fn runs(&self, origin: RegionId, regions: &Regions, config: &RouteConfig) -> Vec<Run> {
        let wanted = u64::from(self.len()) * u64::from(config.near_percent) / 100;
        let wanted = wanted.max(2 * u64::from(config.draw));
        let mut order: Vec<(u32, u32, u32)> = (0..)
            .zip(self.starts.windows(2))
            .filter_map(|(region, bounds): (usize, _)| {
                let rtt_us = regions.from(origin).get(region)?.rtt_us;
                (bounds[0] < bounds[1]).then_some((rtt_us, bounds[0], bounds[1] - bounds[0]))
            })
            .collect();
        order.sort_unstable();
        let (mut runs, mut end) = (Vec::new(), 0u32);
        for (_, start, len) in order {
            if u64::from(end) >= wanted {
                break;
            }
            runs.push(Run { end: end + len, shift: start.wrapping_sub(end) });
            end += len;
        }
        runs
    }

    /// The place in the pool of one in the list of members near an origin.
    #[inline]
    pub(super) fn near_place(&self, origin: RegionId, place: u32) -> u32 {
        let runs = &self.near[origin.index()].runs;
        let run = runs.partition_point(|run| run.end <= place);
        runs.get(run).map_or(0, |run| place.wrapping_add(run.shift))
    }

    /// A new epoch: other draws.
    pub(super) fn set_seed(&mut self, epoch: &mira_core::Hash) {
        self.seed = draw::seed(&self.job, epoch);
    }
}
