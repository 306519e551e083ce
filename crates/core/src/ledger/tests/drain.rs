//! From wherever a script stops, paused or not: strangers' cranks end everything when it is due, owners
//! take out what is theirs, and nothing is left over.

use super::cast::stranger;
use super::script::{Script, deadlines};
use super::step::step;
use crate::amount::{Payment, Shares, Stake};
use crate::error::Error;
use crate::ledger::{Action, Ledger};
use crate::stake_pool::Pool;
use proptest::prelude::*;

type Drained = Result<(), TestCaseError>;

/// Ends everything. Takes what may still be claimed out as well.
pub fn drain(ledger: &mut Ledger, script: &mut Script, paused: bool) -> Drained {
    if paused && !ledger.network.paused {
        must(ledger, script, Action::SetPause { actor: ledger.network.guardian, paused: true })?;
    }
    let last = deadlines(ledger).into_iter().max().unwrap_or(0);
    wait(ledger, script, last)?;
    crank(ledger, script)?;
    pay_rewards(ledger, script)?;
    unstake(ledger, script)?;
    nothing_is_left(ledger)
}

/// Does what cannot be refused.
fn must(ledger: &mut Ledger, script: &mut Script, action: Action) -> Drained {
    let outcome = step(ledger, script, &action)?;
    prop_assert_eq!(outcome, Ok(()), "{:?}", action);
    Ok(())
}

fn wait(ledger: &mut Ledger, script: &mut Script, until: i64) -> Drained {
    let secs = u32::try_from((until - ledger.now).max(0)).unwrap();
    must(ledger, script, Action::Advance { secs })
}

/// What needs nobody's signature: disputes, leases, jobs, sweeps, the pending epoch.
fn crank(ledger: &mut Ledger, script: &mut Script) -> Drained {
    for lease in ledger.disputes.clone().into_keys() {
        must(ledger, script, Action::ResolveDispute { lease })?;
    }
    for (lease, entry) in ledger.leases.clone() {
        if !entry.books.released {
            must(ledger, script, Action::ReleaseLease { lease })?;
        }
        must(ledger, script, Action::EndLease { lease })?;
    }
    for (job, entry) in ledger.jobs.clone() {
        let before = ledger.flows.payment_out;
        must(ledger, script, Action::CloseJob { job })?;
        let back = u128::from(entry.vault.get());
        prop_assert_eq!(ledger.flows.payment_out - before, back, "a requester gets its whole vault");
    }
    for (shard, entry) in ledger.shards.clone() {
        if entry.books.swept < entry.books.collected {
            must(ledger, script, Action::SweepFees { shard })?;
        }
    }
    let Some(pending) = ledger.rewards.books.epochs.pending else { return Ok(()) };
    // By now it is stale: anyone may cancel it, and anyone may finalize it if its fees are there.
    let swept = pending.epoch.cumulative_fees <= ledger.rewards.books.swept;
    let cancel = Action::CancelEpoch { actor: stranger() };
    let mut other = ledger.clone();
    prop_assert_eq!(other.apply(&cancel), Ok(()));
    let finalized = step(ledger, script, &Action::FinalizeEpoch)?;
    let expected = if swept { Ok(()) } else { Err(Error::EpochFeesNotSwept) };
    prop_assert_eq!(finalized, expected);
    if !swept { must(ledger, script, cancel) } else { Ok(()) }
}

/// Every leaf of the final root is paid as far as the root's total goes, and every position is paid what
/// it has earned of that.
fn pay_rewards(ledger: &mut Ledger, script: &mut Script) -> Drained {
    let last = script.authorities.last.clone();
    for (provider, amount) in &last.leaves {
        let claimed = ledger.providers[provider].books.claimed.get();
        let left = last.epoch.cumulative_total.get() - ledger.rewards.books.claimed.get();
        let expected = match amount.checked_sub(claimed) {
            None | Some(0) => Err(Error::NothingToClaim),
            Some(more) if more > left => Err(Error::ClaimExceedsTotal),
            Some(_) => Ok(()),
        };
        let root = last.climb(provider, *amount);
        let action =
            Action::ClaimReward { provider: *provider, amount: Payment::new(*amount), root, payout_usable: true };
        prop_assert_eq!(step(ledger, script, &action)?, expected);
    }
    for ((provider, staker), position) in ledger.positions.clone() {
        let owed = position.accrue(ledger.providers[&provider].books.reward_index).unwrap().owed;
        // An owner that was slashed of all it had closes its empty position so.
        let nothing = owed.is_zero() && !position.is_empty();
        let expected = if nothing { Err(Error::NothingToClaim) } else { Ok(()) };
        let before = ledger.flows.payment_out;
        let action = Action::ClaimDelegationReward { provider, staker };
        prop_assert_eq!(step(ledger, script, &action)?, expected);
        prop_assert_eq!(ledger.flows.payment_out - before, u128::from(owed.get()));
    }
    Ok(())
}

/// Everyone leaves with all its shares.
fn unstake(ledger: &mut Ledger, script: &mut Script) -> Drained {
    for ((provider, staker), position) in ledger.positions.clone() {
        for _ in &position.tickets {
            must(ledger, script, Action::WithdrawStake { provider, staker, ticket: 0 })?;
        }
        if !position.shares.is_zero() {
            must(ledger, script, Action::RequestUnstake { provider, staker, shares: position.shares })?;
        }
    }
    wait(ledger, script, ledger.now + i64::from(ledger.network.params.unbonding_secs))?;
    for ((provider, staker), position) in ledger.positions.clone() {
        for _ in &position.tickets {
            must(ledger, script, Action::WithdrawStake { provider, staker, ticket: 0 })?;
        }
    }
    Ok(())
}

fn nothing_is_left(ledger: &Ledger) -> Drained {
    prop_assert!(ledger.jobs.is_empty() && ledger.leases.is_empty() && ledger.disputes.is_empty());
    prop_assert!(ledger.positions.is_empty());
    prop_assert_eq!(ledger.stake_vault, ledger.stake_foreign);
    for entry in ledger.providers.values() {
        prop_assert_eq!(entry.books.pool, Pool::default());
        prop_assert_eq!((entry.books.exposure, entry.books.own_shares), (Stake::ZERO, Shares::ZERO));
        prop_assert_eq!(entry.books.open_leases, 0);
    }
    for entry in ledger.shards.values() {
        prop_assert_eq!(entry.vault, entry.foreign);
    }
    // What stays is no one's yet, or is the treasury's, a gift, or the roundings of the index.
    let books = &ledger.rewards.books;
    let last = &books.epochs.last;
    let waiting = u128::from(books.swept.get()) - u128::from(last.cumulative_fees.get());
    let unclaimed = u128::from(last.cumulative_total.get()) - u128::from(books.claimed.get());
    let rounding = u128::from(books.claimed.get()) - u128::from(books.paid_out.get());
    let held = u128::from(ledger.rewards.vault.get()) - u128::from(ledger.rewards.foreign.get());
    prop_assert_eq!(held, waiting + unclaimed + rounding);
    Ok(())
}
