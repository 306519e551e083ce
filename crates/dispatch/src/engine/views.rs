//! What others may see of the engine. Reading changes nothing and is not recorded.

use mira_core::Key;

use crate::config::Config;
use crate::effect::Proposal;
use crate::engine::Engine;
use crate::forget::Forgotten;
use crate::input::{JobFacts, ProviderFacts};
use crate::reputation::Reputation;
use crate::route::RouteId;
use crate::share::{Bound, Class, Concentration, concentration};
use crate::state::history::History;
use crate::state::job::Job;
use crate::state::lease::Lease;
use crate::state::provider::Provider;

/// Supply and work in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// Providers with an offer.
    pub providers: u32,
    /// Those that take all the work they offer to.
    pub healthy: u32,
    /// Those that take none.
    pub suspended: u32,
    /// Slots of providers that are not suspended.
    pub slots_total: u64,
    /// Shards that run.
    pub slots_busy: u64,
    /// Jobs that take work.
    pub jobs_open: u32,
    /// Shards with a result, of all jobs.
    pub shards_done: u64,
    /// Shards taken from one attempt for another, of all jobs.
    pub redispatched: u64,
    /// How slots that are not suspended spread over owners.
    pub slots_by_owner: Concentration,
}

impl Engine {
    /// Its settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// How long things took so far.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// A job that was placed, or that waits to be.
    pub fn job(&self, key: &Key) -> Option<&Job> {
        self.jobs.get(key)
    }

    /// All such jobs.
    pub fn jobs(&self) -> impl Iterator<Item = (&Key, &Job)> {
        self.jobs.iter()
    }

    /// A lease of such a job.
    pub fn lease(&self, key: &Key) -> Option<&Lease> {
        self.leases.get(key)
    }

    /// A job's leases in the order in which they were seen.
    pub fn leases_of<'a>(&'a self, job: &'a Job) -> impl Iterator<Item = (&'a Key, &'a Lease)> {
        job.leases.iter().filter_map(|key| Some((key, self.leases.get(key)?)))
    }

    /// Whether work may run under a lease now.
    pub fn is_live(&self, lease: &Lease) -> bool {
        let Some(job) = self.jobs.get(&lease.job) else { return false };
        let takes_work = self.providers.get(&lease.provider).is_some_and(|provider| provider.health.takes_work());
        job.open && lease.open && takes_work && lease.outlasts(self.now_ms, job.terms.time_limit_ms)
    }

    /// A provider.
    pub fn provider(&self, key: &Key) -> Option<&Provider> {
        self.providers.get(key)
    }

    /// All providers.
    pub fn providers(&self) -> impl Iterator<Item = (&Key, &Provider)> {
        self.providers.iter()
    }

    /// Proposals to a provider that are not leases yet, by job and oldest first.
    pub fn proposals_to(&self, provider: &Key) -> Vec<&Proposal> {
        let Some(provider) = self.providers.get(provider) else { return Vec::new() };
        let theirs = provider.proposals.iter();
        theirs.filter_map(|(job, id)| Some(&self.jobs.get(job)?.proposals.get(id)?.proposal)).collect()
    }

    /// Whether a heartbeat at that time says anything new: the last one is old, or the provider is
    /// on its way back.
    pub fn wants_beat(&self, provider: &Key, at_ms: u64) -> bool {
        self.providers.get(provider).is_none_or(|provider| {
            let age_ms = at_ms.saturating_sub(provider.health.last_seen_ms);
            !provider.health.is_healthy() || age_ms >= self.config.heartbeat_timeout_ms / 4
        })
    }

    /// What audits showed of providers.
    pub fn reputation(&self) -> &Reputation {
        &self.reputation
    }

    /// What an owner has of a market's work and what it may have.
    pub fn network_share(&self, class: &Class, owner: &Key) -> Bound {
        self.shares.bound(&self.config.share, class, owner, self.now_ms)
    }

    /// Whether these facts are known already.
    pub fn knows(&self, facts: &ProviderFacts) -> bool {
        self.providers.get(&facts.provider).is_some_and(|provider| provider.facts == *facts)
    }

    /// Whether a job and its leases are known to be so already, or the job is none of this engine's.
    pub fn knows_job(&self, facts: &JobFacts) -> bool {
        let Some(job) = self.jobs.get(&facts.job) else { return true };
        let terms = &job.terms;
        let books = terms.funded == facts.funded && terms.free == facts.free && terms.open_leases == facts.open_leases;
        let bounds = terms.deadline == facts.deadline
            && terms.stake_per_million == facts.stake_per_million
            && terms.max_lease_secs == facts.max_lease_secs
            && job.leasable == facts.leasable;
        let leases = facts.leases.iter().all(|lease| {
            let known = self.leases.get(&lease.lease);
            known.is_some_and(|known| known.expires_at == lease.expires_at && known.open == lease.open)
        });
        // A job that ended here stays so, whatever the chain says.
        books && bounds && leases && (job.open == facts.open || !job.open)
    }

    /// The job of a request that is being served.
    pub fn job_of(&self, route: RouteId) -> Option<Key> {
        self.serving.held.get(&route).map(|held| held.job)
    }

    /// Supply and work in numbers.
    pub fn overview(&self) -> Overview {
        let Forgotten { shards_done, redispatched } = self.forgotten;
        let mut all = Overview { shards_done, redispatched, ..Overview::default() };
        let mut slots = Vec::new();
        for provider in self.providers.values() {
            let Some(offer) = &provider.offer else { continue };
            all.providers += 1;
            all.healthy += u32::from(provider.health.is_healthy());
            all.suspended += u32::from(!provider.health.takes_work());
            let open = provider.health.slots(offer.slots) as u64;
            slots.push((provider.facts.owner, open));
            all.slots_total += open;
            all.slots_busy += provider.running.len() as u64;
        }
        all.slots_by_owner = concentration(slots);
        for job in self.jobs.values() {
            all.jobs_open += u32::from(job.open && !job.is_complete());
            all.shards_done += u64::from(job.tally.done);
            all.redispatched += u64::from(job.tally.redispatched);
        }
        all
    }
}
