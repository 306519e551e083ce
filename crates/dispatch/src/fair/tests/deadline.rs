//! One requester's jobs meet their deadlines whenever the slots suffice with a little to spare.

use crate::fair::tests::line::{Line, Numbers, job};
use crate::testing::START_MS;

const SHARD_MS: u64 = 1_000;
const LIMIT_MS: u64 = 2_000;
const SLOTS: u64 = 6;

/// Random jobs, of which the oracle says that they can all be done: in the order of deadlines, the
/// work up to each deadline fits on all slots before it, by a sixth and one shard to spare. A shard
/// must start its time limit before the deadline.
fn feasible(seed: u64) -> Vec<(usize, u64)> {
    let mut numbers = Numbers(seed);
    let mut jobs: Vec<(usize, u64)> = Vec::new();
    let (mut work_ms, mut deadline_ms) = (0, 0);
    for _ in 0..6 {
        let shards = 48 + numbers.below(60);
        work_ms += shards * SHARD_MS;
        let least_ms = work_ms * 7 / 6 / SLOTS + SHARD_MS + LIMIT_MS;
        deadline_ms = least_ms.max(deadline_ms + numbers.below(8_000)).div_ceil(1_000) * 1_000;
        jobs.push((usize::try_from(shards).expect("small"), deadline_ms));
    }
    // They arrive in any order.
    for at in (1..jobs.len()).rev() {
        jobs.swap(at, usize::try_from(numbers.below(at as u64 + 1)).expect("small"));
    }
    jobs
}

#[test]
fn feasible_deadlines_are_met() {
    for seed in 0..20u64 {
        println!("seed {seed}");
        let jobs = feasible(seed);
        let mut line = Line::new(3);
        let mut all = Vec::new();
        for (id, (shards, deadline_ms)) in (0u8..).zip(&jobs) {
            let mut terms = job(id, 0, *shards, 100_000);
            terms.time_limit_ms = LIMIT_MS;
            terms.deadline = i64::try_from((START_MS + deadline_ms) / 1_000).expect("time");
            line.add(&terms);
            all.push((terms.job, START_MS + deadline_ms));
        }
        line.run(START_MS + 600_000, &mut |_| SHARD_MS, &|line| line.done_ms.len() == jobs.len());
        for (job, deadline_ms) in all {
            let done = line.done_ms.get(&job);
            let tally = line.world.engine.jobs[&job].tally;
            assert!(done.is_some_and(|done| *done <= deadline_ms), "seed {seed}: {done:?} {deadline_ms} {tally:?}");
        }
    }
}

#[test]
fn slack_shrinks_with_time_and_grows_with_work_done() {
    let mut line = Line::new(3);
    let terms = job(1, 0, 60, 100_000);
    line.add(&terms);
    let slack = |line: &Line| line.world.engine.slack_ms(&terms.job).expect("known");
    let limit = i64::try_from(terms.time_limit_ms).expect("small");
    // 60 shards on 6 slots at the time limit each.
    assert_eq!(slack(&line), 7_200_000 - 10 * limit);
    line.run(START_MS + 5_000, &mut |_| SHARD_MS, &|_| false);
    let before = slack(&line);
    assert!(before > 7_200_000 - 10 * limit, "shards showed that they take a second");
    line.world.pass(1_000);
    line.world.tick();
    assert_eq!(slack(&line), before - 1_000);
}
