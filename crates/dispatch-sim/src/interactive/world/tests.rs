//! What is drawn is what was asked for.

use super::*;
use crate::trace::synthetic;

fn world(load: f64) -> World {
    let traces = Traces { requests: synthetic::requests(1, 5_000), rtt: synthetic::rtt(1, 60) };
    World::draw(&Model { requests: 12_500, ..Model::default() }, &traces, load, 7)
}

#[test]
fn the_offered_work_is_the_load() {
    for load in [0.7, 0.95] {
        let world = world(load);
        let work_us: u64 = world.calls.iter().map(Call::work_us).sum();
        let span_us = world.calls.last().unwrap().at_us;
        let offered = work_us as f64 / (span_us as f64 * world.slots() as f64);
        // Two and a half laps: how the trace swings inside a lap is left.
        assert!((offered / load - 1.0).abs() < 0.05, "{offered} instead of {load}");
        assert!(world.calls.is_sorted_by_key(|call| call.at_us));
    }
}

#[test]
fn owners_share_the_slots_and_the_largest_is_the_first() {
    let shares = world(0.7).capacity_shares();
    assert_eq!(shares.len(), 100);
    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    assert!(shares.iter().all(|share| *share <= shares[0] && *share > 0.0));
    // 1 / (Σ n^−0.8 to 100) = 0.123.
    assert!((shares[0] - 0.123).abs() < 0.005, "{}", shares[0]);
}

#[test]
fn the_cheapest_slots_are_filled_first() {
    let mut world = world(0.7);
    world.providers.truncate(4);
    for (provider, price) in world.providers.iter_mut().zip([4, 1, 2, 3]) {
        provider.price = price;
    }
    assert!((world.cheapest_price(0.5) - 1.5).abs() < 1e-9);
    assert!((world.cheapest_price(0.75) - 2.0).abs() < 1e-9);
    assert!((world.cheapest_price(1.0) - 2.5).abs() < 1e-9);
}
