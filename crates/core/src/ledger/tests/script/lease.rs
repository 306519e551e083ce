//! Operators, matchers and vouchers.

use super::Script;
use crate::Key;
use crate::amount::{Payment, UnitPrice, Units};
use crate::job::JobStatus;
use crate::lease::LeaseTerms;
use crate::ledger::tests::cast::{
    self, PROVIDERS, mostly, operator, owner, part, pick, pick_where, provider, requester,
};
use crate::ledger::{Action, LeaseEntry, Ledger};
use crate::provider::ProviderStatus;
use crate::testing::Dice;
use std::vec::Vec;

/// The largest cap that job and provider together could take now.
pub fn room(ledger: &Ledger, job: &Key, provider: &Key) -> u64 {
    let (Some(job), Some(provider)) = (ledger.jobs.get(job), ledger.providers.get(provider)) else { return 0 };
    let (job, provider, params) = (&job.books, &provider.books, &ledger.network.params);
    let active = provider.pool.active_value().unwrap();
    let takes = provider.status == ProviderStatus::Active && provider.own_stake().unwrap() >= params.min_stake;
    let fits = active >= job.min_provider_stake && job.open_leases < job.max_leases;
    if !takes || !fits || job.status != JobStatus::Open || job.deadline <= ledger.now {
        return 0;
    }
    let share = u128::from(job.funded.get()) * u128::from(job.max_share.get()) / 10_000;
    let free = u128::from(job.free_escrow().unwrap().get());
    let backing = active.get().saturating_sub(provider.exposure.get());
    let backed = u128::from(backing) * 1_000_000 / u128::from(params.stake_per_million.get());
    u64::try_from(share.min(free).min(backed)).unwrap()
}

pub fn open_lease(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let provider = provider(dice.below(PROVIDERS));
    let roomy: Vec<Key> = ledger.jobs.keys().filter(|job| room(ledger, job, &provider) > 0).copied().collect();
    let job = if roomy.is_empty() || dice.one_in(10) { pick(&ledger.jobs, dice) } else { dice.of(&roomy) };
    let entry = ledger.jobs.get(&job);
    let matchers = entry.map_or([requester(0); 2], |entry| {
        [entry.books.requester, entry.books.dispatcher.unwrap_or(entry.books.requester)]
    });
    let hot = ledger.providers.get(&provider).map_or(operator(0), |entry| entry.operator);
    let (deadline, dearest) =
        entry.map_or((ledger.now + 9, 7), |entry| (entry.books.deadline, entry.books.max_unit_price.get()));
    let longest = i64::from(ledger.network.params.max_lease_secs).min(deadline - ledger.now).max(1);
    let expires_at = match dice.below(12) {
        0 => dice.of(&[i64::MAX, i64::MIN, ledger.now, ledger.now + longest + 1, deadline + 1]),
        _ => ledger.now + dice.within(1, longest.cast_unsigned()).cast_signed(),
    };
    let cap = room(ledger, &job, &provider);
    let right = dice.of(&matchers);
    let price = if dice.one_in(10) { part(dice, dearest) } else { 1 + dice.below(dearest) };
    Action::OpenLease {
        lease: cast::lease(&job, &provider, entry.map_or(0, |entry| entry.books.leases_total)),
        job,
        provider,
        operator: mostly(dice, hot),
        matcher: mostly(dice, right),
        terms: LeaseTerms {
            unit_price: UnitPrice::new(price),
            cap: Payment::new(if dice.one_in(6) { part(dice, cap) } else { 1 + dice.below(cap) }),
            expires_at,
        },
    }
}

fn payable(entry: &LeaseEntry) -> bool {
    !entry.books.released && entry.books.settled < entry.books.cap
}

/// A running total: from what is settled to a little over the cap, or anything.
fn total(entry: Option<&LeaseEntry>, dice: &mut Dice) -> Payment {
    let (settled, cap) = entry.map_or((0, 9), |entry| (entry.books.settled.get(), entry.books.cap.get()));
    Payment::new(if dice.one_in(10) { dice.amount(64) } else { settled.saturating_add(part(dice, cap - settled)) })
}

pub fn settle(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let lease = pick_where(&ledger.leases, dice, payable);
    let entry = ledger.leases.get(&lease);
    let signer = entry.map_or([0; 32], |entry| entry.voucher_signer);
    let (cumulative_amount, cumulative_units) = (total(entry, dice), Units::new(dice.amount(64)));
    Action::Settle { lease, signer: mostly(dice, signer), cumulative_amount, cumulative_units }
}

pub fn settle_direct(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let lease = pick_where(&ledger.leases, dice, payable);
    let entry = ledger.leases.get(&lease);
    let actor = entry.map_or([0; 32], |entry| entry.requester);
    let (cumulative_amount, cumulative_units) = (total(entry, dice), Units::new(dice.amount(64)));
    Action::SettleDirect { lease, actor: mostly(dice, actor), cumulative_amount, cumulative_units }
}

pub fn close_lease(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let lease = pick(&ledger.leases, dice);
    let entry = ledger.leases.get(&lease);
    let actor = entry
        .map_or(owner(0), |entry| dice.of(&[entry.operator, entry.requester, ledger.providers[&entry.provider].owner]));
    Action::CloseLease { lease, actor: mostly(dice, actor) }
}

pub fn release_lease(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let due = |entry: &LeaseEntry| {
        !entry.books.released && entry.books.settle_until(&ledger.jobs[&entry.job].books).unwrap() <= ledger.now
    };
    Action::ReleaseLease { lease: pick_where(&ledger.leases, dice, due) }
}

pub fn end_lease(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let due = |entry: &LeaseEntry| entry.books.released && entry.books.dispute_until <= ledger.now;
    Action::EndLease { lease: pick_where(&ledger.leases, dice, due) }
}
