//! Pipelines: order, numbering, locality, and that locality stalls nobody.

use std::collections::BTreeMap;

use mira_core::amount::{Bps, Payment};
use mira_core::{Hash, Key};

use crate::config::Config;
use crate::effect::{Assignment, Effect};
use crate::input::{Claim, Event, Fault, Heartbeat, Offer, Place, Pull};
use crate::testing::{World, facts, key, label, offer, pipeline_terms, provider_key};

/// A world whose leases each cover all the work of a pipeline.
fn world(config: Config, providers: u8, terms: &Place) -> World {
    let mut world = World::with(Config { headroom_percent: 1_000, shards_per_lease: 1, ..config }, providers);
    let terms = Place { funded: Payment::new(1_000_000), free: Payment::new(1_000_000), ..terms.clone() };
    world.place(&terms);
    world.open_all(&terms.job);
    world
}

/// What `World::done` delivers for a shard.
fn output(shard: u32) -> Hash {
    let mut output = key(9, 0);
    output[2..6].copy_from_slice(&shard.to_le_bytes());
    output
}

fn has_work(world: &World, id: u8) -> bool {
    world.engine.has_work(&Pull { provider: provider_key(id), leases: Vec::new() }, world.now_ms)
}

#[test]
fn each_stage_runs_its_module_over_the_outputs_of_the_one_before() {
    let terms = pipeline_terms(2, 2);
    let mut world = world(Config::default(), 3, &terms);
    let mut seen = BTreeMap::new();
    while let Some(Assignment { claim, module, input, .. }) = world.pull(0) {
        seen.insert(claim.shard, (module, input));
        world.done(claim, 90);
    }
    let stage = |stage: u8| key(11, stage);
    let expected = BTreeMap::from([
        (0, (terms.module, terms.shards[0].input)),
        (1, (terms.module, terms.shards[1].input)),
        (2, (stage(0), output(0))),
        (3, (stage(0), output(1))),
        (4, (stage(1), output(2))),
        (5, (stage(1), output(3))),
    ]);
    assert_eq!(seen, expected);
    let job = &world.engine.jobs[&terms.job];
    assert_eq!((job.total(), job.tally.done, job.as_str()), (6, 6, "complete"));
}

#[test]
fn a_later_stage_does_not_wait_for_the_whole_stage_before() {
    let terms = pipeline_terms(4, 1);
    let mut world = world(Config::default(), 3, &terms);
    let slow = world.pull(0).expect("work").claim;
    let claim = world.pull(1).expect("work").claim;
    world.done(claim, 90);
    let next = world.pull(1).expect("work").claim;
    assert_eq!((claim.shard, next.shard), (1, 5), "before inputs 2 and 3, and while 0 still runs");
    assert!(world.engine.jobs[&terms.job].running.contains(&slow.shard));
}

/// Three providers near each other and number 3 far away; number 0 has just done the first stage.
fn produced() -> World {
    let mut world = World::new(Config { headroom_percent: 1_000, ..Config::default() });
    (0..3).for_each(|id| world.join(facts(id), offer(id)));
    world.join(facts(3), Offer { region: label("us"), ..offer(3) });
    let (funds, share) = (Payment::new(1_000_000), Bps::new(2_500).expect("bps"));
    let terms = Place { funded: funds, free: funds, max_share: share, ..pipeline_terms(1, 1) };
    world.place(&terms);
    world.open_all(&terms.job);
    let claim = world.pull(0).expect("work").claim;
    world.done(claim, 90);
    world
}

#[test]
fn it_is_kept_for_who_produced_its_input_and_then_for_the_region() {
    let mut world = produced();
    let all_ms = world.engine.config.locality_wait_ms;
    assert!(has_work(&world, 0) && !has_work(&world, 1) && !has_work(&world, 3));
    world.pass(all_ms / 2 - 1);
    assert!(!has_work(&world, 1));
    world.pass(1);
    assert!(has_work(&world, 1) && !has_work(&world, 3), "near before far");
    world.pass(all_ms - all_ms / 2);
    assert!(has_work(&world, 3), "nobody waits longer");
}

#[test]
fn whoever_says_that_it_holds_the_input_does_not_wait() {
    let mut world = produced();
    assert!(!has_work(&world, 3));
    world.feed(Event::Heartbeat(Heartbeat { provider: provider_key(3), cached: Some(vec![output(0)]) }));
    assert!(has_work(&world, 3) && !has_work(&world, 1));
}

/// Two providers with a lease.
fn leased(world: &World, terms: &Place) -> (u8, u8) {
    let job = &world.engine.jobs[&terms.job];
    let ids: Vec<u8> = world.engine.leases_of(job).map(|(_, lease)| lease.provider[1]).collect();
    (ids[0], ids[1])
}

#[test]
fn nobody_waits_for_a_producer_that_is_gone() {
    let terms = pipeline_terms(1, 1);
    let mut world = world(Config::default(), 3, &terms);
    let (first, second) = leased(&world, &terms);
    let claim = world.pull(first).expect("work").claim;
    world.done(claim, 90);
    assert!(!has_work(&world, second));
    world.close_lease(&claim.lease);
    assert_eq!(world.pull(second).map(|assignment| assignment.claim.shard), Some(1));
}

#[test]
fn what_was_handed_on_has_waited_before() {
    let terms = pipeline_terms(1, 1);
    let mut world = world(Config::default(), 3, &terms);
    let (first, second) = leased(&world, &terms);
    let claim = world.pull(first).expect("work").claim;
    world.done(claim, 90);
    let claim = world.pull(first).expect("its own").claim;
    world.fail(claim, Fault::Undelivered);
    let again = world.pull(second).map(|assignment| assignment.claim);
    assert_eq!(again, Some(Claim { attempt: 2, ..other(&world, second, claim) }));
}

fn other(world: &World, id: u8, claim: Claim) -> Claim {
    let job = &world.engine.jobs[&claim.job];
    let (lease, _) = world.engine.leases_of(job).find(|(_, lease)| lease.provider == provider_key(id)).expect("lease");
    Claim { provider: provider_key(id), lease: *lease, ..claim }
}

#[test]
fn what_depends_on_a_shard_that_was_given_up_is_given_up() {
    let terms = pipeline_terms(2, 2);
    let mut world = world(Config { max_failures: 2, ..Config::default() }, 3, &terms);
    let mut ended = Vec::new();
    for id in [0, 1] {
        let claim = world.pull(id).filter(|assignment| assignment.claim.shard == 0).expect("the first input").claim;
        let outcome = world.fail(claim, Fault::Module);
        ended.extend(outcome.effects.into_iter().filter_map(|effect| match effect {
            Effect::GivenUp { shard, .. } => Some(shard),
            _ => None,
        }));
    }
    assert_eq!(ended, [0, 2, 4]);
    while let Some(assignment) = world.pull(2) {
        world.done(assignment.claim, 90);
    }
    let job = &world.engine.jobs[&terms.job];
    assert_eq!((job.tally.done, job.tally.failed, job.as_str()), (3, 3, "failed"));
    let note = job.shard(4).and_then(|shard| shard.note.clone()).expect("note");
    assert_eq!(note, "stage 0 of input 0 was given up, so this one has no input");
}

/// What came of a run in which everybody pulls whenever a slot is free.
struct Run {
    /// Later shards that ran where their input was produced, of all later shards.
    local: u32,
    later: u32,
    took_ms: u64,
}

/// Runs a pipeline on four providers of different speeds, in steps of 10 ms.
fn run(locality_wait_ms: u64, seed: u64) -> Run {
    let terms = pipeline_terms(20, 2);
    let mut world = world(Config { locality_wait_ms, ..Config::default() }, 4, &terms);
    let (began, mut random) = (world.now_ms, seed);
    let mut busy: Vec<(u64, Claim)> = Vec::new();
    let mut made: BTreeMap<Hash, Key> = BTreeMap::new();
    let mut run = Run { local: 0, later: 0, took_ms: 0 };
    while !world.engine.jobs[&terms.job].is_complete() {
        assert!(world.now_ms < began + 600_000, "it stalls");
        busy.sort_unstable();
        while let Some((_, claim)) = busy.first().copied().filter(|(ends_ms, _)| *ends_ms <= world.now_ms) {
            busy.remove(0);
            made.insert(output(claim.shard), claim.provider);
            world.done(claim, 90);
        }
        for id in 0..4 {
            world.beat(id);
            while has_work(&world, id) {
                let Some(assignment) = world.pull(id) else { break };
                if let Some(maker) = made.get(&assignment.input) {
                    run.later += 1;
                    run.local += u32::from(*maker == assignment.claim.provider);
                }
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let takes_ms = 100 + (random >> 33) % 400 + u64::from(id) * 50;
                busy.push((world.now_ms + takes_ms, assignment.claim));
            }
        }
        world.pass(10);
    }
    run.took_ms = world.now_ms - began;
    run
}

#[test]
fn most_later_shards_run_where_their_input_is_and_it_costs_no_more_than_the_wait() {
    for seed in 1..=10 {
        let (near, blind) = (run(1_000, seed), run(0, seed));
        assert!(near.later >= 40 && blind.later >= 40);
        // With four providers alike a blind choice hits one time in four.
        assert!(blind.local * 100 < blind.later * 50, "seed {seed}: {} of {} without", blind.local, blind.later);
        assert!(near.local * 100 >= near.later * 90, "seed {seed}: {} of {}", near.local, near.later);
        assert!(near.took_ms <= blind.took_ms + 2 * 1_000, "seed {seed}: {} against {}", near.took_ms, blind.took_ms);
    }
}
