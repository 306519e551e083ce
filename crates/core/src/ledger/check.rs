//! The invariants of the design, exact to the base unit. The numbers are those of the protocol's
//! list; the eighth is about what a coalition owns at the end of a script, which only a test can count.

use super::Ledger;
use crate::Key;
use crate::amount::Payment;
use crate::error::Error;
use core::fmt;

/// An invariant that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its number in the protocol's list, 0 for an account's own invariant.
    pub invariant: u8,
    /// What does not add up.
    pub what: &'static str,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invariant {}: {}", self.invariant, self.what)
    }
}

impl core::error::Error for Broken {}

type Check = Result<(), Broken>;

impl Ledger {
    /// Invariants 1 to 6, that no token appears or vanishes, and every account's own invariant.
    pub fn check(&self) -> Check {
        self.accounts().map_err(|_| Broken { invariant: 0, what: "an account breaks its own invariant" })?;
        self.escrow()?;
        self.stake()?;
        self.fees()?;
        self.claims()?;
        self.flows()
    }

    /// Invariant 7 between this state and the one after it: amounts and units only grow, and what
    /// ended never changes.
    pub fn check_step(&self, after: &Ledger) -> Check {
        for (key, lease) in &self.leases {
            let Some(next) = after.leases.get(key) else {
                hold(7, "a lease vanished unreleased", lease.books.released)?;
                continue;
            };
            let grows = next.books.settled >= lease.books.settled && next.books.units >= lease.books.units;
            hold(7, "a lease's amount or units fell", grows)?;
            hold(7, "a released lease changed", !lease.books.released || same_money(lease, next))?;
        }
        for (key, job) in &self.jobs {
            let Some(next) = after.jobs.get(key) else { continue };
            let grows = next.books.funded >= job.books.funded && next.books.paid >= job.books.paid;
            hold(7, "a job's funded or paid fell", grows)?;
        }
        let gone = |key: &Key| !after.jobs.contains_key(key) && !after.leases.contains_key(key);
        for (key, provider) in &self.providers {
            let (before, next) = (&provider.books, after.providers.get(key).map(|next| &next.books));
            let grows =
                next.is_some_and(|next| next.claimed >= before.claimed && next.reward_index >= before.reward_index);
            hold(7, "a provider vanished, or its claims fell", grows)?;
        }
        let open = after.leases.iter().all(|(key, lease)| lease.books.disputed == after.disputes.contains_key(key));
        let leased = after.disputes.keys().all(|key| after.leases.contains_key(key));
        hold(7, "a dispute and its lease disagree", open && leased)?;
        hold(7, "an address returned", self.retired.iter().all(gone))?;
        hold(7, "an ended thing was forgotten", self.retired.is_subset(&after.retired))?;
        hold(7, "the clock went back", after.now >= self.now)
    }

    fn accounts(&self) -> Result<(), Error> {
        self.providers.values().try_for_each(|entry| entry.books.invariant())?;
        self.positions.values().try_for_each(|position| position.invariant())?;
        self.jobs.values().try_for_each(|entry| entry.books.invariant())?;
        self.leases.values().try_for_each(|entry| entry.books.invariant())?;
        self.shards.values().try_for_each(|entry| entry.books.invariant())?;
        self.disputes.values().try_for_each(|dispute| dispute.invariant())?;
        self.rewards.books.invariant()?;
        self.network.invariant()
    }

    fn escrow(&self) -> Check {
        for (key, job) in &self.jobs {
            let vault = job.books.escrow().and_then(|escrow| escrow.checked_add(job.foreign));
            hold(1, "a job's vault differs from its books", vault == Ok(job.vault))?;
            let (mut reserved, mut open) = (0u128, 0u32);
            for lease in self.leases.values().filter(|lease| lease.job == *key && !lease.books.released) {
                let rest = lease.books.cap.checked_sub(lease.books.settled).unwrap_or_default();
                reserved = reserved.saturating_add(u128::from(rest.get()));
                open = open.saturating_add(1);
            }
            let committed = u128::from(job.books.committed.get());
            hold(2, "committed differs from the unreleased leases", committed == reserved)?;
            hold(2, "open_leases differs from the unreleased leases", u32::from(job.books.open_leases) == open)?;
        }
        let orphan = self.leases.values().any(|lease| !lease.books.released && !self.jobs.contains_key(&lease.job));
        hold(2, "an unreleased lease has no job", !orphan)
    }

    fn stake(&self) -> Check {
        let bonds = self.disputes.values().map(|dispute| u128::from(dispute.bond.get()));
        let mut total = bonds.fold(u128::from(self.stake_foreign.get()), u128::saturating_add);
        for (key, provider) in &self.providers {
            let pool = &provider.books.pool;
            total = total.saturating_add(u128::from(pool.total_stake.get()));
            let (mut active, mut tickets) = (0u128, 0u128);
            for (_, position) in self.positions.iter().filter(|((of, _), _)| of == key) {
                active = active.saturating_add(position.shares.get());
                let unbonding = position.tickets.iter().map(|ticket| ticket.shares.get());
                tickets = unbonding.fold(tickets, u128::saturating_add);
            }
            let all = active.saturating_add(tickets);
            hold(3, "positions differ from total_shares", all == pool.total_shares.get())?;
            hold(3, "tickets differ from unbonding_shares", tickets == pool.unbonding_shares.get())?;
            let own = self.positions.get(&(*key, provider.owner)).map(|own| own.shares).unwrap_or_default();
            hold(3, "own_shares differs from the owner's position", own == provider.books.own_shares)?;
            let (mut exposure, mut open) = (0u128, 0u32);
            for lease in self.leases.values().filter(|lease| lease.provider == *key) {
                exposure = exposure.saturating_add(u128::from(lease.books.exposure.get()));
                open = open.saturating_add(1);
            }
            let exposed = u128::from(provider.books.exposure.get()) == exposure;
            hold(4, "exposure differs from the leases", exposed)?;
            hold(4, "open_leases differs from the leases", provider.books.open_leases == open)?;
        }
        hold(3, "the stake vault differs from the pools", total == u128::from(self.stake_vault.get()))
    }

    fn fees(&self) -> Check {
        let (mut collected, mut swept) = (0u128, 0u128);
        for shard in self.shards.values() {
            let held = shard.books.collected.checked_sub(shard.books.swept);
            let vault = held.and_then(|held| held.checked_add(shard.foreign));
            hold(5, "a fee vault differs from its shard", vault == Ok(shard.vault))?;
            collected = collected.saturating_add(u128::from(shard.books.collected.get()));
            swept = swept.saturating_add(u128::from(shard.books.swept.get()));
        }
        hold(5, "collected differs from the fees of settlements", collected == self.flows.fees)?;
        hold(5, "swept differs between shards and rewards", swept == u128::from(self.rewards.books.swept.get()))?;
        let rewards = &self.rewards;
        let vault = rewards.books.held().and_then(|held| held.checked_add(rewards.foreign));
        hold(5, "the reward vault differs from its books", vault == Ok(rewards.vault))?;
        let treasury = rewards.books.treasury().and_then(|held| held.checked_add(rewards.treasury_foreign));
        hold(5, "the treasury's vault differs from its books", treasury == Ok(rewards.treasury))
    }

    /// What is claimed but not paid out covers what every position has earned, to the rounding. That a
    /// provider has claimed no more than its leaf is for tests to check, which know the trees.
    fn claims(&self) -> Check {
        let (mut claimed, mut earned) = (0u128, 0u128);
        for (key, provider) in &self.providers {
            claimed = claimed.saturating_add(u128::from(provider.books.claimed.get()));
            for (_, position) in self.positions.iter().filter(|((of, _), _)| of == key) {
                let owed = position.accrue(provider.books.reward_index).map(|position| position.owed);
                earned = earned.saturating_add(u128::from(owed.unwrap_or(Payment::MAX).get()));
            }
        }
        let books = &self.rewards.books;
        hold(6, "claimed differs from the providers' claims", claimed == u128::from(books.claimed.get()))?;
        let total = u128::from(books.epochs.last.cumulative_total.get());
        hold(6, "more is claimed than the final root's total", claimed <= total)?;
        let kept = u128::from(books.claimed.get()).saturating_sub(u128::from(books.paid_out.get()));
        hold(6, "positions have earned more than claims left for them", earned <= kept)
    }

    fn flows(&self) -> Check {
        let jobs = self.jobs.values().map(|job| job.vault);
        let vaults = jobs
            .chain(self.shards.values().map(|shard| shard.vault))
            .chain([self.rewards.vault, self.rewards.treasury]);
        let held = vaults.fold(self.flows.payment_out, |sum, vault| sum.saturating_add(u128::from(vault.get())));
        hold(1, "payment appeared or vanished", held == self.flows.payment_in)?;
        let gone = self.flows.stake_out.saturating_add(self.flows.stake_burned);
        let held = gone.saturating_add(u128::from(self.stake_vault.get()));
        hold(3, "stake appeared or vanished", held == self.flows.stake_in)
    }
}

/// A dispute may still flag a released lease and take its exposure; its escrow never changes again.
fn same_money(before: &super::LeaseEntry, after: &super::LeaseEntry) -> bool {
    let lease = |books: &crate::lease::Lease| crate::lease::Lease {
        exposure: crate::amount::Stake::ZERO,
        disputed: false,
        challenged: false,
        ..*books
    };
    lease(&before.books) == lease(&after.books)
}

fn hold(invariant: u8, what: &'static str, holds: bool) -> Check {
    if holds { Ok(()) } else { Err(Broken { invariant, what }) }
}
