//! The fast path: which of a job's leases serves a request, and which one if that is slow.
//!
//! Sampled and greedy: a decision draws eight slots, half of them near the request's origin, looks at the
//! targets that have them, and takes the one that is expected to answer first at its price. Nothing is
//! allocated or searched at length on the way; each decision leaves one record of fixed size, from
//! which it can be taken again.
//!
//! | module | holds |
//! | --- | --- |
//! | [`config`] | what is tuned |
//! | `region` | round trips between regions |
//! | `pool`, `slots`, `server`, `members` | targets: a job's leases, and their slots; the providers behind them |
//! | [`draw`], [`choose`] | who is looked at, who is taken |
//! | [`record`] | what is kept of a decision, and the decision again |
//! | `request`, `hedge`, `answer` | a request from its first attempt to its end |
//! | `flight`, `bucket`, `quantile` | what is under way, how many hedges, and when |

pub mod choose;
pub mod config;
pub mod draw;
pub mod record;

mod answer;
mod bucket;
mod flight;
mod hedge;
mod members;
mod pool;
mod quantile;
mod region;
mod request;
mod server;
mod slots;

#[cfg(test)]
mod properties;

use std::collections::BTreeMap;

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::label::Label;
use mira_core::{Hash, Key};

pub use answer::{Ended, FirstToken};
pub use config::RouteConfig;
pub use flight::{End, Leg, RouteId};
pub use hedge::{HedgeDenied, Hedged};
pub use members::{Change, Target};
pub use pool::{PoolId, TargetId};
pub use record::{RouteRecord, recompute};
pub use region::RegionId;
pub use request::{Ask, Routed, Unrouted};

use flight::Flights;
use members::{Entry, Origin};
use pool::Pool;
use region::Regions;
use server::Server;

use crate::rtt::rtt_ms;

/// All pools of a dispatcher. Times are unix microseconds and never read from a clock.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub struct Router {
    config: RouteConfig,
    seed: Hash,
    epoch: Hash,
    regions: Regions,
    servers: Vec<Server>,
    server_ids: BTreeMap<Key, u32>,
    origins: Vec<Origin>,
    free_servers: Vec<u32>,
    pools: Vec<Option<Pool>>,
    targets: Vec<Entry>,
    leases: Vec<Key>,
    free_targets: Vec<u32>,
    flights: Flights,
}

impl Router {
    /// A router that knows nobody. Simulated round trips derive from the seed, and draws do until
    /// `set_epoch`.
    pub fn new(config: RouteConfig, seed: Hash) -> Self {
        Router { config, seed, epoch: seed, ..Router::default() }
    }

    /// Its settings.
    pub fn config(&self) -> &RouteConfig {
        &self.config
    }

    /// Other settings from now on: the slow path sets λ.
    pub fn set_config(&mut self, config: RouteConfig) {
        self.config = config;
    }

    /// λ from now on: the slow path sets it for each market.
    pub fn set_price_weight(&mut self, price_weight_ppm: u64) {
        self.config.price_weight_ppm = price_weight_ppm;
    }

    /// Another epoch: draws derive from its hash from now on.
    pub fn set_epoch(&mut self, epoch: Hash) {
        self.epoch = epoch;
        self.pools.iter_mut().flatten().for_each(|pool| pool.set_seed(&epoch));
    }

    /// The number of a region, which is new if it was never named.
    pub fn region(&mut self, label: Label) -> RegionId {
        self.regions.id(&self.seed, label)
    }

    /// The round trip between two regions, measured or simulated. Milliseconds.
    pub fn rtt_ms(&self, from: &Label, to: &Label) -> u64 {
        let measured =
            self.regions.find(from).zip(self.regions.find(to)).and_then(|(from, to)| {
                self.regions.from(from).get(to.index()).map(|pair| u64::from(pair.rtt_us / 1_000))
            });
        measured.unwrap_or_else(|| u64::from(rtt_ms(&self.seed, from, to)))
    }

    /// How many regions were named.
    pub fn regions(&self) -> usize {
        self.regions.len()
    }

    /// When an attempt that runs was sent. Unix microseconds.
    pub fn sent_us(&self, route: RouteId, leg: Leg) -> Option<u64> {
        self.flights.sent_us(route, leg)
    }

    /// Takes a measured round trip between two regions, in either direction.
    pub fn observe_rtt(&mut self, from: RegionId, to: RegionId, rtt_us: u32) {
        self.regions.observe(from, to, rtt_us);
    }

    /// Whether a request had its second attempt.
    pub fn is_hedged(&self, route: RouteId) -> bool {
        self.flights.get(route).is_some_and(|flight| flight.tries[1].stage != flight::Stage::Unused)
    }

    /// Requests that are being served.
    pub fn in_flight(&self) -> usize {
        self.flights.len()
    }
}
