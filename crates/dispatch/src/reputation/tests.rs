//! What moves a provider's lower bound, and what it costs to move it.

use super::*;
use crate::config::Config;
use crate::input::Event;
use crate::testing::{World, key, provider_key};

const NOW_MS: u64 = 1_700_000_000_000;

fn verdict(shard: u32, passed: bool, net_fee: u64) -> Audited {
    Audited {
        job: key(3, 1),
        shard,
        provider: provider_key(1),
        passed,
        net_fee: Payment::new(net_fee),
        decided_ms: NOW_MS,
    }
}

fn after(verdicts: impl IntoIterator<Item = Audited>) -> u32 {
    let (policy, mut reputation) = (Policy::default(), Reputation::default());
    for audited in verdicts {
        reputation.hear(&policy, &audited, NOW_MS);
    }
    reputation.lower_ppm(&policy, &provider_key(1), NOW_MS)
}

#[test]
fn a_stranger_has_the_bound_of_no_evidence() {
    assert_eq!(after([]), lower_ppm(OUTCOME, OUTCOME));
    assert!(after((0..30).map(|shard| verdict(shard, true, 10_000))) > 900_000);
}

#[test]
fn cheap_washed_jobs_move_it_by_next_to_nothing() {
    // A thousand results of a fee of one base unit each: a tenth of one outcome together.
    let washed = after((0..1_000).map(|shard| verdict(shard, true, 1)));
    assert!(washed - after([]) < 25_000, "{washed}");
    // Free results move nothing.
    assert_eq!(after((0..100_000).map(|shard| verdict(shard, true, 0))), after([]));
}

#[test]
fn what_it_costs_is_fees_however_the_work_is_cut() {
    let fees = 200_000;
    let whole = after((0..20).map(|shard| verdict(shard, true, fees / 20)));
    for parts in [40u32, 200, 2_000, 20_000] {
        let cut = after((0..parts).map(|shard| verdict(shard, true, fees / u64::from(parts))));
        assert_eq!(cut, whole, "in {parts} parts");
    }
    // One dear result is one outcome, not twenty.
    assert_eq!(after([verdict(0, true, fees)]), after([verdict(0, true, 10_000)]));
    // Each tenth of trust costs more fees than the one before it.
    let cost = |least: u32| (0..).find(|count| after((0..*count).map(|shard| verdict(shard, true, 10_000))) >= least);
    let costs: Vec<u32> =
        [500_000, 600_000, 700_000, 800_000, 900_000].map(|least| cost(least).expect("reached")).into();
    assert!(costs.windows(2).all(|pair| pair[0] < pair[1]), "{costs:?}");
}

#[test]
fn one_lie_weighs_more_than_it_paid_for() {
    let honest = || (0..50).map(|shard| verdict(shard, true, 10_000));
    let lied = after(honest().chain([verdict(99, false, 0)]));
    assert!(lied + 100_000 < after(honest()), "{lied}");
}

#[test]
fn evidence_fades() {
    let (policy, mut reputation) = (Policy::default(), Reputation::default());
    for shard in 0..50 {
        reputation.hear(&policy, &verdict(shard, true, 10_000), NOW_MS);
    }
    let bound = |half_lives| reputation.lower_ppm(&policy, &provider_key(1), NOW_MS + half_lives * policy.half_life_ms);
    let bounds: Vec<u32> = (0..8).map(bound).collect();
    assert!(bounds.windows(2).all(|pair| pair[0] > pair[1]), "{bounds:?}");
    assert_eq!(bound(60), lower_ppm(OUTCOME, OUTCOME));
}

#[test]
fn a_verdict_counts_once_and_an_old_one_not_at_all() {
    let (policy, mut reputation) = (Policy::default(), Reputation::default());
    let late_ms = NOW_MS + policy.half_life_ms;
    reputation.hear(&policy, &verdict(1, true, 10_000), late_ms);
    let once = reputation.lower_ppm(&policy, &provider_key(1), late_ms);
    assert!(reputation.knows(&policy, &verdict(1, true, 10_000), late_ms));
    reputation.hear(&policy, &verdict(1, true, 10_000), late_ms);
    assert_eq!(reputation.lower_ppm(&policy, &provider_key(1), late_ms), once);
    // It was heard late, and counts as what it is by then: half an outcome.
    assert_eq!(once, lower_ppm(OUTCOME * 3 / 2, OUTCOME));
    let ages_ms = NOW_MS + 9 * policy.half_life_ms;
    assert!(reputation.knows(&policy, &verdict(2, true, 10_000), ages_ms));
    reputation.hear(&policy, &Audited { decided_ms: ages_ms, ..verdict(3, true, 10_000) }, ages_ms);
    assert_eq!(reputation.heard.len(), 1, "names that say nothing any more are forgotten");
}

#[test]
fn the_same_verdicts_after_a_restart_change_nothing() {
    let mut world = World::with_providers(2);
    let audited = Audited { decided_ms: world.now_ms, ..verdict(1, true, 10_000) };
    world.feed(Event::Audited(audited.clone()));
    world.feed(Event::Start(Config::default()));
    assert!(world.engine.reputation().knows(&Policy::default(), &audited, world.now_ms));
    let before = format!("{:?}", world.engine.reputation());
    world.feed(Event::Audited(audited));
    assert_eq!(format!("{:?}", world.engine.reputation()), before);
}
