//! When epochs close, what they hold, and that each follows from the one before. The oracle for roots is
//! `mira_core::merkle` over all leaves at once.

use mira_core::hash::Sha2;
use mira_core::merkle;

use super::*;
use crate::effect::route::{Endpoint, HedgedTo};
use crate::input::Event;
use crate::testing::{World, job_terms};

fn config() -> Config {
    Config { epoch_ms: 1_000, epoch_records: 4, ..Config::default() }
}

fn closed(outcome: &Outcome) -> Option<EpochClosed> {
    outcome.effects.iter().find_map(|effect| match effect {
        Effect::EpochClosed(closed) => Some(*closed),
        _ => None,
    })
}

#[test]
fn an_epoch_without_a_decision_never_ends() {
    let mut world = World::with(config(), 3);
    assert_eq!(world.engine.book.due_ms(&config()), None);
    world.pass(1_000_000);
    assert_eq!(closed(&world.tick()), None);
    assert_eq!(world.engine.book.in_force().0, 1);
}

#[test]
fn an_epoch_ends_in_time_and_has_all_that_was_decided() {
    let mut world = World::with(config(), 3);
    let placed = world.place(&job_terms(1));
    assert_eq!(placed.records.len(), 3);
    let due_ms = world.now_ms + 1_000;
    assert!(world.engine.next_due_ms().is_some_and(|next_ms| next_ms <= due_ms));
    world.pass(999);
    assert_eq!(closed(&world.tick()), None);
    world.pass(1);
    let closed = closed(&world.tick()).expect("an end");

    // Start, three providers with an offer each, the job, and the tick before.
    assert_eq!((closed.number, closed.first, closed.last, closed.closed_ms), (1, 1, 9, due_ms));
    assert_eq!((closed.hash, closed.routes), (epoch_hash(&[0; 32], 1), Tree::default()));
    let mut records = placed.records.clone();
    assert!(records.iter().all(|record| (record.epoch, record.epoch_hash) == (1, closed.hash)));
    records.sort_by_key(|record| record.id);
    let leaves: Vec<Hash> =
        records.iter().map(|record| leaf(Kind::Placement, &record.to_bytes().expect("bytes"))).collect();
    assert_eq!(closed.placements, Tree { root: merkle::root::<Sha2>(&leaves), count: 3 });
    assert_eq!(world.engine.book.in_force(), (2, epoch_hash(&closed.root(), 2)));
}

#[test]
fn a_full_epoch_ends_with_the_next_input() {
    let mut world = World::with(config(), 3);
    world.place(&job_terms(1));
    let second = world.place(&job_terms(2));
    assert!(second.records.iter().all(|record| record.epoch == 1), "an input belongs to one epoch");
    assert!(world.engine.next_due_ms().is_some_and(|next_ms| next_ms <= world.now_ms));
    let third = world.place(&job_terms(3));
    let closed = closed(&third).expect("an end");
    assert_eq!((closed.placements.count, closed.last), (6, 9));
    assert!(third.records.iter().all(|record| (record.epoch, record.epoch_hash) == (2, closed.next_hash())));
}

#[test]
fn another_history_draws_otherwise() {
    let decided = |first: u8| {
        let mut world = World::with(config(), 9);
        world.place(&job_terms(first));
        world.pass(1_000);
        world.tick();
        let placed = world.place(&job_terms(7));
        placed.records[0].candidates.iter().map(|candidate| candidate.provider).collect::<Vec<_>>()
    };
    assert_eq!(decided(1), decided(1));
    assert_ne!(decided(1), decided(2), "draws derive from the decisions of the epoch before");
}

#[test]
fn routes_are_leaves_in_order() {
    let mut book = Book::default();
    let routed = |counter: u64| {
        let record = crate::route::RouteRecord { counter, ..Default::default() };
        Effect::Hedged(Box::new(HedgedTo {
            route: record.route,
            target: Endpoint { provider: [1; 32], lease: [2; 32] },
            record,
        }))
    };
    let mut leaves = Vec::new();
    for counter in 0..5 {
        let outcome = Outcome { effects: vec![routed(counter)], records: Vec::new() };
        book.end(7, &outcome);
        leaves.extend(outcome.routes().map(|record| leaf(Kind::Route, &borsh::to_vec(record).expect("bytes"))));
    }
    assert_eq!((book.next_route(), book.due_ms(&config())), (5, Some(7)));
    let closed = book.close(8);
    assert_eq!(closed.routes, Tree { root: merkle::root::<Sha2>(&leaves), count: 5 });
    assert_eq!((closed.first_route, book.next_route()), (0, 5));
    book.end(9, &Outcome { effects: vec![routed(0)], records: Vec::new() });
    assert_eq!(book.next_route(), 6);
}

#[test]
fn a_new_engine_goes_on_from_the_epoch_before() {
    let after = Anchor { number: 4, root: [8; 32], inputs: 70, routes: 9 };
    let mut world = World::with(Config { after, ..config() }, 3);
    assert_eq!(world.engine.epoch(), (5, epoch_hash(&[8; 32], 5)));
    world.place(&job_terms(1));
    world.feed(Event::Start(Config { after: Anchor::default(), ..config() }));
    assert_eq!(world.engine.epoch().0, 5, "only the first input says so");
    world.pass(1_000);
    let closed = closed(&world.tick()).expect("an end");
    assert_eq!((closed.number, closed.first, closed.last, closed.first_route), (5, 71, 79, 9));
}

#[test]
fn a_restart_closes_what_is_due() {
    let mut world = World::with(config(), 3);
    world.place(&job_terms(1));
    world.pass(5_000);
    assert!(closed(&world.feed(Event::Start(config()))).is_some());
}
