//! The parameters of test networks: one set of seconds, and what of it has to grow with the leases.

use mira_core::amount::{Bps, Stake, StakePerMillion};
use mira_core::params::{DisputeParams, Params, RewardParams};

/// Seconds where a public network has hours: leases, too, that a test can outlive.
pub fn params() -> Params {
    Params {
        fee_bps: Bps::new(150).unwrap(),
        min_stake: Stake::new(1_000),
        stake_per_million: StakePerMillion::new(500_000),
        unbonding_secs: 10,
        max_lease_secs: 6,
        max_job_secs: 600,
        grace_secs: 1,
        dispute_window_secs: 1,
        job_id_window_secs: 1,
        dispute: DisputeParams {
            bond_bps: Bps::new(1_000).unwrap(),
            min_bond: Stake::new(10),
            respond_secs: 1,
            vote_secs: 1,
            jail_secs: 1,
            max_slash_bps: Bps::new(5_000).unwrap(),
        },
        reward: RewardParams { share_bps: Bps::new(8_000).unwrap(), epoch_secs: 1, challenge_secs: 1, stale_secs: 60 },
    }
}

/// The same with leases that a test does not outlive, and two seconds to settle what they owe.
pub fn with_leases_of(max_lease_secs: u32) -> Params {
    // Stake has to stay until the last dispute is judged.
    let (unbonding_secs, max_job_secs) = (max_lease_secs + 100, max_lease_secs * 2);
    Params { unbonding_secs, max_lease_secs, max_job_secs, grace_secs: 2, ..params() }
}
