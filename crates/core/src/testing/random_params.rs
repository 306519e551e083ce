//! Every kind of parameters that a profile allows, its bounds included.

use super::Dice;
use crate::amount::{Bps, Stake, StakePerMillion};
use crate::params::*;

/// One in so many draws is from the whole range.
const RARELY: u64 = 12;

fn secs(dice: &mut Dice, first: u32, last: u32) -> u32 {
    u32::try_from(dice.within(first.into(), last.into())).unwrap()
}

fn bps(dice: &mut Dice, first: u16, last: u16) -> Bps {
    Bps::new(u16::try_from(dice.within(first.into(), last.into())).unwrap()).unwrap()
}

/// Parameters within the bounds of `profile`. On a local network most times are short, and everywhere most
/// providers can have the least stake: then much happens. Now and then one is as large as it may be.
pub fn random_params(dice: &mut Dice, profile: Profile) -> Params {
    let public = profile == Profile::Public;
    // The least seconds on a public network, the most anywhere, and the most on a local one as a rule.
    let mut time = |least: u32, most: u32, local: u32| match public || dice.one_in(RARELY) {
        true => secs(dice, if public { least } else { 1 }, most),
        false => secs(dice, 1, local),
    };
    let max_lease_secs = time(1, MAX_LEASE_SECS_MAX, 100);
    let grace_secs = time(PUBLIC_GRACE_SECS_MIN, GRACE_SECS_MAX, 30);
    let dispute_window_secs = time(PUBLIC_DISPUTE_WINDOW_SECS_MIN, DISPUTE_WINDOW_SECS_MAX, 40);
    let job_id_window_secs = time(PUBLIC_JOB_ID_WINDOW_SECS, PUBLIC_JOB_ID_WINDOW_SECS, 10);
    let respond_secs = time(PUBLIC_RESPOND_SECS_MIN, RESPOND_SECS_MAX, 20);
    let vote_secs = time(PUBLIC_VOTE_SECS_MIN, VOTE_SECS_MAX, 20);
    let jail_secs = time(1, JAIL_SECS_MAX, 60);
    let challenge_secs = time(PUBLIC_CHALLENGE_SECS_MIN, CHALLENGE_SECS_MAX, 20);
    let stale_secs = time(PUBLIC_STALE_SECS_MIN, STALE_SECS_MAX, 30);
    let held = max_lease_secs + grace_secs + dispute_window_secs + respond_secs + vote_secs;
    let long = public || dice.one_in(RARELY);
    let unbonding_secs = secs(dice, held, if long { UNBONDING_SECS_MAX } else { held + 100 });
    let epoch_secs = secs(dice, 1, unbonding_secs.min(if long { EPOCH_SECS_MAX } else { 100 }));
    let stake_bits = if dice.one_in(RARELY) { 44 } else { 14 };
    let min_stake = dice.amount(stake_bits).clamp(1, MIN_STAKE_MAX.get());
    Params {
        fee_bps: bps(dice, FEE_BPS_MIN, FEE_BPS_MAX),
        min_stake: Stake::new(min_stake),
        stake_per_million: StakePerMillion::new(dice.amount(30).clamp(STAKE_PER_MILLION_MIN, STAKE_PER_MILLION_MAX)),
        unbonding_secs,
        max_lease_secs,
        max_job_secs: secs(dice, max_lease_secs, if long { MAX_JOB_SECS_MAX } else { max_lease_secs + 1_000 }),
        grace_secs,
        dispute_window_secs,
        job_id_window_secs,
        dispute: DisputeParams {
            bond_bps: bps(dice, BOND_BPS_MIN, BOND_BPS_MAX),
            min_bond: Stake::new(dice.within(1, min_stake)),
            respond_secs,
            vote_secs,
            jail_secs,
            max_slash_bps: bps(dice, 1, MAX_SLASH_BPS_MAX),
        },
        reward: RewardParams { share_bps: bps(dice, 0, REWARD_SHARE_BPS_MAX), epoch_secs, challenge_secs, stale_secs },
    }
}

#[test]
fn they_are_allowed() {
    for seed in 0..2_000 {
        for profile in [Profile::Local, Profile::Public] {
            let params = random_params(&mut Dice::new(seed), profile);
            assert_eq!(params.validate(profile), Ok(()), "{params:?}");
        }
    }
}
