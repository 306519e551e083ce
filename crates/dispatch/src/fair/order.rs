//! The fair order of the engine's jobs, and what keeps the clocks right.

use std::collections::BTreeMap;

use mira_core::Key;
use mira_core::tier::Tier;

use crate::engine::Engine;
use crate::fair::clock::Turn;
use crate::fair::weight::{Change, MOST};
use crate::record::Shortage;
use crate::state::job::Job;

/// Where a job stands among all that could run: its requester's turn, then its own slack.
pub(crate) type Precedence = (Turn, Key, i64, Key);

/// The part of the time of a job's shards that the estimate of its remaining work covers. Percent.
const LIKELY: u8 = 90;

/// A job came, was funded otherwise, or takes no more work.
pub(crate) fn track(engine: &mut Engine, key: &Key) {
    let Some(job) = engine.jobs.get(key) else { return };
    let (requester, open) = (job.terms.requester, job.open && !job.is_complete());
    let fair = &mut engine.fair;
    match fair.weights.set(key, &requester, open.then_some(job.terms.funded)) {
        Change::None => {}
        Change::Arrived => [&mut fair.shards, &mut fair.gangs].into_iter().for_each(|clock| clock.arrive(&requester)),
        Change::Left => [&mut fair.shards, &mut fair.gangs].into_iter().for_each(|clock| clock.leave(&requester)),
    }
}

/// Where a job stands at that time.
pub(crate) fn precedence(engine: &Engine, key: &Key, job: &Job, now_ms: u64) -> Precedence {
    let requester = job.terms.requester;
    (engine.fair.shards.turn(&requester), requester, slack_ms(job, now_ms), *key)
}

/// Notes why a job has no candidate for a lease that it wants, or that it waits for none.
pub(crate) fn note(engine: &mut Engine, key: &Key, shortage: Option<Shortage>) {
    let Some(job) = engine.jobs.get_mut(key) else { return };
    job.shortage = shortage;
    if job.shortage.is_some() {
        engine.fair.waiting.insert(*key);
    } else {
        engine.fair.waiting.remove(key);
    }
}

/// Jobs that wait for a candidate, in the order in which they are planned: requesters in turn, as
/// often as their weights say, and each one's jobs by slack.
pub(crate) fn waiting(engine: &Engine) -> Vec<Key> {
    let short = engine.fair.waiting.iter().filter_map(|key| Some((key, engine.jobs.get(key)?)));
    let mut places: Vec<Precedence> = short.map(|(key, job)| precedence(engine, key, job, engine.now_ms)).collect();
    places.sort_unstable();
    let mut ranks: BTreeMap<Key, u64> = BTreeMap::new();
    let mut order: Vec<(u64, Precedence)> = places
        .into_iter()
        .map(|place| {
            let rank = ranks.entry(place.1).or_default();
            *rank += 1;
            (rank.saturating_mul(MOST) / engine.fair.weights.of(&place.1), place)
        })
        .collect();
    order.sort_unstable();
    order.into_iter().map(|(_, (_, _, _, key))| key).collect()
}

/// A shard of the job goes out: its requester is served for as long as it will probably take. Returns
/// that time in milliseconds.
pub(crate) fn serve(engine: &mut Engine, key: &Key) -> u64 {
    let Some(job) = engine.jobs.get(key) else { return 0 };
    let requester = job.terms.requester;
    let longest = job.terms.time_limit_ms.saturating_add(engine.config.result_grace_ms);
    let likely = job.pace_ms().or_else(|| engine.fair.shards.pace_ms(&requester));
    let work_ms = likely.unwrap_or(job.terms.time_limit_ms).clamp(1, longest.max(1));
    let weight = engine.fair.weights.of(&requester);
    engine.fair.shards.serve(&requester, work_ms, weight);
    work_ms
}

/// The shard held its slot for this long. `served_ms` of 0 was never served by the clock.
pub(crate) fn settle(engine: &mut Engine, key: &Key, served_ms: u64, took_ms: u64) {
    let Some(job) = engine.jobs.get(key).filter(|_| served_ms > 0) else { return };
    let requester = job.terms.requester;
    let weight = engine.fair.weights.of(&requester);
    engine.fair.shards.settle(&requester, served_ms, took_ms, weight);
}

/// A shard took this long and its result counts.
pub(crate) fn learn(engine: &mut Engine, key: &Key, took_ms: u64) {
    let Some(job) = engine.jobs.get_mut(key) else { return };
    job.durations.add(took_ms);
    if job.terms.tier == Tier::Training {
        return;
    }
    engine.fair.shards.learn(&job.terms.requester, took_ms);
}

/// How long the job's remaining shards will take at most, nine times of ten, on all slots of its providers. A shard may take its time limit until one has shown otherwise.
pub(crate) fn remaining_ms(job: &Job) -> u64 {
    let longest = job.durations.quantile_ms(LIKELY).unwrap_or(job.terms.time_limit_ms).min(job.terms.time_limit_ms);
    let running = u32::try_from(job.running.len()).unwrap_or(u32::MAX);
    let width = running.max(job.width).max(1);
    longest.saturating_mul(u64::from(job.remaining().div_ceil(width)))
}

/// Deadline less now less the remaining work. Milliseconds; negative if it will probably be late.
pub(crate) fn slack_ms(job: &Job, now_ms: u64) -> i64 {
    let signed = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX);
    job.terms.deadline.saturating_mul(1_000).saturating_sub(signed(now_ms)).saturating_sub(signed(remaining_ms(job)))
}
