//! The parts of a score, and that each tier prefers what it is about.

use mira_core::amount::UnitPrice;
use mira_core::tier::Tier;

use super::*;
use crate::config::Config;
use crate::input::{Event, Offer, Place};
use crate::place::ask::Held;
use crate::place::choose::{Decision, choose};
use crate::place::plan::ask_for_tests as ask;
use crate::record::Purpose;
use crate::reputation::Audited;
use crate::service::{Machine, Needs, Service};
use crate::testing::{START_MS, World, facts, job_terms, key, label, offer, provider_key};

#[test]
fn ratios_stay_in_range() {
    assert_eq!(ratio(0, 0), 0);
    assert_eq!(ratio(1, 0), WORST);
    assert_eq!(ratio(1, 2), WORST / 2);
    assert_eq!(ratio(u64::MAX, 1), WORST);
    assert_eq!(ratio(u64::MAX, u64::MAX), WORST);
}

fn market(offers: &[Offer]) -> World {
    let mut world = World::new(Config::default());
    for offer in offers {
        world.join(facts(offer.provider[1]), offer.clone());
    }
    world
}

/// Who wins a decision for such a job, and the scores by provider.
fn decide(world: &World, terms: &Place, held: &Held) -> (u8, Vec<(u8, Score)>) {
    let job = crate::state::job::Job::new(terms.clone(), START_MS);
    let decision = Decision {
        seed: [0; 32],
        spec_hash: terms.spec_hash,
        counter: 0,
        purpose: Purpose::Initial,
        epoch: 1,
        epoch_hash: [0; 32],
    };
    let choice = choose(&world.engine.view(), &ask(&job, held), held, decision);
    let scores = choice.record.candidates.iter().filter_map(|drawn| Some((drawn.provider[1], drawn.score?)));
    (choice.winner.expect("winner").provider[1], scores.collect())
}

fn score_of(scores: &[(u8, Score)], id: u8) -> Score {
    scores.iter().find(|(other, _)| *other == id).map(|(_, score)| *score).expect("drawn")
}

#[test]
fn cost_is_what_is_asked_above_the_cheapest_whatever_the_job_allows() {
    let priced = |id, price| Offer { unit_price: UnitPrice::new(price), ..offer(id) };
    let world = market(&[priced(0, 100_000), priced(1, 110_000), priced(2, 250_000)]);
    for max in [250_000, 1_000_000, u64::MAX] {
        let terms = Place { max_unit_price: UnitPrice::new(max), ..job_terms(1) };
        let (winner, scores) = decide(&world, &terms, &Held::default());
        let costs = [0, 1, 2].map(|id| score_of(&scores, id).cost);
        assert_eq!((winner, costs), (0, [0, 100_000, 1_000_000]));
    }
}

#[test]
fn tiers_choose_otherwise() {
    let terms = |tier| Place { tier, region: Some(label("eu")), ..job_terms(1) };
    let data = terms(Tier::Batch).shards.iter().map(|shard| shard.input).collect();
    let far = (0..40)
        .map(|id| label(&format!("r{id}")))
        .find(|region| crate::rtt::rtt_ms(&[0; 32], region, &label("eu")) > 150);
    let far = far.expect("a far region");
    let world = market(&[
        Offer { unit_price: UnitPrice::new(100_000), region: far, ..offer(0) },
        Offer { unit_price: UnitPrice::new(140_000), ..offer(1) },
        Offer { unit_price: UnitPrice::new(140_000), region: far, cached: data, ..offer(2) },
    ]);
    let winner = |tier| decide(&world, &terms(tier), &Held::default()).0;
    assert_eq!([Tier::Batch, Tier::Interactive, Tier::Pipeline].map(winner), [0, 1, 2]);
    // A gang goes where its members are, not where its requester is.
    let gang = Held { regions: vec![far], ..Held::default() };
    assert_eq!(decide(&world, &terms(Tier::Training), &gang).0, 0);
    assert!(score_of(&decide(&world, &terms(Tier::Training), &gang).1, 1).latency > 500_000);
}

#[test]
fn interactive_cost_is_bounded() {
    // Next door at three times the price loses against the far side of the square.
    let far = (0..200)
        .map(|id| label(&format!("r{id}")))
        .max_by_key(|region| crate::rtt::rtt_ms(&[0; 32], region, &label("eu")));
    let world = market(&[
        Offer { unit_price: UnitPrice::new(300_000), ..offer(0) },
        Offer { unit_price: UnitPrice::new(100_000), region: far.expect("region"), ..offer(1) },
    ]);
    let terms = Place { tier: Tier::Interactive, ..job_terms(1) };
    let (_, scores) = decide(&world, &terms, &Held::default());
    let (near, far) = (score_of(&scores, 0), score_of(&scores, 1));
    assert!(far.total < near.total || far.latency > 730_000, "{near:?} {far:?}");
}

#[test]
fn who_was_seen_to_be_right_wins_between_equals_and_who_was_wrong_loses() {
    let mut world = market(&[offer(0), offer(1), offer(2)]);
    let decided_ms = world.now_ms;
    let verdict = |shard, id, passed| {
        let (job, net_fee) = (key(3, 9), mira_core::amount::Payment::new(10_000));
        Event::Audited(Audited { job, shard, provider: provider_key(id), passed, net_fee, decided_ms })
    };
    (0..20).for_each(|shard| drop(world.feed(verdict(shard, 1, true))));
    world.feed(verdict(20, 2, false));
    let (winner, scores) = decide(&world, &job_terms(1), &Held::default());
    let penalties = [1, 0, 2].map(|id| score_of(&scores, id).reliability);
    assert_eq!(winner, 1);
    assert!(penalties[0] < 150_000 && penalties[0] < penalties[1] && penalties[1] < penalties[2], "{penalties:?}");
}

#[test]
fn a_provider_without_a_machine_is_not_fragmented() {
    let machine = Machine { cpu_milli: 10_000, memory_mib: 10_000, gpus: 4, model: None };
    let world = market(&[offer(0), Offer { machine: Some(machine), ..offer(1) }]);
    let needs = |needs| Place { service: Service { needs, ..Service::default() }, ..job_terms(1) };
    let (_, scores) = decide(&world, &needs(Needs::default()), &Held::default());
    assert_eq!(score_of(&scores, 0).fragmentation, 0);
    let large = Needs { cpu_milli: 5_000, ..Needs::default() };
    let (winner, scores) = decide(&world, &needs(large), &Held::default());
    assert_eq!((winner, scores.len()), (1, 1), "who says nothing does not fit");
}
