//! A job asks for leases.

use mira_core::amount::{Payment, UnitPrice, Units};
use mira_core::label::Label;
use mira_core::tier::{Tier, UnitKind};
use mira_core::{Hash, Key};
use mira_dispatch::Engine;
use mira_dispatch::input::{self, Event, ShardInput};
use mira_dispatch::quoted::Quoted;
use mira_dispatch::service::Service;
use mira_store::model::{JobRow, JobState, NetworkRow};

use super::why::Why;
use crate::dispatch::error::Error;
use crate::dispatch::facts;
use crate::dispatch::handle::{Handle, refusal};
use crate::dispatch::sync::leases_of;

/// A job and its specification, whose hash the caller has compared with the job's.
#[derive(Clone, Debug)]
pub struct Place {
    /// The job account.
    pub job: Key,
    /// Its specification.
    pub spec: Spec,
    /// The quote on whose strength it is placed, if one was named.
    pub quoted: Option<Quoted>,
}

/// A job's specification.
#[derive(Clone, Debug)]
pub struct Spec {
    /// How it is to be served.
    pub tier: Tier,
    /// The machine it needs.
    pub resource_class: Label,
    /// What it pays for.
    pub unit_kind: UnitKind,
    /// Where its requester is.
    pub region: Option<Label>,
    /// Where it may run; empty means anywhere.
    pub regions: Vec<Label>,
    /// Providers, owners or operators that may not serve it.
    pub deny: Vec<Key>,
    /// The program to run.
    pub module: Hash,
    /// Its size.
    pub module_bytes: u64,
    /// Its inputs, one a shard.
    pub shards: Vec<SpecShard>,
    /// What one shard is expected to use.
    pub est_units_per_shard: Units,
    /// What one shard may use at most.
    pub fuel_limit: Units,
    /// How much memory one shard may use.
    pub memory_limit_bytes: u64,
    /// How long one shard may run.
    pub time_limit_ms: u64,
    /// What it asks of its tier.
    pub service: Service,
}

/// One shard's input.
#[derive(Clone, Copy, Debug)]
pub struct SpecShard {
    /// Its content hash.
    pub input: Hash,
    /// Its size.
    pub bytes: u64,
}

/// Where a placed job stands.
#[derive(Clone, Debug)]
pub struct Placement {
    /// The names of its decisions.
    pub decisions: Vec<Hash>,
    /// Leases that are proposed and not open yet.
    pub proposals: Vec<Proposed>,
    /// How many shards it has.
    pub shards: u32,
}

/// A proposed lease.
#[derive(Clone, Copy, Debug)]
pub struct Proposed {
    /// Its number.
    pub id: u64,
    /// The provider.
    pub provider: Key,
    /// The price per 1,000,000 units.
    pub unit_price: UnitPrice,
    /// The most it pays.
    pub cap: Payment,
}

impl Handle {
    /// Places a job; one that is placed already stays as it is.
    ///
    /// # Errors
    /// `UnknownJob`, `JobNotOpen`, `NotOurJob`, `SpecMismatch`, `NetworkPaused`,
    /// `BadSpec`, `NoCandidate` (the job waits and is placed when somebody may serve it), `Unavailable`.
    pub async fn place(&self, place: Place) -> Result<Placement, Error> {
        let store = &self.shared.store;
        let job = place.job;
        let row = store.job(&job).await?.ok_or(Error::UnknownJob)?;
        self.check(&row, &place.spec)?;
        let network = store.network().await?.ok_or_else(Error::soon)?;
        let placed = self.read(move |engine| engine.job(&job).is_some_and(|job| job.placed));
        if network.paused && !placed.await? {
            return Err(Error::NetworkPaused);
        }
        let leases = leases_of(&**store, &job).await?;
        let mut events = vec![Event::Place(Box::new(terms(&row, &network, place.spec)?))];
        events.extend(place.quoted.map(Event::Quoted));
        if !leases.is_empty() {
            events.push(Event::Job(facts::job(&row, &leases, &network, &self.shared.key)?));
        }
        let read = self.act(events, move |engine, out| match refusal(&out) {
            Some(error) => Err(error),
            None => standing(engine, &job),
        });
        read.await?
    }

    fn check(&self, row: &JobRow, spec: &Spec) -> Result<(), Error> {
        if row.status != JobState::Open {
            Err(Error::JobNotOpen)
        } else if row.dispatcher != Some(self.shared.key) {
            Err(Error::NotOurJob)
        } else if row.tier != spec.tier || row.unit_kind != spec.unit_kind {
            Err(Error::SpecMismatch)
        } else {
            Ok(())
        }
    }
}

fn terms(row: &JobRow, network: &NetworkRow, spec: Spec) -> Result<input::Place, Error> {
    let shards = spec.shards.iter().map(|shard| ShardInput { input: shard.input, bytes: shard.bytes });
    Ok(input::Place {
        job: row.job,
        requester: row.requester,
        spec_hash: row.spec_hash,
        tier: row.tier,
        unit_kind: row.unit_kind,
        resource_class: spec.resource_class,
        region: spec.region,
        regions: spec.regions,
        deny: spec.deny,
        max_unit_price: row.max_unit_price,
        max_share: row.max_share,
        max_leases: row.max_leases,
        min_provider_stake: row.min_provider_stake,
        stake_per_million: network.params.stake_per_million,
        max_lease_secs: network.params.max_lease_secs,
        deadline: row.deadline,
        funded: row.funded,
        free: facts::free_escrow(row)?,
        open_leases: row.open_leases,
        est_units: spec.est_units_per_shard,
        max_units: spec.fuel_limit,
        time_limit_ms: spec.time_limit_ms,
        memory_limit_bytes: spec.memory_limit_bytes,
        module: spec.module,
        module_bytes: spec.module_bytes,
        shards: shards.collect(),
        service: spec.service,
    })
}

fn standing(engine: &Engine, key: &Key) -> Result<Placement, Error> {
    let job = engine.job(key).ok_or_else(|| Error::Internal("a placed job is not there".into()))?;
    if !job.placed {
        let why = Why::of(engine, key).ok_or_else(|| Error::Internal("a waiting job is not there".into()))?;
        return Err(Error::NoCandidate { why });
    }
    let proposed = job.proposals.values().map(|pending| &pending.proposal).map(|proposal| Proposed {
        id: proposal.id,
        provider: proposal.provider,
        unit_price: proposal.unit_price,
        cap: proposal.cap,
    });
    Ok(Placement { decisions: job.decisions.clone(), proposals: proposed.collect(), shards: job.total() })
}
