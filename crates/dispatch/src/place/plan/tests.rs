//! How many leases a job gets, for whom, and what happens when there are too few.

use std::collections::BTreeSet;

use mira_core::amount::{Bps, Payment, Stake, UnitPrice};

use crate::config::Config;
use crate::effect::Effect;
use crate::place::limit::Limit;
use crate::record::{PlacementRecord, Purpose, Shortage};
use crate::testing::{World, facts, job_terms, label, offer, owner_key, proposals, provider_key};

fn shortage(outcome: &crate::effect::Outcome) -> Option<&Shortage> {
    outcome.effects.iter().find_map(|effect| match effect {
        Effect::NoCandidate { shortage, .. } => Some(shortage),
        _ => None,
    })
}

#[test]
fn one_owner_more_than_the_share_needs() {
    for (bps, providers, owners) in [(5_000, 5, 3), (10_000, 5, 2), (3_000, 6, 5), (5_000, 2, 2)] {
        let mut world = World::with_providers(providers);
        let terms = crate::input::Place { max_share: Bps::new(bps).expect("bps"), ..job_terms(1) };
        let outcome = world.place(&terms);
        let chosen: BTreeSet<_> = proposals(&outcome).iter().map(|proposal| proposal.owner).collect();
        assert_eq!(chosen.len(), owners, "{bps} bps among {providers}");
        assert_eq!(outcome.records.len(), owners);
        let sum: u64 = proposals(&outcome).iter().map(|proposal| proposal.cap.get()).sum();
        assert!(sum <= terms.free.get());
        let cap = terms.funded.get() * u64::from(bps) / 10_000;
        assert!(proposals(&outcome).iter().all(|proposal| proposal.cap.get() <= cap));
    }
}

#[test]
fn more_leases_for_more_shards() {
    let mut terms = job_terms(1);
    terms.shards = (0..100).map(|_| terms.shards[0]).collect();
    (terms.funded, terms.free) = (Payment::new(40_000), Payment::new(40_000));
    let mut world = World::with_providers(10);
    // ⌈100 / 16⌉
    assert_eq!(proposals(&world.place(&terms)).len(), 7);
}

#[test]
fn leases_cover_the_work_with_headroom() {
    let mut world = World::with_providers(5);
    let outcome = world.place(&job_terms(1));
    // 20 shards with 25 % headroom over 3 leases: 9 shards each, at half a base unit a unit.
    assert!(proposals(&outcome).iter().all(|proposal| proposal.cap == Payment::new(450)));
    assert!(proposals(&outcome).iter().all(|proposal| proposal.unit_price == UnitPrice::new(500_000)));
}

#[test]
fn a_tight_escrow_is_shared_out_evenly() {
    let mut world = World::with_providers(3);
    let mut terms = job_terms(1);
    // The work costs 1,000; there is no headroom but for rounding up.
    (terms.funded, terms.free) = (Payment::new(1_050), Payment::new(1_050));
    let outcome = world.place(&terms);
    assert_eq!(proposals(&outcome).iter().map(|proposal| proposal.cap.get()).collect::<Vec<_>>(), vec![350; 3]);
}

#[test]
fn too_little_escrow_is_said() {
    let mut world = World::with_providers(3);
    let mut terms = job_terms(1);
    (terms.funded, terms.free) = (Payment::new(900), Payment::new(900));
    let outcome = world.place(&terms);
    assert!(proposals(&outcome).is_empty());
    let shortage = shortage(&outcome).expect("shortage");
    assert!(shortage.by_limit().any(|(limit, count)| limit == Limit::EscrowLeft && count == 3));
    assert_eq!(outcome.records[0].winner, None);
}

#[test]
fn too_few_owners_get_nothing() {
    let mut world = World::new(Config::default());
    // Three providers of one owner.
    for id in 0..3 {
        world.join(crate::input::ProviderFacts { owner: owner_key(9), ..facts(id) }, offer(id));
    }
    let outcome = world.place(&job_terms(1));
    assert!(proposals(&outcome).is_empty());
    let first = shortage(&outcome).expect("shortage").clone();
    assert_eq!((first.considered, first.owners_feasible, first.owners_needed), (3, 1, 2));
    // One more owner, and the job is placed without being asked again.
    world.join(facts(7), offer(7));
    let job = &world.engine.jobs[&job_terms(1).job];
    assert_eq!(job.proposals.len(), 2);
    assert!(job.shortage.is_none());
}

#[test]
fn the_same_shortage_is_recorded_once() {
    let mut world = World::with_providers(1);
    let terms = job_terms(1);
    assert_eq!(world.place(&terms).records.len(), 1);
    let again = world.feed(crate::input::Event::Offer(offer(0)));
    assert!(again.records.is_empty() && shortage(&again).is_none());
    // Asked for explicitly, the reason is given again.
    assert!(shortage(&world.place(&terms)).is_some());
}

#[test]
fn the_cheapest_wins_and_dear_ones_are_rejected() {
    let mut world = World::new(Config::default());
    for (id, price) in [(0, 900_000), (1, 100_000), (2, 400_000), (3, 1_000_001)] {
        world.join(facts(id), crate::input::Offer { unit_price: UnitPrice::new(price), ..offer(id) });
    }
    let outcome = world.place(&job_terms(1));
    let order: Vec<_> = proposals(&outcome).iter().map(|proposal| proposal.provider).collect();
    assert_eq!(order, vec![provider_key(1), provider_key(2), provider_key(0)]);
    let record = &outcome.records[0];
    assert_eq!(record.winner, Some(provider_key(1)));
    assert_eq!(record.runner_up, Some(provider_key(2)));
    assert_eq!(record.rejected[Limit::PriceCap.index()], 1);
    assert_eq!(record.purpose, Purpose::Initial);
}

#[test]
fn cached_data_and_distance_decide_between_equals() {
    let mut world = World::new(Config::default());
    let terms = job_terms(1);
    let holds = terms.shards.iter().map(|shard| shard.input).collect();
    world.join(facts(0), offer(0));
    world.join(facts(1), crate::input::Offer { cached: holds, ..offer(1) });
    world.join(facts(2), crate::input::Offer { region: label("ap"), ..offer(2) });
    let outcome = world.place(&terms);
    let order: Vec<_> = proposals(&outcome).iter().map(|proposal| proposal.provider).collect();
    assert_eq!(order, vec![provider_key(1), provider_key(0), provider_key(2)]);
}

fn records(seed: u8, job: u8, order: &[u8]) -> Vec<PlacementRecord> {
    let mut world = World::new(Config { seed: [seed; 32], ..Config::default() });
    for id in order {
        world.join(facts(*id), offer(*id));
        world.pass(137);
    }
    world.place(&crate::input::Place { spec_hash: [5; 32], ..job_terms(job) }).records
}

#[test]
fn records_depend_on_the_seed_only() {
    let first = records(1, 1, &[0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(first, records(1, 2, &[6, 5, 0, 1, 4, 3, 2]), "neither the job's address nor the order of arrival");
    assert_ne!(first, records(2, 1, &[0, 1, 2, 3, 4, 5, 6]));
    let winners = |seed| records(seed, 1, &[0, 1, 2, 3, 4, 5, 6]).iter().map(|r| r.winner).collect::<Vec<_>>();
    assert!((2..20).any(|seed| winners(seed) != winners(1)), "the draw decides between equals");
}

#[test]
fn a_lost_lease_is_replaced_when_the_others_cannot_do_its_work() {
    let terms = job_terms(1);
    let mut world = World::running(5, &terms);
    let lost = world.engine.leases.values().next().expect("lease").provider[1];
    // Three leases of 9 shards for 20: without one, 2 shards are not covered.
    for _ in 0..2 {
        world.pass(3_500);
        (0..5).filter(|id| *id != lost).for_each(|id| drop(world.beat(id)));
    }
    let outcome = world.outcomes.last().cloned().expect("outcome");
    let all: Vec<_> = world.outcomes.iter().flat_map(|outcome| &outcome.records).collect();
    assert_eq!(all.last().map(|record| record.purpose), Some(Purpose::Replacement), "{outcome:?}");
    let job = &world.engine.jobs[&terms.job];
    let proposal = &job.proposals.values().next().expect("replacement").proposal;
    assert_ne!(proposal.provider, provider_key(lost));
    assert_eq!(proposal.cap, Payment::new(150), "2 shards with headroom");
}

#[test]
fn a_proposal_left_lying_goes_to_another() {
    let mut world = World::with(Config { proposal_ttl_ms: 20_000, ..Config::default() }, 4);
    let terms = job_terms(1);
    let first = proposals(&world.place(&terms))[0].provider;
    for _ in 0..21 {
        world.pass(1_000);
        (0..4).for_each(|id| drop(world.beat(id)));
    }
    let job = &world.engine.jobs[&terms.job];
    assert!(job.declined.contains(&first));
    assert!(job.proposals.values().all(|pending| pending.proposal.provider != first));
    assert_eq!(job.proposals.len(), 3);
    assert_eq!(world.engine.providers[&first].pending_exposure, Stake::ZERO);
}

#[test]
fn a_lease_limit_is_said() {
    let mut world = World::with_providers(4);
    let terms = crate::input::Place { open_leases: 7, ..job_terms(1) };
    let outcome = world.place(&terms);
    assert_eq!(shortage(&outcome).map(|shortage| shortage.leases_left), Some(1));
    assert!(proposals(&outcome).is_empty());
}
