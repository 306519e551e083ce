//! The eighth invariant: paying oneself always loses. One party plays requester, provider, delegator and
//! challenger; it has neither the treasury nor the authorities nor the verifiers, and gets no gifts.
//! Whatever it does, and whatever an honest admin makes of the parameters meanwhile, it ends with at least
//! `(1 − reward share) × fees` less payment than it began with, and with no more stake. The share is that
//! of each epoch's majority, so that a later and larger one buys nothing back.

use super::cast::{delegator, network};
use super::drain::drain;
use super::script::Script;
use super::step::step;
use crate::Key;
use crate::hash::Sha2;
use crate::ledger::{Action, Ledger, Vault};
use crate::params::Profile;
use crate::testing::{Dice, proptest_config, random_params};
use proptest::prelude::*;
use std::vec::Vec;

/// What left the coalition's wallets and what came back, counted apart from the ledger.
#[derive(Debug, Default)]
pub struct Wallets {
    payment_in: u128,
    payment_out: u128,
    stake_in: u128,
    stake_out: u128,
    /// Of `payment_in`, what was sent to vaults that give nothing back.
    given_away: u128,
    /// Delegators that are not of the coalition.
    honest: Vec<Key>,
    /// How often one of them staked or withdrew: each time it loses less than a base unit to rounding.
    honest_moves: u128,
}

impl Wallets {
    /// Books one step. What moves is the coalition's, unless it is the treasury's, or an honest
    /// delegator's stake and rewards.
    pub fn book(&mut self, before: &Ledger, after: &Ledger, action: &Action) {
        match action {
            Action::WithdrawTreasury { .. } => return,
            Action::Stake { staker, .. } | Action::WithdrawStake { staker, .. } if self.honest.contains(staker) => {
                self.honest_moves += 1;
                return;
            }
            Action::ClaimDelegationReward { staker, .. } if self.honest.contains(staker) => return,
            Action::Donate { vault: Vault::Shard(_) | Vault::Rewards | Vault::Treasury, amount } => {
                self.given_away += u128::from(*amount);
            }
            _ => {}
        }
        let (was, is) = (&before.flows, &after.flows);
        self.payment_in += is.payment_in - was.payment_in;
        self.payment_out += is.payment_out - was.payment_out;
        self.stake_in += is.stake_in - was.stake_in;
        self.stake_out += is.stake_out - was.stake_out;
    }

    /// What the coalition has less than it began with.
    fn lost(&self) -> i128 {
        i128::try_from(self.payment_in).unwrap() - i128::try_from(self.payment_out).unwrap()
    }
}

/// Plays a script over parameters that are drawn with it and change in it, until everything has ended, all
/// fees are counted by a last epoch, and whatever can be had is taken out.
fn play(seed: u64, steps: usize, honest: &[Key]) -> Result<(Ledger, Script), TestCaseError> {
    let dice = &mut Dice::new(seed);
    let profile = dice.of(&[Profile::Public, Profile::Local]);
    let mut ledger = network(random_params(dice, profile), profile);
    let wallets = Wallets { honest: honest.to_vec(), ..Wallets::default() };
    let mut script = Script { honest: true, wallets, ..Script::default() };
    let mut opening = Script::opening(&ledger, dice).into_iter();
    for _ in 0..steps {
        let action = opening.next().unwrap_or_else(|| script.improvise(&ledger, dice));
        let _done_or_refused = step(&mut ledger, &mut script, &action)?;
    }
    last_epoch(&mut ledger, &mut script)?;
    drain(&mut ledger, &mut script, false)?;
    Ok((ledger, script))
}

/// All fees are swept and counted, and the rewards for them are final.
fn last_epoch(ledger: &mut Ledger, script: &mut Script) -> Result<(), TestCaseError> {
    let params = ledger.network.params.reward;
    for shard in 0..16 {
        let _swept_or_empty = step(ledger, script, &Action::SweepFees { shard })?;
    }
    let wait = |secs| Action::Advance { secs };
    // The window of what is pending is that of the parameters then.
    let open = ledger.rewards.books.epochs.pending.map_or(0, |pending| (pending.final_from - ledger.now).max(0));
    let _advanced = step(ledger, script, &wait(u32::try_from(open).unwrap()))?;
    let _final_or_none = step(ledger, script, &Action::FinalizeEpoch)?;
    let _advanced = step(ledger, script, &wait(params.epoch_secs))?;
    let epoch = script.authorities.honest(ledger, |_| 10_000);
    for authority in ledger.network.reward_authorities.clone() {
        let action = Action::ApproveEpoch { authority, epoch, digest: epoch.digest::<Sha2>() };
        let _approved_or_pending = step(ledger, script, &action)?;
    }
    let _advanced = step(ledger, script, &wait(params.challenge_secs))?;
    prop_assert_eq!(step(ledger, script, &Action::FinalizeEpoch)?, Ok(()));
    Ok(())
}

proptest! {
    #![proptest_config(proptest_config(150))]

    /// The coalition is everyone who stakes, so that its books are the ledger's, to the base unit.
    #[test]
    fn paying_oneself_always_loses(seed: u64, steps in 1usize..350) {
        let (ledger, script) = play(seed, steps, &[])?;
        let (wallets, fees, authorities) = (&script.wallets, ledger.flows.fees, &script.authorities);
        let rewards = u128::from(ledger.rewards.books.paid_out.get());
        prop_assert!(wallets.lost() >= i128::try_from(fees - authorities.most).unwrap(), "{:?}", wallets);
        prop_assert_eq!(wallets.lost() + i128::try_from(rewards).unwrap(),
            i128::try_from(fees + wallets.given_away).unwrap());
        let gone = ledger.flows.stake_burned + u128::from(ledger.stake_foreign.get());
        prop_assert_eq!(wallets.stake_in, wallets.stake_out + gone);
        // And the honest authorities leave it no less: one rounding an epoch and provider, and those of
        // the index.
        let roundings = 3 * u128::from(authorities.finalized) + 2 * (steps as u128 + 100);
        prop_assert!(rewards + roundings >= authorities.due, "{} of {}", rewards, authorities.due);
    }

    /// Delegators who are not of it share its rewards and its slashes; it never gets at their stake.
    #[test]
    fn nobody_is_robbed_through_ones_own_provider(seed: u64, steps in 1usize..350) {
        let (ledger, script) = play(seed, steps, &[delegator(0), delegator(1)])?;
        let (wallets, fees, authorities) = (&script.wallets, ledger.flows.fees, &script.authorities);
        prop_assert!(wallets.lost() >= i128::try_from(fees - authorities.most).unwrap(), "{:?}", wallets);
        prop_assert!(wallets.stake_out <= wallets.stake_in + wallets.honest_moves, "{:?}", wallets);
    }
}

/// The properties are worth something only if much is paid, earned and slashed in them, under shares that
/// change.
#[test]
fn washes_pay_fees_and_earn_rewards() {
    let (mut earned, mut slashed, mut robbed, mut changed) = (0, 0, 0, 0);
    for seed in 0..60 {
        let honest = [delegator(0), delegator(1)];
        let (ledger, script) = play(seed, 250, &honest).unwrap();
        let rewards = u128::from(ledger.rewards.books.paid_out.get());
        earned += u32::from(rewards > 100 && script.wallets.lost() > 0);
        slashed += u32::from(ledger.flows.stake_burned > 0);
        robbed += u32::from(ledger.flows.stake_burned > 0 && script.wallets.honest_moves > 0);
        let last_share = u128::from(ledger.network.params.reward.share_bps.get());
        let at_last_share = ledger.flows.fees * last_share / 10_000;
        changed += u32::from(at_last_share.abs_diff(script.authorities.most) > 100);
    }
    std::println!("{earned} earned, {slashed} slashed, {robbed} with honest delegators, {changed} with other shares");
    assert!(earned >= 30 && slashed >= 30 && robbed >= 20 && changed >= 20);
}
