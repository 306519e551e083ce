//! Divisions against a level that is found another way, and against each provider's own share.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::testing::{label, provider_key};

fn kinds() -> impl Strategy<Value = Vec<Alike>> {
    let alike = (1u64..40, 0u64..4, 0u64..9, 1u64..50);
    let alike = alike.prop_map(|(count, floor, more, weight)| Alike { count, floor, most: floor + more, weight });
    prop::collection::vec(alike, 0..12)
}

fn total(shares: &[(u64, u64)], kinds: &[Alike]) -> u64 {
    shares.iter().zip(kinds).map(|((each, more), kind)| kind.count * each + more).sum()
}

/// What each would get above its floor if slots could be cut: `level × weight`, no more than its room. By bisection.
fn level(left: f64, kinds: &[Alike]) -> f64 {
    let given = |level: f64| -> f64 {
        let each = |kind: &Alike| (level * kind.weight as f64).min((kind.most - kind.floor) as f64);
        kinds.iter().map(|kind| kind.count as f64 * each(kind)).sum()
    };
    let (mut low, mut high) = (0.0, 10_000.0);
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        if given(middle) < left { low = middle } else { high = middle }
    }
    high
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: proptest::test_runner::RngSeed::Fixed(11), failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn all_of_it_is_given_out_and_everybody_gets_its_part_to_the_slot(kinds in kinds(), headroom in 0u64..2_000) {
        let shares = divide(headroom, &kinds);
        let sum = |of: fn(&Alike) -> u64| kinds.iter().map(|kind| kind.count * of(kind)).sum::<u64>();
        let (least, most) = (sum(|kind| kind.floor), sum(|kind| kind.most));
        prop_assert_eq!(total(&shares, &kinds), headroom.clamp(least, most.max(least)));
        let level = level(headroom.clamp(least, most) as f64 - least as f64, &kinds);
        for ((each, more), kind) in shares.iter().zip(&kinds) {
            prop_assert!(*more <= kind.count);
            prop_assert!(*each >= kind.floor && each + u64::from(*more > 0) <= kind.most);
            let exact = kind.floor as f64 + (level * kind.weight as f64).min((kind.most - kind.floor) as f64);
            prop_assert!((*each as f64) > exact - 1.0 - 1e-6 && ((each + u64::from(*more > 0)) as f64) < exact + 1.0 + 1e-6);
        }
    }

    #[test]
    fn more_headroom_takes_from_no_kind(kinds in kinds(), headroom in 0u64..2_000, factor in 2u64..9) {
        // A slot more may go to another kind (Alabama's paradox); several times as many leave nobody with less than
        // it had but for that slot.
        let (before, after) = (divide(headroom, &kinds), divide(headroom * factor, &kinds));
        prop_assert!(before.iter().zip(&after).all(|(before, after)| after.0 + 1 >= before.0));
    }
}

fn seen(serving: &[(&str, u16, std::ops::Range<u8>)]) -> Seen {
    let mut seen = Seen::default();
    for (region, slots, ids) in serving {
        let who: BTreeSet<Key> = ids.clone().map(provider_key).collect();
        seen.serving.insert(Kind { region: label(region), slots: *slots }, who);
    }
    seen
}

#[test]
fn the_first_of_the_last_kind_have_the_rest() {
    let mut headroom = Headroom::default();
    let seen = seen(&[("eu", 8, 0..10), ("us", 8, 10..20)]);
    headroom.divide(&seen, 27, 0, |_| 1);
    let of = |id: u8| headroom.of(&provider_key(id), label(if id < 10 { "eu" } else { "us" }), 8, 1);
    let all: Vec<u64> = (0..20).map(of).collect();
    assert_eq!(all, [[2; 7].as_slice(), &[1; 13]].concat(), "27 among 20 alike");
    assert_eq!(headroom.of(&provider_key(0), label("eu"), 4, 1), 1, "who was not there has the floor");
    assert_eq!(headroom.of(&provider_key(0), label("eu"), 0, 1), 0, "or all that it has");
}

#[test]
fn half_of_the_slots_at_most_and_the_floor_at_least() {
    let mut headroom = Headroom::default();
    let seen = seen(&[("eu", 1, 0..3), ("eu", 8, 3..6)]);
    let kept = |headroom: &Headroom| [1, 8].map(|slots| headroom.of(&provider_key(9), label("eu"), slots, 1));
    headroom.divide(&seen, 0, 1, |_| 1);
    assert_eq!(kept(&headroom), [1, 1]);
    headroom.divide(&seen, 1_000, 1, |_| 1);
    assert_eq!(kept(&headroom), [1, 4]);
    headroom.divide(&seen, 1_000, 0, |_| 1);
    assert_eq!(kept(&headroom), [0, 4]);
}

#[test]
fn more_is_kept_near_where_requests_come_from() {
    let mut headroom = Headroom::default();
    for at_ms in 0..300 {
        headroom.came(label(if at_ms % 3 == 0 { "us" } else { "eu" }), at_ms, 900_000);
    }
    let origins = headroom.origins(300, 900_000);
    assert_eq!(origins.iter().map(|(label, _)| *label).collect::<Vec<_>>(), [label("eu"), label("us")]);
    assert!(origins[0].1.abs_diff(666_666) < 100 && origins[1].1.abs_diff(333_333) < 100, "{origins:?}");
    let rtt_ms = |a: &Label, b: &Label| if a == b { 2 } else { 100 };
    let near = |region: &Label| nearness(&origins, |origin| rtt_ms(region, origin));
    // Two thirds next door and a third across: 2/3 ÷ 22 + 1/3 ÷ 120, in millionths.
    assert!(near(&label("eu")).abs_diff(33_080) < 20, "{}", near(&label("eu")));
    let seen = seen(&[("eu", 100, 0..1), ("us", 100, 1..2), ("asia", 100, 2..3)]);
    headroom.divide(&seen, 100, 1, near);
    let of = |region: &str, id: u8| headroom.of(&provider_key(id), label(region), 100, 1);
    let [eu, us, asia] = [of("eu", 0), of("us", 1), of("asia", 2)];
    assert!(eu > us && us > asia && asia > 1 && eu + us + asia == 100, "{eu} {us} {asia}");
    // Half a day later nobody knows any more, and slots alone decide.
    assert!(headroom.origins(43_200_000, 900_000).is_empty());
}

#[test]
fn further_regions_are_not_counted() {
    let mut headroom = Headroom::default();
    (0..300).for_each(|id| headroom.came(label(&format!("r{id}")), 0, 900_000));
    headroom.came(label("r0"), 0, 900_000);
    assert_eq!(headroom.origins(0, 900_000).len(), ORIGINS);
}
