//! The dispatcher started, or started again.
//!
//! Nobody could be heard and nothing could be returned while it was away, so every provider counts
//! as just heard of, and every attempt and proposal gets at least the time to report.

use crate::config::Config;
use crate::engine::Engine;
use crate::gang;
use crate::proposal;
use crate::timers::Due;

pub(crate) fn apply(engine: &mut Engine, config: &Config) {
    engine.config = config.clone();
    engine.serving.start(config);
    engine.shares.start(&config.share);
    let now_ms = engine.now_ms;
    for provider in engine.providers.values_mut() {
        provider.health.last_seen_ms = now_ms;
    }
    let at_least = now_ms.saturating_add(config.result_grace_ms);
    for (key, job) in &mut engine.jobs {
        for index in &job.running {
            let Some(shard) = usize::try_from(*index).ok().and_then(|index| job.shards.get_mut(index)) else {
                continue;
            };
            for attempt in &mut shard.running {
                attempt.expires_at_ms = attempt.expires_at_ms.max(at_least);
                let due = Due::Attempt { job: *key, shard: *index, attempt: attempt.number };
                engine.timers.set(attempt.expires_at_ms, due);
            }
        }
    }
    let jobs: Vec<_> = engine.jobs.keys().copied().collect();
    jobs.iter().for_each(|job| proposal::renew(engine, job));
    gang::floor::renew(engine);
}
