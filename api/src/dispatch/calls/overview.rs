//! Supply, work and what coordination costs, in numbers.

use mira_core::Key;
use mira_dispatch::share::Concentration;

use crate::dispatch::error::Error;
use crate::dispatch::handle::Handle;
use crate::dispatch::meter::Latency;

/// A dispatcher in numbers.
#[derive(Clone, Copy, Debug, Default)]
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
    /// From a lease's proposal to its finalized opening, in milliseconds.
    pub place_ms: Latency,
    /// One decision about a shard, in microseconds.
    pub route_us: Latency,
    /// From a voucher's arrival to its finalized settlement, in milliseconds.
    pub settle_ms: Latency,
}

impl Handle {
    /// The numbers now.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn overview(&self) -> Result<Overview, Error> {
        let (place_ms, route_us, settle_ms) = self.shared.meter.latencies();
        let seen = self.read(|engine| engine.overview()).await?;
        Ok(Overview {
            providers: seen.providers,
            healthy: seen.healthy,
            suspended: seen.suspended,
            slots_total: seen.slots_total,
            slots_busy: seen.slots_busy,
            jobs_open: seen.jobs_open,
            shards_done: seen.shards_done,
            redispatched: seen.redispatched,
            slots_by_owner: seen.slots_by_owner,
            place_ms,
            route_us,
            settle_ms,
        })
    }

    /// Each provider's standing, by key.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn providers_health(&self) -> Result<Vec<(Key, &'static str)>, Error> {
        let read = self.read(|engine| {
            let offering = engine.providers().filter(|(_, provider)| provider.offer.is_some());
            offering.map(|(key, provider)| (*key, provider.health.as_str())).collect()
        });
        read.await
    }
}
