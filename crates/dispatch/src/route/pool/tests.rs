//! Slots against a list of them made anew, and what splitting changes.

use std::collections::BTreeMap;

use mira_core::label::Label;

use super::*;
use crate::route::draw::draws;

const REGIONS: u16 = 6;

/// A stream of numbers, for orders at random: SplitMix64.
struct Stream(u64);

impl Stream {
    fn below(&mut self, of: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let word = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((word ^ (word >> 31)) >> 33).expect("31 bits") % of
    }
}

fn member(target: u32) -> Member {
    Member { price: 0, room: 0, server: 0, target: TargetId(target), available: true, warm: true }
}

fn regions() -> Regions {
    let mut regions = Regions::default();
    for region in 0..REGIONS {
        regions.id(&[1; 32], Label::parse(&format!("region-{region}")).expect("label"));
    }
    regions
}

/// A pool of these members: each its region and slots, its number being its target's.
fn pool(of: &[(u16, u16)]) -> Pool {
    let mut pool = Pool::new([1; 32], 7, &RouteConfig::default());
    for (target, (region, slots)) in (0..).zip(of) {
        pool.insert(RegionId(*region), *slots, member(target), |_, _| {});
    }
    pool
}

/// The targets of slots 0, 1, 2 and so on.
fn listed(pool: &Pool, count: u32, place: impl Fn(u32) -> u32) -> Vec<u32> {
    (0..count).map(|slot| pool.members[place(slot) as usize].target.0).collect()
}

/// By target: its region, slots and place.
type Known = BTreeMap<u32, (u16, u16, u32)>;

/// All slots of a pool and those near an origin are those of a list made from what is known beside it.
fn check(pool: &mut Pool, known: &Known, regions: &Regions, config: &RouteConfig) {
    let origin = RegionId(2);
    let urn = pool.urn(origin, regions, config);
    let each = |of: &mut dyn Iterator<Item = (&u32, &(u16, u16, u32))>| {
        let mut each: Vec<u32> =
            of.flat_map(|(target, (_, slots, _))| std::iter::repeat_n(*target, usize::from(*slots))).collect();
        each.sort_unstable();
        each
    };
    let all = each(&mut known.iter());
    assert_eq!((urn.slots as usize, urn.members as usize), (all.len(), known.len()));
    let mut found = listed(pool, urn.slots, |slot| pool.place(slot));
    found.sort_unstable();
    assert_eq!(found, all);
    // The nearest regions, until they hold a quarter of the slots and no fewer than sixteen.
    let mut order: Vec<u16> = (0..REGIONS).collect();
    order.sort_by_key(|region| (regions.from(origin)[usize::from(*region)].rtt_us, *region));
    let (mut near, mut chosen) = (0, Vec::new());
    for region in order {
        if near < (all.len() * 25 / 100).max(16) {
            chosen.push(region);
            near = each(&mut known.iter().filter(|(_, (of, ..))| chosen.contains(of))).len();
        }
    }
    let expected = each(&mut known.iter().filter(|(_, (of, ..))| chosen.contains(of)));
    let mut found = listed(pool, urn.near, |slot| pool.near_place(origin, slot));
    found.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn the_list_of_slots_is_the_one_made_anew() {
    let (config, regions) = (RouteConfig::default(), regions());
    let (mut pool, mut known, mut stream) = (pool(&[]), Known::new(), Stream(3));
    for step in 0..3_000u32 {
        if known.len() > 40 || (stream.below(5) < 2 && !known.is_empty()) {
            let target = *known.keys().nth(stream.below(known.len())).expect("one of them");
            let (.., place) = known.remove(&target).expect("known");
            let taken = pool.remove(place, |moved, place| known.get_mut(&moved.0).expect("known").2 = place);
            assert_eq!(taken.map(|member| member.target), Some(TargetId(target)));
        } else {
            let region = u16::try_from(stream.below(usize::from(REGIONS))).expect("small");
            let slots = [0, 1, 1, 2, 8, 8, 31][stream.below(7)];
            known.insert(step, (region, slots, u32::MAX));
            let moved = |moved: TargetId, place| known.get_mut(&moved.0).expect("known").2 = place;
            pool.insert(RegionId(region), slots, member(step), moved);
        }
        for (target, (.., place)) in &known {
            assert_eq!(pool.members[*place as usize].target.0, *target, "after step {step}");
        }
        check(&mut pool, &known, &regions, &config);
    }
    assert_eq!(pool.remove(1_000, |_, _| {}).map(|member| member.target), None);
}

/// How often each target was drawn for an origin, over many decisions.
fn drawn(pool: &mut Pool, decisions: u64) -> Vec<u32> {
    let (origin, config) = (RegionId(0), RouteConfig::default());
    let urn = pool.urn(origin, &regions(), &config);
    let mut counts = vec![0; pool.members.len()];
    for counter in 0..decisions {
        let draws = draws(11, counter, 0, urn);
        for (index, slot) in draws.numbers[..draws.len].iter().enumerate() {
            let near = index < draws.near;
            let place = if near { pool.near_place(origin, *slot) } else { pool.place(*slot) };
            counts[pool.members[place as usize].target.0 as usize] += 1;
        }
    }
    counts
}

/// Within five standard deviations of `draws` draws with this chance.
fn is_about(count: u32, draws: f64, chance: f64) -> bool {
    (f64::from(count) - draws * chance).abs() <= 5.0 * (draws * chance * (1.0 - chance)).sqrt()
}

#[test]
fn members_are_drawn_as_often_as_they_have_slots() {
    // All in one region: near is everybody, and all eight draws are of all slots.
    let sizes = [1, 2, 4, 8, 16, 32, 1, 0, 8, 3];
    let total: u16 = sizes.iter().sum();
    let counts = drawn(&mut pool(&sizes.map(|slots| (0, slots))), 25_000);
    for (count, slots) in counts.iter().zip(sizes) {
        assert!(is_about(*count, 200_000.0, f64::from(slots) / f64::from(total)), "{slots} slots: {counts:?}");
    }
}

#[test]
fn who_splits_is_drawn_as_often_as_before() {
    // Five regions of six providers with eight slots; the first splits its own into eight of one slot.
    let others: Vec<(u16, u16)> = (1..30).map(|provider| (provider % 5, 8)).collect();
    let whole = drawn(&mut pool(&[vec![(0, 8)], others.clone()].concat()), 25_000);
    let split = drawn(&mut pool(&[others.clone(), vec![(0, 1); 8]].concat()), 25_000);
    let (before, after) = (whole[0], split[others.len()..].iter().sum::<u32>());
    // Four near draws among the 48 slots of its region or those of the next one too, four among all 240.
    let config = RouteConfig::default();
    let near = pool(&[vec![(0, 8)], others].concat()).urn(RegionId(0), &regions(), &config).near;
    let chance = (8.0 / f64::from(near) + 8.0 / 240.0) / 2.0;
    assert!(is_about(before, 200_000.0, chance) && is_about(after, 200_000.0, chance), "{before} {after} {chance}");
}

#[test]
fn more_slots_than_can_be_numbered_are_not_drawn_beyond() {
    let mut pool = pool(&[(0, 1), (1, u16::MAX)]);
    (2..70_000).for_each(|target| pool.insert(RegionId(1), u16::MAX, member(target), |_, _| {}));
    let urn = pool.urn(RegionId(0), &regions(), &RouteConfig::default());
    assert_eq!((urn.slots, pool.place(0)), (u32::MAX, 0));
    assert!((pool.place(u32::MAX - 1) as usize) < pool.members.len());
}
