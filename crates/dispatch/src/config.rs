//! What an operator of a dispatcher may tune, with the reason for each default.
//!
//! It is part of the recorded inputs (`Input::Start`), because a replay under other settings would
//! decide otherwise.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Hash;
use mira_core::amount::Bps;

use crate::codec::{get, put};
use crate::proof::Anchor;
use crate::route::RouteConfig;
use crate::{market, reputation, share};

/// The most shards in one job: bounds what one `place` makes the engine hold and record.
pub const MAX_SHARDS: u32 = 100_000;

/// The most candidates drawn into a decision, feasible ones and rejected ones each. A record stays
/// under 3 kB.
pub const MAX_DRAWN: usize = 8;

/// Settings of an engine. Times in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Config {
    /// Draws and simulated round trips derive from it.
    pub seed: Hash,
    /// Silence after which a provider is suspended.
    pub heartbeat_timeout_ms: u64,
    /// How long a suspension lasts the first time; it doubles with every further strike.
    pub probe_after_ms: u64,
    /// The longest suspension before the next probe.
    pub probe_cap_ms: u64,
    /// Heartbeats that a probing provider without work must send to be healthy again.
    pub probe_beats: u32,
    /// How long a provider may sit on a lease proposal while it is its turn.
    pub proposal_ttl_ms: u64,
    /// What an attempt gets above the job's own time limit, for moving data.
    pub result_grace_ms: u64,
    /// How long a shard waits for another owner before the one that failed it may try again.
    pub retry_own_after_ms: u64,
    /// Leases are sized for this much of the expected work, in percent, so that the loss of one
    /// lease is absorbed by the others first.
    pub headroom_percent: u16,
    /// A job gets one lease for this many shards, if its spread does not already ask for more.
    pub shards_per_lease: u32,
    /// The last part of a job that may run twice.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub tail: Bps,
    /// Distinct failures of its module after which a shard is given up.
    pub max_failures: u32,
    /// How far a lease's expiry stays under the chain's maximum, for clocks that differ. Seconds.
    pub clock_skew_secs: u32,
    /// How long a dispatch epoch lasts after its first decision.
    pub epoch_ms: u64,
    /// Decisions after which a dispatch epoch ends before that.
    pub epoch_records: u32,
    /// Which dispatch epoch came before this engine's first one. Read at its very first input only.
    pub after: Anchor,
    /// How requests are routed.
    pub route: RouteConfig,
    /// How outcomes of audits count.
    pub reputation: reputation::Policy,
    /// How shares of the network's work are counted.
    pub share: share::Policy,
    /// How the slow path reads the market.
    pub market: market::Policy,
    /// How long a shard of a later stage is kept for whoever holds its input before anybody gets it; 0 prefers nobody.
    pub locality_wait_ms: u64,
    /// How long a job that is past stays known.
    pub forget_after_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            seed: [0; 32],
            // Three missed heartbeats of two seconds.
            heartbeat_timeout_ms: 6_000,
            probe_after_ms: 5_000,
            probe_cap_ms: 300_000,
            probe_beats: 3,
            // A heartbeat, a block and finality fit three times. A provider that is gone is noticed by its
            // silence long before.
            proposal_ttl_ms: 60_000,
            result_grace_ms: 15_000,
            retry_own_after_ms: 5_000,
            headroom_percent: 125,
            shards_per_lease: 16,
            tail: Bps::new(500).unwrap_or_default(),
            // Three owners agree that the module fails: the input or the module is at fault.
            max_failures: 3,
            clock_skew_secs: 60,
            // Until it ends, a decision can be explained and not yet proven.
            epoch_ms: 600_000,
            // A proof is made from all records of an epoch: 35 MB of routes.
            epoch_records: 1 << 16,
            after: Anchor::default(),
            route: RouteConfig::default(),
            reputation: reputation::Policy::default(),
            share: share::Policy::default(),
            market: market::Policy::default(),
            // About what moving the input to another node takes: waiting longer could not pay.
            locality_wait_ms: 1_000,
            // A requester that comes back the next day still reads from it where its results lie.
            forget_after_ms: 86_400_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_sane() {
        let config = Config::default();
        assert_eq!(config.tail.get(), 500);
        assert!(config.headroom_percent >= 100);
        assert!(config.probe_after_ms <= config.probe_cap_ms);
    }
}
