//! The parameters of a network for trying things out: everything in seconds.

use mira_core::{
    amount::{Bps, Stake, StakePerMillion},
    params::{DisputeParams, Params, RewardParams},
};

use super::{Pace, TOKEN};

/// Parameters of a `Local` network on a chain of its own. A lease lasts minutes and can be disputed after
/// that, so stake unbonds in minutes too.
pub fn local_params() -> Params {
    // Constants below the whole.
    let bps = |rate| Bps::new(rate).unwrap_or(Bps::ONE);
    Params {
        fee_bps: bps(100),
        min_stake: Stake::new(1_000 * TOKEN),
        stake_per_million: StakePerMillion::new(1_000_000),
        unbonding_secs: 370,
        max_lease_secs: 300,
        max_job_secs: 3_600,
        grace_secs: 4,
        dispute_window_secs: 1,
        job_id_window_secs: 2,
        dispute: DisputeParams {
            bond_bps: bps(1_000),
            min_bond: Stake::new(10 * TOKEN),
            respond_secs: 30,
            vote_secs: 30,
            jail_secs: 60,
            max_slash_bps: bps(5_000),
        },
        reward: RewardParams { share_bps: bps(8_000), epoch_secs: 60, challenge_secs: 5, stale_secs: 60 },
    }
}

/// The same on a chain of any pace: where somebody has to act on what is final, finality is added.
pub fn params_at(pace: Pace) -> Params {
    let finality_secs = u32::try_from(pace.finality().as_secs()).unwrap_or(u32::MAX);
    let params = local_params();
    Params {
        unbonding_secs: params.unbonding_secs.saturating_add(finality_secs),
        grace_secs: params.grace_secs.saturating_add(finality_secs),
        job_id_window_secs: params.job_id_window_secs.saturating_add(finality_secs),
        ..params
    }
}

#[cfg(test)]
mod tests {
    use mira_core::params::Profile;

    use super::*;

    #[test]
    fn a_slower_chain_has_longer_deadlines_that_the_program_takes() {
        let slow = params_at(Pace::of(400));
        assert_eq!((slow.grace_secs, slow.job_id_window_secs), (16, 14));
        assert_eq!(params_at(Pace::of(20)), local_params());
        for params in [local_params(), slow, params_at(Pace::of(2_000))] {
            assert!(params.validate(Profile::Local).is_ok(), "{params:?}");
        }
    }
}
