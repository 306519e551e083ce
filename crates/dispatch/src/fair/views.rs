//! What others may see of fairness: a quote says from it when work would start, a page shows it.

use mira_core::Key;
use mira_core::amount::Payment;

use crate::engine::Engine;
use crate::fair::order;

/// A requester's standing among all requesters with open jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Escrow in its open jobs.
    pub escrow: Payment,
    /// What it weighs: from `weight::LEAST` to `weight::MOST`.
    pub weight: u64,
    /// The weights of all requesters with open jobs.
    pub weight_total: u64,
    /// The virtual time at which its next shard starts.
    pub start: u64,
    /// The clock's virtual time: the requester is ahead of its share by `start` less this.
    pub now: u64,
}

impl Engine {
    /// A requester's standing; one without open jobs stands as one that comes now.
    pub fn standing(&self, requester: &Key) -> Standing {
        let weights = &self.fair.weights;
        Standing {
            escrow: weights.escrow(requester),
            weight: weights.of(requester),
            weight_total: weights.total(),
            start: self.fair.shards.turn(requester).start,
            now: self.fair.shards.now(),
        }
    }

    /// The part of the slots that a requester gets while all others want theirs, in parts of a million,
    /// if it had this much more escrow in open jobs.
    pub fn share_ppm(&self, requester: &Key, more: Payment) -> u32 {
        self.fair.weights.share_ppm(requester, more)
    }

    /// Deadline less now less the likely time of the remaining work, of a job. Milliseconds; negative if
    /// it will probably be late.
    pub fn slack_ms(&self, job: &Key) -> Option<i64> {
        self.jobs.get(job).map(|job| order::slack_ms(job, self.now_ms))
    }

    /// How long a job's remaining shards take at most, nine times of ten, with what it has. Milliseconds.
    pub fn remaining_ms(&self, job: &Key) -> Option<u64> {
        self.jobs.get(job).map(order::remaining_ms)
    }

    /// How long a shard of this requester took lately, or of anybody if it had none. Milliseconds.
    pub fn pace_ms(&self, requester: &Key) -> Option<u64> {
        self.fair.shards.pace_ms(requester)
    }
}
