//! The simulator against closed forms, and its conservation laws.

use super::*;
use crate::interactive::fault::Fault;
use crate::interactive::model::Model;
use crate::interactive::policy::{Ask, Kind, View};
use crate::interactive::speed::Speed;
use crate::interactive::world::{Call, Provider, Traces};
use crate::rng::Rng;
use crate::trace::synthetic;

/// Mean service of [`queues`]. Microseconds.
const SERVICE_US: f64 = 1e6;

/// Poisson arrivals, exponential service, no distance: what queueing theory has closed forms for.
fn queues(providers: usize, slots: u32, load: f64, calls: usize, seed: u64) -> World {
    let mut rng = Rng::new(seed, 0);
    let provider = |owner| Provider { owner, slots, price: 1, region: 0, speed: Speed::steady() };
    let gap_us = SERVICE_US / (load * providers as f64 * f64::from(slots));
    let mut at_us = 0.0;
    #[expect(clippy::cast_possible_truncation, reason = "microseconds of a run")]
    let draw = |_| {
        at_us += rng.exponential(gap_us);
        Call { at_us: at_us as u64, front: 0, prefill_us: rng.exponential(SERVICE_US) as u64, decode_us: 0 }
    };
    let calls = (0..calls).map(draw).collect();
    let rtt_us = vec![vec![0; providers]];
    World {
        model: Model { providers, slots, ..Model::default() },
        seed,
        providers: (0..providers).map(provider).collect(),
        calls,
        known_rtt_us: rtt_us.clone(),
        rtt_us,
    }
}

/// The mean time from arrival to end, warm-up left out, in mean services.
fn mean_sojourn(world: &World, kind: Kind) -> f64 {
    let outcome = run(world, kind.build(world).as_mut(), &[]);
    let served = &outcome.served[world.measured_from()..];
    served.iter().map(|one| one.ttft_us.unwrap() as f64).sum::<f64>() / served.len() as f64 / SERVICE_US
}

#[test]
fn one_queue_waits_as_m_m_c_with_all_slots_does() {
    // 20 providers with four slots, no distance: an M/M/80.
    let (slots, load) = (80, 0.95);
    let busy = load * f64::from(slots);
    let theory = 1.0 + erlang_c(slots, busy) / (f64::from(slots) - busy);
    let found = mean_sojourn(&queues(20, 4, load, 400_000, 17), Kind::OneQueue);
    assert!((found / theory - 1.0).abs() < 0.04, "{found} instead of {theory}");
}

/// Erlang's C by his recurrence: the chance to wait with `slots` and an offered load of `busy`.
fn erlang_c(slots: u32, busy: f64) -> f64 {
    let blocked = (1..=slots).fold(1.0, |blocked, slot| busy * blocked / (f64::from(slot) + busy * blocked));
    blocked / (1.0 - busy / f64::from(slots) * (1.0 - blocked))
}

#[test]
fn the_recurrence_is_erlangs_sum() {
    // One server: the load. Two at an offered load of one: a third.
    assert!((erlang_c(1, 0.7) - 0.7).abs() < 1e-12 && (erlang_c(2, 1.0) - 1.0 / 3.0).abs() < 1e-12);
    let busy: f64 = 6.4;
    let term = |count: u32| (1..=count).fold(1.0, |term, slot| term * busy / f64::from(slot));
    let waiting = term(8) * 8.0 / (8.0 - busy);
    let sum: f64 = (0..8).map(term).sum();
    assert!((erlang_c(8, busy) - waiting / (sum + waiting)).abs() < 1e-12);
}

#[test]
fn random_waits_as_m_m_c_does() {
    // Poisson arrivals split by chance are Poisson: each provider is an M/M/8.
    let (slots, load) = (8, 0.8);
    let busy = load * f64::from(slots);
    let theory = 1.0 + erlang_c(slots, busy) / (f64::from(slots) - busy);
    let found = mean_sojourn(&queues(20, slots, load, 400_000, 3), Kind::Random);
    assert!((found / theory - 1.0).abs() < 0.04, "{found} instead of {theory}");
}

#[test]
fn two_choices_wait_as_mitzenmacher_has_it() {
    // Many queues of one server: the mean time is the sum of load^(2^i − 2) for i from 1.
    let load: f64 = 0.9;
    let theory: f64 = (1..12).map(|step| load.powi((1 << step) - 2)).sum();
    let found = mean_sojourn(&queues(500, 1, load, 400_000, 5), Kind::PowerOfTwo);
    assert!((found / theory - 1.0).abs() < 0.04, "{found} instead of {theory}");
}

#[test]
fn the_shortest_queue_of_all_is_a_lower_bound_and_one_big_queue_a_lower_one() {
    let world = queues(20, 8, 0.8, 200_000, 7);
    let [random, two, least] =
        [Kind::Random, Kind::PowerOfTwo, Kind::LeastInFlight].map(|kind| mean_sojourn(&world, kind));
    let one_queue = 1.0 + erlang_c(160, 128.0) / (160.0 - 128.0);
    assert!(one_queue * 0.98 < least && least < two && two < random, "{one_queue} {least} {two} {random}");
}

#[test]
fn the_fullest_of_many_is_as_full_as_balls_in_bins() {
    let bins = 100_000;
    let open: Vec<usize> = (0..bins).collect();
    let fullest = |kind: Kind| {
        let mut policy = kind.build(&queues(1, 1, 0.5, 1, 11));
        let mut in_flight = vec![0; bins];
        for attempt in 0..bins {
            let view = View { now_us: 0, open: &open, in_flight: &in_flight, slots: &[], price: &[] };
            let chosen = policy.route(&view, &Ask { call: attempt, front: 0, at_us: 0, attempt });
            in_flight[chosen] += 1;
        }
        in_flight.into_iter().max().unwrap()
    };
    // ln n / ln ln n ∙ (1 + o(1)) = 4.7 and more for one choice; ln ln n / ln 2 + O(1) = 3.5 + O(1) for two.
    assert!((6..=11).contains(&fullest(Kind::Random)));
    assert!((3..=5).contains(&fullest(Kind::PowerOfTwo)));
}

fn network(seed: u64) -> World {
    let traces = Traces { requests: synthetic::requests(2, 5_000), rtt: synthetic::rtt(2, 60) };
    let model = Model { providers: 60, owners: 20, fronts: 4, requests: 4_000, ..Model::default() };
    World::draw(&model, &traces, 0.8, seed)
}

fn trouble(world: &World) -> Vec<Fault> {
    let end_us = world.calls.last().unwrap().at_us;
    let some: Vec<usize> = (0..world.providers.len()).step_by(5).collect();
    vec![
        Fault { at_us: end_us / 3, what: What::Down(some.clone()) },
        Fault { at_us: end_us / 2, what: What::Price(vec![(1, 9_000_000)]) },
        Fault { at_us: end_us / 2 + 1, what: What::Report(2, 0) },
        Fault { at_us: end_us * 2 / 3, what: What::Up(some) },
    ]
}

#[test]
fn nothing_is_lost_and_nothing_is_done_twice() {
    let world = network(1);
    for kind in Kind::COMPARED {
        for faults in [Vec::new(), trouble(&world)] {
            let outcome = run(&world, kind.build(&world).as_mut(), &faults);
            let ended = outcome.finished + outcome.cancelled + outcome.lost;
            assert_eq!((outcome.left_over, outcome.over_capacity, outcome.attempts), (0, 0, ended), "{kind:?}");
            assert!(outcome.served.iter().all(|served| served.ttft_us.is_some()), "{kind:?}");
            assert_eq!(outcome.attempts, world.calls.len() as u64 + outcome.hedges + outcome.resent, "{kind:?}");
            assert!(faults.is_empty() || outcome.lost > 0, "{kind:?}");
        }
    }
}

#[test]
fn slot_time_is_the_work_where_nobody_is_slow() {
    let world = queues(20, 8, 0.9, 20_000, 13);
    let outcome = run(&world, Kind::LeastInFlight.build(&world).as_mut(), &[]);
    let work_us: u64 = world.calls.iter().map(Call::work_us).sum();
    assert_eq!((outcome.busy_us, outcome.wasted_us), (work_us, 0));
    assert_eq!(outcome.paid.iter().sum::<f64>(), work_us as f64);
}

#[test]
fn no_answer_is_faster_than_the_wire_and_the_work() {
    let world = network(2);
    let outcome = run(&world, Kind::Ours.build(&world).as_mut(), &[]);
    for (call, served) in world.calls.iter().zip(&outcome.served) {
        let rtt_us = u64::from(world.rtt_us[call.front][served.provider] / 2) * 2;
        assert!(served.ttft_us.unwrap() >= rtt_us + call.prefill_us);
    }
    let bound = run(&world.ideal(), Kind::Bound.build(&world).as_mut(), &[]);
    let faster = outcome.served.iter().zip(&bound.served).filter(|(ours, bound)| ours.ttft_us < bound.ttft_us);
    assert_eq!(faster.count(), 0);
}

#[test]
fn who_is_down_serves_nothing_and_comes_back() {
    let world = network(3);
    let faults = trouble(&world);
    let (down_us, up_us) = (faults[0].at_us, faults[3].at_us);
    for kind in [Kind::LeastInFlight, Kind::Ours] {
        let outcome = run(&world, kind.build(&world).as_mut(), &faults);
        // A request that came in before may have been answered, and one that came in late may wait until after.
        let served = |from_us: u64, to_us: u64| {
            outcome
                .served
                .iter()
                .filter(move |one| one.provider % 5 == 0 && (from_us..to_us).contains(&one.at_us))
                .count()
        };
        let late = |one: &&crate::interactive::outcome::Served| one.at_us + one.ttft_us.unwrap() > up_us;
        let during = outcome.served.iter().filter(|one| one.provider % 5 == 0 && (down_us..up_us).contains(&one.at_us));
        assert_eq!(during.filter(|one| !late(one)).count(), 0, "{kind:?}");
        assert!(served(0, down_us) > 0 && served(up_us, u64::MAX) > 0, "{kind:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    for kind in Kind::COMPARED {
        let outcome = |seed| {
            let world = network(seed);
            run(&world, kind.build(&world).as_mut(), &trouble(&world))
        };
        assert_eq!(outcome(4), outcome(4), "{kind:?}");
        assert_ne!(outcome(4), outcome(5), "{kind:?}");
    }
}
