//! The targets of one job, by size and region, so that the slots near an origin are a few runs.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;

use crate::route::bucket::Bucket;
use crate::route::config::RouteConfig;
use crate::route::draw::{self, Urn};
use crate::route::quantile::Quantile;
use crate::route::region::{RegionId, Regions};
use crate::route::slots::{self, Run};

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

/// The slots near one origin.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
struct Near {
    made_at: (u64, u64),
    runs: Vec<Run>,
    slots: u32,
}

/// The targets of one job.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub(super) struct Pool {
    pub(super) job: Key,
    pub(super) seed: u64,
    /// By how many slots they have, then by region.
    pub(super) members: Vec<Member>,
    /// All of them, in that order.
    runs: Vec<Run>,
    /// The same without regions.
    sizes: Vec<Run>,
    slots: u32,
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
            runs: Vec::new(),
            sizes: Vec::new(),
            slots: 0,
            version: 1,
            near: Vec::new(),
            bucket: Bucket::default(),
            late: Quantile::new(config.initial_us.saturating_mul(3)),
            usual: Quantile::new(config.initial_us),
        }
    }

    fn len(&self) -> u32 {
        u32::try_from(self.members.len()).unwrap_or(u32::MAX)
    }

    /// Adds a member at the end of its run. One member of each later run moves to its run's end; `moved`
    /// hears of each new place, the new one's too.
    pub(super) fn insert(
        &mut self,
        region: RegionId,
        slots: u16,
        member: Member,
        mut moved: impl FnMut(TargetId, u32),
    ) {
        let mut gap = self.len();
        let at = self.runs.partition_point(|run| run.key() < (slots, region));
        if self.runs.get(at).is_none_or(|run| run.key() != (slots, region)) {
            let place = self.runs.get(at).map_or(gap, |run| run.place);
            self.runs.insert(at, Run::new(region, slots, place));
        }
        self.members.push(member);
        for run in self.runs[at + 1..].iter_mut().rev() {
            self.members[gap as usize] = self.members[run.place as usize];
            moved(self.members[gap as usize].target, gap);
            gap = run.place;
            run.place += 1;
        }
        self.members[gap as usize] = member;
        moved(member.target, gap);
        self.runs[at].len += 1;
        self.changed();
    }

    /// Takes the member of a place away; the last of its run and of each later one close the gaps.
    pub(super) fn remove(&mut self, place: u32, mut moved: impl FnMut(TargetId, u32)) -> Option<Member> {
        let member = *self.members.get(place as usize)?;
        let at = self.runs.partition_point(|run| run.place <= place).checked_sub(1)?;
        let mut gap = place;
        for (index, run) in self.runs.iter_mut().enumerate().skip(at) {
            let last = run.place + run.len - 1;
            if last != gap {
                self.members[gap as usize] = self.members[last as usize];
                moved(self.members[gap as usize].target, gap);
            }
            gap = last;
            run.place -= u32::from(index > at);
        }
        self.members.pop();
        self.runs[at].len -= 1;
        if self.runs[at].len == 0 {
            self.runs.remove(at);
        }
        self.changed();
        Some(member)
    }

    fn changed(&mut self) {
        self.sizes = slots::by_size(&self.runs);
        self.slots = slots::number(&mut self.sizes);
        self.version += 1;
    }

    /// What a decision for an origin draws from. Makes the list of slots near it, unless it is as it was.
    pub(super) fn urn(&mut self, origin: RegionId, regions: &Regions, config: &RouteConfig) -> Urn {
        if self.near.len() <= origin.index() {
            self.near.resize(origin.index() + 1, Near::default());
        }
        let made_at = (self.version, regions.version());
        if self.near[origin.index()].made_at != made_at {
            let mut runs = self.nearest(origin, regions, config);
            let slots = slots::number(&mut runs);
            self.near[origin.index()] = Near { made_at, runs, slots };
        }
        let near = self.near[origin.index()].slots;
        Urn { draw: config.draw, near, slots: self.slots, members: self.len() }
    }

    /// The nearest whole regions that together hold the wanted part of all slots: slots and not members, so that
    /// who has many small ones fills the list no sooner.
    fn nearest(&self, origin: RegionId, regions: &Regions, config: &RouteConfig) -> Vec<Run> {
        let wanted = u64::from(self.slots) * u64::from(config.near_percent) / 100;
        let wanted = wanted.max(2 * u64::from(config.draw));
        let rtts = regions.from(origin);
        let distance = |run: &Run| (rtts.get(run.region.index()).map_or(u32::MAX, |pair| pair.rtt_us), run.region);
        let mut runs = self.runs.clone();
        runs.sort_unstable_by_key(|run| (distance(run), run.slots));
        let mut held = 0u64;
        let regions = runs.chunk_by(|one, next| one.region == next.region).take_while(|runs| {
            let wanting = held < wanted;
            held += runs.iter().map(|run| u64::from(run.all_slots())).sum::<u64>();
            wanting
        });
        regions.flatten().copied().collect()
    }

    /// The place of the member that has a slot of all.
    #[inline]
    pub(super) fn place(&self, slot: u32) -> u32 {
        slots::place_of(&self.sizes, slot)
    }

    /// The place of the member that has a slot of those near an origin.
    #[inline]
    pub(super) fn near_place(&self, origin: RegionId, slot: u32) -> u32 {
        slots::place_of(&self.near[origin.index()].runs, slot)
    }

    /// A new epoch: other draws.
    pub(super) fn set_seed(&mut self, epoch: &mira_core::Hash) {
        self.seed = draw::seed(&self.job, epoch);
    }
}

#[cfg(test)]
mod tests;
