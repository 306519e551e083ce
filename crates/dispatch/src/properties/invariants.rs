//! What holds in every state that inputs can lead to.

use std::collections::BTreeMap;

use mira_core::Key;
use mira_core::amount::Payment;
use mira_core::price::{amount_ceil, exposure_ceil};

use crate::engine::Engine;
use crate::state::job::Job;

/// In a world of one job.
pub(crate) fn check(engine: &Engine, key: &Key) {
    job(engine, key);
    providers(engine, &engine.jobs[key]);
}

/// What holds of each job, whatever others there are.
pub(crate) fn job(engine: &Engine, key: &Key) {
    let job = &engine.jobs[key];
    shards(engine, job);
    leases(engine, job);
    escrow(engine, job);
}

/// Every shard is done, waits, or runs; it runs once, or twice in the tail for different owners.
fn shards(engine: &Engine, job: &Job) {
    let (mut done, mut failed) = (0, 0);
    for (index, shard) in (0u32..).zip(&job.shards) {
        let queued = job.queue.iter().filter(|queued| **queued == index).count();
        assert_eq!(job.running.contains(&index), !shard.running.is_empty(), "shard {index} runs and is not listed");
        match &shard.end {
            Some(end) => {
                assert_eq!(queued, 0, "shard {index} ended and waits");
                assert!(shard.running.iter().all(|attempt| attempt.limit.is_zero()), "a loser still reserves units");
                match end {
                    crate::state::shard::End::Done { .. } => done += 1,
                    crate::state::shard::End::GivenUp => failed += 1,
                }
            }
            None if job.open => {
                // Of a later stage only once its input exists.
                let expected = usize::from(shard.running.is_empty() && job.input(index).is_some());
                assert_eq!(queued, expected, "shard {index} neither waits nor runs, or both");
            }
            None => assert_eq!(queued + shard.running.len(), 0, "shard {index} of an ended job"),
        }
        let owners: Vec<Key> =
            shard.running.iter().map(|attempt| engine.providers[&attempt.provider].facts.owner).collect();
        match owners.as_slice() {
            [] | [_] => {}
            [first, second] => assert_ne!(first, second, "shard {index} runs twice for one owner"),
            more => panic!("shard {index} runs {} times", more.len()),
        }
    }
    assert_eq!((job.tally.done, job.tally.failed), (done, failed));
}

/// No lease owes or may come to owe more than its cap, or costs more than the job pays.
fn leases(engine: &Engine, job: &Job) {
    for (key, lease) in engine.leases_of(job) {
        let limits = job.shards.iter().flat_map(|shard| &shard.running).filter(|attempt| attempt.lease == *key);
        let reserved: u64 = limits.map(|attempt| attempt.limit.get()).sum();
        assert_eq!(lease.reserved.get(), reserved, "reservations are not what runs");
        let most = mira_core::amount::Units::new(lease.used.get() + lease.reserved.get());
        assert!(amount_ceil(most, lease.unit_price).expect("fits") <= lease.cap, "past the cap");
        assert!(lease.amount_due() <= lease.cap);
        assert!(lease.unit_price <= job.terms.max_unit_price, "past the price");
    }
}

/// No owner holds more than its share, and proposals fit the escrow.
fn escrow(engine: &Engine, job: &Job) {
    let mut by_owner: BTreeMap<Key, u64> = BTreeMap::new();
    for (_, lease) in engine.leases_of(job) {
        let holds = if lease.open { lease.cap } else { lease.amount_due() };
        *by_owner.entry(lease.owner).or_default() += holds.get();
    }
    for pending in job.proposals.values() {
        *by_owner.entry(pending.proposal.owner).or_default() += pending.proposal.cap.get();
        assert!(pending.proposal.unit_price <= job.terms.max_unit_price);
    }
    assert!(by_owner.values().all(|held| Payment::new(*held) <= job.owner_cap()), "past the share: {by_owner:?}");
    assert!(job.proposed() <= job.terms.free, "proposals past the escrow");
}

/// A provider's lists agree with the job's, and its slots and its stake are not exceeded.
fn providers(engine: &Engine, job: &Job) {
    for (key, provider) in &engine.providers {
        let attempts = job.shards.iter().flat_map(|shard| &shard.running).filter(|attempt| attempt.provider == *key);
        assert_eq!(provider.running.len(), attempts.count());
        assert!(provider.health.takes_work() || provider.running.is_empty(), "a suspended provider runs something");
        assert!(provider.offer.as_ref().is_none_or(|offer| provider.running.len() <= usize::from(offer.slots)));
        let proposed = job.proposals.values().filter(|pending| pending.proposal.provider == *key);
        let exposure: u64 = proposed
            .map(|pending| exposure_ceil(pending.proposal.cap, job.terms.stake_per_million).expect("fits").get())
            .sum();
        assert_eq!(provider.pending_exposure.get(), exposure);
        assert!(provider.facts.exposure.get() + exposure <= provider.facts.stake.get());
    }
}
