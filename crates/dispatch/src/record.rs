//! What a placement decision leaves behind, so that anyone can see why and compute it again.
//!
//! A record depends on the seed, the epoch, the spec, the counter and the candidates' state, never on
//! the time or on the job's address, so that the same seed gives the same records twice.

mod first;

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::amount::UnitPrice;
use mira_core::hash::{Sha2, Sha256};
use mira_core::tier::Tier;
use mira_core::{Hash, Key};

use crate::codec::{get, put};
use crate::place::limit::{Limit, RejectBits};

/// The version of the layouts below.
pub const SCHEMA: u8 = 2;

/// Prefix of the hash that names a decision.
const ID_PREFIX: &[u8] = b"mira:decision:v1:";

/// One choice of a provider for one lease. At most 16 candidates: see `config::MAX_DRAWN`.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PlacementRecord {
    /// `SCHEMA`.
    pub schema: u8,
    /// `decision_id` of the three fields that follow.
    pub id: Hash,
    /// The engine's seed.
    pub seed: Hash,
    /// The hash of the job's spec.
    pub spec_hash: Hash,
    /// Its number among the decisions for this spec. They rise and none comes twice; the first is 0 as long as no job was
    /// forgotten.
    pub counter: u64,
    /// What the lease was wanted for.
    pub purpose: Purpose,
    /// How many providers with an offer there were.
    pub considered: u32,
    /// How many of those that were looked at each limit rejected, in the order of `Limit::ALL`. One provider can be
    /// counted by several limits.
    pub rejected: Vec<u32>,
    /// Feasible ones, the best first, each of another owner; then rejected ones in the order of the draw.
    pub candidates: Vec<Candidate>,
    /// The provider that was chosen.
    pub winner: Option<Key>,
    /// The next best one.
    pub runner_up: Option<Key>,
    /// The dispatch epoch that it belongs to, from 1.
    pub epoch: u64,
    /// The hash of that epoch, which seeds the draw.
    pub epoch_hash: Hash,
    /// How the job is served: what its scores weigh.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub tier: Tier,
    /// How many providers were looked at. Fewer than `considered` means a sample: `rejected` counts the sample.
    pub looked_at: u32,
    /// Whether only newcomers were considered, as in a fixed part of decisions.
    pub explored: bool,
}

impl PlacementRecord {
    /// Whether it was taken over a sample of the offers.
    pub fn is_sampled(&self) -> bool {
        self.looked_at < self.considered
    }

    /// Its recorded form.
    pub fn to_bytes(&self) -> std::io::Result<Vec<u8>> {
        borsh::to_vec(self)
    }

    /// Reads `to_bytes` back, of this version or an earlier one; fails on anything else.
    pub fn from_bytes(bytes: &[u8]) -> std::io::Result<Self> {
        if bytes.first() == Some(&first::SCHEMA) { first::read(bytes) } else { Self::try_from_slice(bytes) }
    }
}

/// What a lease was wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Purpose {
    /// The job's first placement.
    Initial,
    /// What the leases it has cannot do any more.
    Replacement,
}

/// One provider that was drawn.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Candidate {
    /// The provider account.
    pub provider: Key,
    /// Its owner.
    pub owner: Key,
    /// What it asked per 1,000,000 units.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub unit_price: UnitPrice,
    /// Which limits rejected it; none means feasible.
    pub rejects: RejectBits,
    /// Its score if feasible; the lowest total wins.
    pub score: Option<Score>,
}

/// A feasible candidate's penalties, each from 0 (best) to 1,000,000, and their weighted sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Score {
    /// What it asks above the cheapest candidate, as a part of that one's price. In version 1: price as a part of the
    /// job's maximum.
    pub cost: u32,
    /// Round trip to the requester's region, or among those who serve a training job.
    pub latency: u32,
    /// Part of the job's data that it does not hold.
    pub data: u32,
    /// Part of the job and of the network that its owner already holds.
    pub spread: u32,
    /// The weighted sum.
    pub total: u32,
    /// What is missing of certainty that its results hold.
    pub reliability: u32,
    /// What of its machine the job would leave unusable for others.
    pub fragmentation: u32,
}

/// Why a job that wants a lease has no candidate.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Shortage {
    /// Providers with an offer.
    pub considered: u32,
    /// Owners that could have served.
    pub owners_feasible: u32,
    /// Owners that the job's `max_share` asks for.
    pub owners_needed: u32,
    /// Leases that the job's `max_leases` still allows.
    pub leases_left: u32,
    /// How many providers each limit rejected, in the order of `Limit::ALL`.
    pub rejected: Vec<u32>,
}

impl Shortage {
    /// The limits that rejected anyone, with their counts.
    pub fn by_limit(&self) -> impl Iterator<Item = (Limit, u32)> + '_ {
        Limit::ALL.into_iter().zip(self.rejected.iter().copied()).filter(|(_, count)| *count > 0)
    }
}

/// Names a decision: the same seed, spec and counter give the same name.
pub fn decision_id(seed: &Hash, spec_hash: &Hash, counter: u64) -> Hash {
    Sha2::hashv(&[ID_PREFIX, seed, spec_hash, &counter.to_le_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_by_each_part() {
        let base = decision_id(&[1; 32], &[2; 32], 3);
        assert_eq!(base, decision_id(&[1; 32], &[2; 32], 3));
        assert_ne!(base, decision_id(&[9; 32], &[2; 32], 3));
        assert_ne!(base, decision_id(&[1; 32], &[9; 32], 3));
        assert_ne!(base, decision_id(&[1; 32], &[2; 32], 4));
    }

    #[test]
    fn shortage_names_only_limits_that_rejected() {
        let mut rejected = vec![0; Limit::ALL.len()];
        rejected[Limit::PriceCap.index()] = 4;
        let shortage = Shortage { considered: 5, owners_feasible: 1, owners_needed: 2, leases_left: 3, rejected };
        assert_eq!(shortage.by_limit().collect::<Vec<_>>(), vec![(Limit::PriceCap, 4)]);
    }
}
