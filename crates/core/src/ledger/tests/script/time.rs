//! The clock, and gifts.

use super::Script;
use crate::ledger::tests::cast::{amount, paid_in, pick};
use crate::ledger::{Action, Ledger, Vault};
use crate::testing::Dice;
use std::vec::Vec;

/// Every second from which something else holds than before.
pub fn deadlines(ledger: &Ledger) -> Vec<i64> {
    let mut times =
        Vec::from([ledger.rewards.books.epochs.last_at + i64::from(ledger.network.params.reward.epoch_secs)]);
    for entry in ledger.leases.values() {
        let lease = &entry.books;
        let closing = ledger.jobs.get(&entry.job).and_then(|job| lease.settle_until(&job.books).ok());
        times.extend([lease.expires_at, lease.settle_until, lease.dispute_until]);
        times.extend(closing);
    }
    for entry in ledger.jobs.values() {
        times.extend([entry.books.young_until, entry.books.deadline, entry.books.due_at]);
    }
    for dispute in ledger.disputes.values() {
        times.extend([dispute.respond_until, dispute.vote_until]);
    }
    for position in ledger.positions.values() {
        times.extend(position.tickets.iter().map(|ticket| ticket.unlock_ts));
    }
    for entry in ledger.providers.values() {
        times.extend([entry.books.jailed_until, entry.books.commission.from]);
    }
    let pending = ledger.rewards.books.epochs.pending;
    times.extend(pending.into_iter().flat_map(|pending| [pending.final_from, pending.stale_from]));
    times
}

/// A little, or to the very second of one of the next deadlines, or to the one before it.
pub fn advance(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let mut next: Vec<i64> = deadlines(ledger).into_iter().filter(|time| *time > ledger.now).collect();
    next.sort_unstable();
    next.truncate(4);
    if next.is_empty() || dice.one_in(2) {
        return Action::Advance { secs: u32::try_from(dice.amount(5)).unwrap() };
    }
    let until = dice.of(&next) - i64::from(dice.one_in(4));
    Action::Advance { secs: u32::try_from(until - ledger.now).unwrap() }
}

/// To any vault, even one that is not there.
pub fn donate(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let job = pick(&ledger.jobs, dice);
    let shard = u8::try_from(dice.below(20)).unwrap();
    let vault = dice.of(&[Vault::Stake, Vault::Job(job), Vault::Shard(shard), Vault::Rewards, Vault::Treasury]);
    let inflow = if vault == Vault::Stake { ledger.flows.stake_in } else { paid_in(ledger) };
    Action::Donate { vault, amount: amount(dice, 10, inflow) }
}
