//! Each bound refuses one step beyond itself and nothing before.

use super::*;
use crate::testing::{local_params, public_params};

fn refused(change: impl FnOnce(&mut Params), profile: Profile) -> bool {
    let mut params = match profile {
        Profile::Public => public_params(),
        Profile::Local => local_params(),
    };
    assert_eq!(params.validate(profile), Ok(()));
    change(&mut params);
    params.validate(profile) == Err(Error::InvalidParams)
}

#[test]
fn each_common_bound_refuses() {
    for profile in [Profile::Public, Profile::Local] {
        assert!(refused(|p| p.fee_bps = Bps::ZERO, profile));
        assert!(refused(|p| p.fee_bps = Bps::new(2_001).unwrap(), profile));
        assert!(refused(|p| p.min_stake = Stake::ZERO, profile));
        assert!(refused(|p| p.min_stake = MIN_STAKE_MAX.checked_add(Stake::new(1)).unwrap(), profile));
        assert!(refused(|p| p.stake_per_million = StakePerMillion::ZERO, profile));
        assert!(refused(|p| p.stake_per_million = StakePerMillion::new(1_000_000_001), profile));
        assert!(refused(|p| p.max_lease_secs = 0, profile));
        assert!(refused(|p| p.max_job_secs = p.max_lease_secs - 1, profile));
        assert!(refused(|p| p.max_job_secs = MAX_JOB_SECS_MAX + 1, profile));
        assert!(refused(|p| p.grace_secs = 0, profile));
        assert!(refused(|p| p.grace_secs = GRACE_SECS_MAX + 1, profile));
        assert!(refused(|p| p.dispute_window_secs = 0, profile));
        assert!(refused(|p| p.dispute_window_secs = DISPUTE_WINDOW_SECS_MAX + 1, profile));
        assert!(refused(|p| p.job_id_window_secs = 0, profile));
        assert!(refused(|p| p.job_id_window_secs = 301, profile));
        assert!(refused(|p| p.unbonding_secs = UNBONDING_SECS_MAX + 1, profile));
        let short = |p: &mut Params| {
            let judged = p.dispute.respond_secs + p.dispute.vote_secs;
            p.unbonding_secs = p.max_lease_secs + p.grace_secs + p.dispute_window_secs + judged - 1;
        };
        assert!(refused(short, profile));
    }
}

#[test]
fn each_bound_of_disputes_and_rewards_refuses() {
    for profile in [Profile::Public, Profile::Local] {
        assert!(refused(|p| p.dispute.bond_bps = Bps::ZERO, profile));
        assert!(refused(|p| p.dispute.bond_bps = Bps::new(5_001).unwrap(), profile));
        assert!(refused(|p| p.dispute.min_bond = Stake::ZERO, profile));
        assert!(refused(|p| p.dispute.min_bond = p.min_stake.checked_add(Stake::new(1)).unwrap(), profile));
        assert!(refused(|p| p.dispute.respond_secs = 0, profile));
        assert!(refused(|p| p.dispute.respond_secs = RESPOND_SECS_MAX + 1, profile));
        assert!(refused(|p| p.dispute.vote_secs = 0, profile));
        assert!(refused(|p| p.dispute.vote_secs = VOTE_SECS_MAX + 1, profile));
        assert!(refused(|p| p.dispute.jail_secs = 0, profile));
        assert!(refused(|p| p.dispute.jail_secs = JAIL_SECS_MAX + 1, profile));
        assert!(refused(|p| p.dispute.max_slash_bps = Bps::ZERO, profile));
        assert!(refused(|p| p.dispute.max_slash_bps = Bps::new(5_001).unwrap(), profile));
        assert!(refused(|p| p.reward.share_bps = Bps::new(9_001).unwrap(), profile));
        assert!(refused(|p| p.reward.epoch_secs = 0, profile));
        assert!(refused(|p| p.reward.epoch_secs = p.unbonding_secs + 1, profile));
        assert!(refused(|p| p.reward.challenge_secs = 0, profile));
        assert!(refused(|p| p.reward.challenge_secs = CHALLENGE_SECS_MAX + 1, profile));
        assert!(refused(|p| p.reward.stale_secs = 0, profile));
        assert!(refused(|p| p.reward.stale_secs = STALE_SECS_MAX + 1, profile));
    }
    assert!(refused(|p| p.reward.epoch_secs = EPOCH_SECS_MAX + 1, Profile::Public));
    // The bound itself holds, with a time for unbonding that allows it.
    let longest = |p: &mut Params| (p.unbonding_secs, p.reward.epoch_secs) = (UNBONDING_SECS_MAX, EPOCH_SECS_MAX);
    assert!(!refused(longest, Profile::Public));
}

#[test]
fn the_largest_stake_and_bond_hold() {
    let largest = |p: &mut Params| {
        p.min_stake = MIN_STAKE_MAX;
        (p.dispute.min_bond, p.dispute.bond_bps) = (p.min_stake, Bps::new(BOND_BPS_MAX).unwrap());
    };
    for profile in [Profile::Public, Profile::Local] {
        assert!(!refused(largest, profile));
    }
}

#[test]
fn only_a_public_network_protects_the_offline() {
    let short_grace = |p: &mut Params| p.grace_secs = PUBLIC_GRACE_SECS_MIN - 1;
    assert!(refused(short_grace, Profile::Public));
    assert!(refused(|p| p.dispute_window_secs = HOUR - 1, Profile::Public));
    assert!(refused(|p| p.job_id_window_secs = 299, Profile::Public));
    assert!(refused(|p| p.dispute.respond_secs = DAY - 1, Profile::Public));
    assert!(refused(|p| p.dispute.vote_secs = DAY - 1, Profile::Public));
    assert!(refused(|p| p.reward.challenge_secs = PUBLIC_CHALLENGE_SECS_MIN - 1, Profile::Public));
    assert!(refused(|p| p.reward.stale_secs = PUBLIC_STALE_SECS_MIN - 1, Profile::Public));
    assert!(!refused(|p| p.job_id_window_secs = 1, Profile::Local));
    assert_eq!(local_params().validate(Profile::Public), Err(Error::InvalidParams));
}

#[test]
fn profiles_read_back() {
    for profile in [Profile::Public, Profile::Local] {
        assert_eq!(Profile::try_from(profile.as_u8()), Ok(profile));
    }
    assert_eq!(Profile::try_from(2), Err(Error::InvalidParams));
}
