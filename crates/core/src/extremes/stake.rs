//! Providers and positions.

use super::books::{part, part64, position, provider, rate};
use super::{any_time, exit, params, sound, time};
use crate::amount::{Payment, Shares, Stake};
use crate::provider::ProviderUpdate;
use crate::testing::{Dice, proptest_config};
use proptest::prelude::*;

proptest! {
    #![proptest_config(proptest_config(3_000))]

    #[test]
    fn whatever_comes_in_is_taken_or_refused(seed: u64) {
        let dice = &mut Dice::new(seed);
        let (params, provider, by_owner) = (params(dice), provider(dice), dice.one_in(2));
        prop_assert_eq!(provider.invariant(), Ok(()));
        let position = position(dice, &provider, by_owner);
        prop_assert_eq!(position.invariant(), Ok(()));
        let amount = Stake::new(dice.amount(64));
        sound(provider.stake(&position, amount, by_owner), |out| {
            out.position.invariant().and(out.provider.invariant())
        })?;
        sound(provider.reserve(amount, &params), |out| out.invariant())?;
        let rise = dice.one_in(2).then(|| rate(dice));
        let update = ProviderUpdate { draining: dice.of(&[None, Some(true), Some(false)]), commission: rise };
        sound(provider.update(&update, any_time(dice), &params), |out| out.invariant())?;
        let lifetime = Payment::new(dice.amount(64));
        sound(provider.claim_reward(lifetime, any_time(dice)), |out| out.provider.invariant())?;
    }

    /// Each way out, with sensible and with absurd arguments.
    #[test]
    fn nothing_traps_a_stake(seed: u64) {
        let dice = &mut Dice::new(seed);
        let (params, provider, by_owner) = (params(dice), provider(dice), dice.one_in(2));
        let position = position(dice, &provider, by_owner);
        let now = time(dice);
        let shares = Shares::new(if dice.one_in(4) { part(dice, u128::MAX) } else { part(dice, position.shares.get()) });
        exit(provider.request_unstake(&position, shares, by_owner, now, &params), |out| {
            out.position.invariant().and(out.provider.invariant())
        })?;
        let ticket = u8::try_from(dice.below(10)).unwrap();
        exit(provider.cancel_unstake(&position, ticket, by_owner), |out| {
            out.position.invariant().and(out.provider.invariant())
        })?;
        exit(provider.withdraw_stake(&position, ticket, now), |out| {
            out.position.invariant().and(out.provider.invariant())
        })?;
        exit(provider.claim_delegation(&position), |out| out.position.invariant())?;
        if by_owner {
            let exposure = Stake::new(part64(dice, provider.exposure.get()));
            exit(provider.slash(&position, exposure, rate(dice), now), |out| {
                out.owner.invariant().and(out.provider.invariant())
            })?;
        }
        // At the end of time an unbonding cannot begin, and says so.
        sound(provider.request_unstake(&position, shares, by_owner, i64::MAX, &params), |out| out.provider.invariant())?;
    }
}
