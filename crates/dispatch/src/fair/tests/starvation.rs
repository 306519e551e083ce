//! A small requester beside a flood. The bound is that of the queueing discipline: all of the flood's
//! tags lie at most one shard past the clock when the small one comes, and a shard of the flood goes
//! before the small one's n-th only while its tag is not greater.

use crate::fair::tests::line::{Line, job};
use crate::fair::weight::RANGE;
use crate::testing::{START_MS, key};

/// Shards of the flood that start between the arrival of the small requester and the start of its last
/// shard, and how long it takes until all of them are done.
fn beside_a_flood(small_funded: u64, shards: usize) -> (usize, u64) {
    let mut line = Line::new(4);
    (0..3).for_each(|id| line.add(&job(id, 0, 1_200, 600_000)));
    line.run(START_MS + 30_000, &mut |_| 500, &|_| false);
    let (came_ms, before) = (line.world.now_ms, line.started.len());
    let small = job(9, 9, shards, small_funded);
    line.add(&small);
    line.run(START_MS + 3_600_000, &mut |_| 500, &|line| line.done_ms.contains_key(&small.job));
    let mine = |at: &usize| line.started[*at].requester == key(10, 9);
    let last = (before..line.started.len()).rfind(mine).expect("it was served");
    let ahead = (before..last).filter(|at| !mine(at)).count();
    println!("{ahead} of the flood before its last of {shards}, {} ms", line.done_ms[&small.job] - came_ms);
    (ahead, line.done_ms[&small.job] - came_ms)
}

#[test]
fn of_equal_weight_it_waits_for_as_many_as_it_has() {
    let (ahead, took_ms) = beside_a_flood(1_800_000, 70);
    assert!(ahead <= 69 + 2, "{ahead} shards of the flood went first");
    // 70 of its own and 71 others on 8 slots at half a second each, one shard in service, one to end.
    assert!(took_ms <= (70 + 71u64).div_ceil(8) * 500 + 1_000, "{took_ms} ms");
}

#[test]
fn of_the_least_weight_it_waits_for_the_range_times_as_many() {
    let (ahead, _) = beside_a_flood(12_000, 49);
    let range = usize::try_from(RANGE).expect("small");
    assert!(ahead <= 48 * range + 2, "{ahead} shards of the flood went first");
    assert!(ahead > 48, "it weighs less than the flood");
}

#[test]
fn a_flood_of_jobs_does_not_push_a_small_one_back_in_planning() {
    let mut line = Line::new(1);
    // Nobody can be given a lease: each needs two owners and there is one.
    for id in 0..40 {
        line.world.place(&job(id, 0, 20, 4_000));
    }
    line.world.place(&job(99, 9, 20, 4_000));
    let order = crate::fair::order::waiting(&line.world.engine);
    let small = order.iter().position(|job| *job == key(3, 99)).expect("it waits");
    assert_eq!(order.len(), 41);
    // Its 4,000 of 160,000 are the least weight but one: by weight, one of its jobs for every 40.
    assert!(small <= 40, "place {small}");
    let mut line = Line::new(1);
    for id in 0..40 {
        line.world.place(&job(id, 0, 20, 100));
    }
    line.world.place(&job(99, 9, 20, 4_000));
    let order = crate::fair::order::waiting(&line.world.engine);
    let small = order.iter().position(|job| *job == key(3, 99)).expect("it waits");
    assert!(small <= 1, "place {small}: both weigh the same");
}
