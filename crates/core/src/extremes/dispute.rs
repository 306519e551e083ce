//! Disputes.

use super::books::{backed, dispute, job};
use super::{any_time, exit, params, sound, time};
use crate::amount::Stake;
use crate::dispute::{Dispute, DisputeKind, Verdict};
use crate::network::Network;
use crate::params::Profile;
use crate::testing::{Dice, local_params, proptest_config};
use proptest::prelude::*;

fn network() -> Network {
    let network = Network::initialize([9; 32], local_params(), Profile::Local).unwrap();
    network.set_verifiers(&[[21; 32], [22; 32], [23; 32]]).unwrap()
}

proptest! {
    #![proptest_config(proptest_config(3_000))]

    #[test]
    fn whatever_is_said_in_a_dispute_is_taken_or_refused(seed: u64) {
        let dice = &mut Dice::new(seed);
        let (params, (_, lease), dispute) = (params(dice), job(dice), dispute(dice));
        prop_assert_eq!(dispute.invariant(), Ok(()));
        for now in [any_time(dice), lease.opened_at] {
            sound(Dispute::open(&lease, [1; 32], DisputeKind::NoShow, [0; 32], now, &params), |out| {
                out.dispute.invariant().and(out.lease.invariant())
            })?;
        }
        let answer = dice.of(&[None, Some([0; 32])]);
        sound(dispute.respond(answer, 1, dispute.opened_at.max(1)), Dispute::invariant)?;
        sound(dispute.respond(answer, 1, dispute.respond_until - 1), Dispute::invariant)?;
        let voter = dice.of(&[[1; 32], [21; 32], [22; 32], [23; 32]]);
        sound(dispute.vote(&network(), &voter, &[[22; 32]], dice.one_in(2), any_time(dice)), Dispute::invariant)?;
    }

    /// When it is due, every dispute ends, whatever it takes from whichever pool.
    #[test]
    fn nothing_traps_a_dispute(seed: u64) {
        let dice = &mut Dice::new(seed);
        let (_, lease) = job(dice);
        let (provider, owner, lease) = backed(dice, &lease);
        prop_assert_eq!((provider.invariant(), owner.invariant()), (Ok(()), Ok(())));
        let lease = crate::lease::Lease { disputed: true, ..lease };
        let dispute = dispute(dice);
        for now in [time(dice), dispute.respond_until.max(dispute.vote_until)] {
            let out = dispute.resolve(&network(), &lease, &provider, &owner, now);
            exit(out.clone(), |out| out.provider.invariant().and(out.lease.invariant()))?;
            let Ok(out) = out else {
                prop_assert_eq!(dispute.verdict(&network(), now), Err(crate::Error::DisputeNotDue));
                continue;
            };
            let taken = out.slashed.map_or(Stake::ZERO, |slashed| slashed.taken().unwrap());
            prop_assert_eq!(out.compensation.checked_add(out.burned), Ok(taken));
            prop_assert!(taken <= lease.exposure && (out.verdict == Verdict::Upheld || taken.is_zero()));
        }
        let last = dispute.respond_until.max(dispute.vote_until);
        prop_assert!(dispute.resolve(&network(), &lease, &provider, &owner, last).is_ok());
    }
}
