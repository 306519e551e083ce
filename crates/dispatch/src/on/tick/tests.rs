//! What time alone brings about.

use crate::effect::{Effect, HandOverCause};
use crate::health::Cause;
use crate::testing::{World, job_terms, provider_key, without_prices};

fn running() -> (World, Vec<u8>) {
    let world = World::running(3, &job_terms(1));
    let leased = world.engine.leases.values().map(|lease| lease.provider[1]).collect();
    (world, leased)
}

#[test]
fn silence_suspends_at_once_and_hands_on() {
    let (mut world, leased) = running();
    let claim = world.pull(leased[0]).expect("work").claim;
    world.pass(3_000);
    [leased[1], leased[2]].iter().for_each(|id| drop(world.beat(*id)));
    world.pass(3_000);
    assert_eq!(without_prices(world.tick()), vec![], "exactly the timeout is still in time");
    world.pass(1);
    let effects = without_prices(world.tick());
    assert_eq!(effects[0], Effect::Suspend { provider: provider_key(leased[0]), cause: Cause::Silent });
    assert_eq!(effects[1], Effect::HandOver { claim, cause: HandOverCause::Suspended });
}

#[test]
fn a_provider_comes_back_through_a_probe() {
    let (mut world, leased) = running();
    let until = |world: &mut World, ms: u64| {
        for _ in 0..ms / 500 {
            world.pass(500);
            [leased[1], leased[2]].iter().for_each(|id| drop(world.beat(*id)));
        }
    };
    until(&mut world, 12_000);
    assert!(world.beat(leased[0]).effects.contains(&Effect::Probe { provider: provider_key(leased[0]) }));
    let claim = world.pull(leased[0]).expect("one shard").claim;
    assert_eq!(world.pull(leased[0]), None, "and only one");
    let effects = world.done(claim, 90).effects;
    assert!(effects.contains(&Effect::Restored { provider: provider_key(leased[0]) }));
    assert!(world.pull(leased[0]).is_some() && world.pull(leased[0]).is_some());
}

#[test]
fn an_attempt_that_takes_too_long_is_handed_on_and_the_second_one_suspends() {
    let (mut world, leased) = running();
    let first = world.pull(leased[0]).expect("work").claim;
    let mut seen = Vec::new();
    for _ in 0..60 {
        world.pass(1_000);
        for id in &leased {
            seen.extend(world.beat(*id).effects);
        }
        if seen.iter().any(|effect| matches!(effect, Effect::HandOver { .. }))
            && world.engine.providers[&provider_key(leased[0])].running.is_empty()
        {
            world.pull(leased[0]);
        }
    }
    let expired = seen.iter().filter(|effect| matches!(effect, Effect::HandOver { cause: HandOverCause::Expired, .. }));
    assert_eq!(expired.count(), 2);
    assert!(seen.contains(&Effect::HandOver { claim: first, cause: HandOverCause::Expired }));
    assert!(seen.contains(&Effect::Suspend { provider: provider_key(leased[0]), cause: Cause::Expired }));
}

#[test]
fn the_engine_says_when_something_falls_due() {
    let (mut world, _) = running();
    let due = world.engine.next_due_ms().expect("timers");
    assert!(due > world.now_ms);
    world.now_ms = due;
    world.tick();
    assert!(world.engine.next_due_ms().expect("timers") > due);
}
