//! What proposals and leases hold of a machine, from their beginning to their end.

use super::*;
use crate::effect::{Effect, Outcome};
use crate::input::{Event, JobFacts, Offer, Place};
use crate::place::limit::Limit;
use crate::testing::{World, facts, job_terms, offer, proposals};

fn part(gpu_milli: u16) -> Needs {
    Needs { cpu_milli: 1_000, memory_mib: 10, gpus: 1, gpu_milli, models: vec![] }
}

#[test]
fn parts_share_a_gpu_and_come_back() {
    let machine = Machine { cpu_milli: 4_000, memory_mib: 100, gpus: 2, model: None };
    let mut holds = Holds::default();
    let lease = |id| Holder::Lease([id; 32]);
    holds.take(Some(&machine), lease(1), &part(600));
    holds.take(Some(&machine), Holder::Proposal([9; 32], 1), &part(500));
    holds.take(Some(&machine), lease(3), &part(400));
    let free = holds.free(&machine);
    assert_eq!((free.cpu_milli, free.memory_mib, free.gpus), (1_000, 70, vec![0, 500]));
    holds.release(lease(1));
    assert_eq!(holds.free(&machine).gpus, [600, 500]);
    holds.release(Holder::Proposal([9; 32], 1));
    holds.release(lease(3));
    assert_eq!(holds.free(&machine), Free::of(&machine));
}

#[test]
fn a_job_that_needs_nothing_holds_nothing() {
    let mut holds = Holds::default();
    holds.take(None, Holder::Lease([1; 32]), &Needs::default());
    assert_eq!(holds, Holds::default());
}

#[test]
fn a_promise_outlives_the_machine_it_was_made_for() {
    let mut holds = Holds::default();
    holds.take(None, Holder::Lease([1; 32]), &Needs { cpu_milli: 8_000, ..Needs::default() });
    let machine = Machine { cpu_milli: 4_000, memory_mib: 100, gpus: 0, model: None };
    assert_eq!(holds.free(&machine).cpu_milli, 0);
}

/// Two providers with a GPU each, and two jobs that need six tenths of one.
fn world() -> (World, Place, Place) {
    let mut world = World::with_providers(0);
    for id in 0..2 {
        let machine = Machine { cpu_milli: 8_000, memory_mib: 100, gpus: 1, model: None };
        world.join(facts(id), Offer { machine: Some(machine), ..offer(id) });
    }
    let job = |id| {
        let mut terms = job_terms(id);
        terms.service.needs = part(600);
        terms
    };
    (world, job(1), job(2))
}

fn left(world: &World) -> Vec<u16> {
    world.engine.providers.values().flat_map(|provider| provider.free().expect("a machine").gpus).collect()
}

fn without_room(outcome: &Outcome) -> u32 {
    let shortage = outcome.effects.iter().find_map(|effect| match effect {
        Effect::NoCandidate { shortage, .. } => Some(shortage.rejected[Limit::ResourceFit.index()]),
        _ => None,
    });
    shortage.unwrap_or_default()
}

#[test]
fn a_job_gets_the_room_that_another_ones_leases_give_back() {
    let (mut world, first, second) = world();
    assert_eq!(proposals(&world.place(&first)).len(), 2);
    assert_eq!(left(&world), [400, 400], "proposals hold it");
    assert_eq!(without_room(&world.place(&second)), 2);
    world.open_all(&first.job);
    assert_eq!(left(&world), [400, 400], "their leases hold it once");
    let leases: Vec<_> = world.engine.leases.keys().copied().collect();
    world.sync(&first.job, false);
    assert_eq!(left(&world), [1_000, 1_000], "nothing runs under the leases of a job that ended");
    for lease in &leases {
        world.close_lease(lease);
    }
    assert_eq!(left(&world), [1_000, 1_000], "given back once");
    assert_eq!(proposals(&world.feed(Event::Provider(facts(0)))).len(), 2);
    assert_eq!(left(&world), [400, 400]);
}

#[test]
fn a_lease_that_ends_and_a_proposal_that_is_withdrawn_give_back() {
    let (mut world, first, second) = world();
    world.place(&first);
    let paused = world.facts_of(&first.job);
    world.feed(Event::Job(JobFacts { leasable: false, ..paused }));
    assert_eq!(left(&world), [1_000, 1_000]);
    world.place(&second);
    world.open_all(&second.job);
    let mut facts = world.facts_of(&second.job);
    facts.leases[0].open = false;
    // Paused, so that nothing takes its place.
    world.feed(Event::Job(JobFacts { leasable: false, ..facts }));
    let mut left = left(&world);
    left.sort_unstable();
    assert_eq!(left, [400, 1_000]);
}

#[test]
fn what_a_slot_strands_is_measured_against_the_jobs_under_way() {
    let (mut world, first, _) = world();
    let provider = world.engine.providers.values().next().expect("a provider").clone();
    let empty = provider.free().expect("a machine");
    assert!(
        world.engine.waste.rise(&empty, &first.service.needs).is_some_and(|rise| rise < 0),
        "nobody needs the rest"
    );
    world.place(&first);
    // An idle GPU ends as 400 that such jobs cannot use, and the wait for one costs a little.
    let rise = |needs: &Needs| world.engine.waste.rise(&empty, needs).map(|rise| rise.max(0));
    assert_eq!(rise(&first.service.needs), Some(0), "an idle GPU ends the same way");
    assert_eq!(rise(&part(500)), Some(500_000 - 400_300));
    world.sync(&first.job, false);
    assert_eq!(world.engine.waste.rise(&empty, &part(500)), Some(-500_000));
}
