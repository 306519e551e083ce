//! Who plays in a random script, and what they try: mostly sensible things, often not.

#![allow(clippy::cast_possible_truncation)]

use super::super::*;
use crate::amount::{Bps, Shares, UnitPrice, Units};
use crate::job::{JobTerms, job_id};
use crate::lease::LeaseTerms;
use crate::testing::job_terms;
use std::vec;
use std::vec::Vec;

/// When every script begins.
pub const NOW: i64 = 1_000_000;

const OWNERS: u64 = 3;
const REQUESTERS: u64 = 2;

/// Hands out addresses the way the chain does: the same parts give the same address.
#[derive(Default)]
pub struct Cast {
    ids: u32,
}

fn key(kind: u8, parts: &[u64]) -> Key {
    let mut key = [0u8; 32];
    // The first byte chooses the fee shard, so it must vary.
    key[0] = parts.iter().fold(kind, |sum, part| sum.wrapping_mul(31).wrapping_add(*part as u8));
    key[1] = kind;
    for (room, part) in key[2..].chunks_exact_mut(8).zip(parts) {
        room.copy_from_slice(&part.to_le_bytes());
    }
    key
}

fn owner(index: u64) -> Key {
    key(b'o', &[index])
}

fn operator(index: u64) -> Key {
    key(b'h', &[index])
}

fn provider(index: u64) -> Key {
    key(b'p', &[index])
}

fn requester(index: u64) -> Key {
    key(b'r', &[index])
}

/// One of the map's keys, or a stranger's if there is none.
fn pick<V>(map: &std::collections::BTreeMap<Key, V>, dice: u64) -> Key {
    let len = map.len().max(1) as u64;
    map.keys().nth((dice % len) as usize).copied().unwrap_or([0xee; 32])
}

impl Cast {
    /// The next action of a script, made from four dice.
    pub fn improvise(&mut self, ledger: &Ledger, [kind, a, b, c]: [u64; 4]) -> Action {
        let lease = pick(&ledger.leases, a);
        let job = pick(&ledger.jobs, a);
        match kind % 25 {
            0 => Action::RegisterProvider {
                provider: provider(a % OWNERS),
                owner: owner(a % OWNERS),
                operator: operator(a % OWNERS),
            },
            1..=3 => Action::Stake {
                provider: provider(a % OWNERS),
                staker: owner(b % OWNERS),
                amount: Stake::new(c % 100_000),
            },
            4 => self.request_unstake(ledger, a, b, c),
            5 => self.withdraw_stake(ledger, a, b, c),
            6 => self.create_job(ledger, a, b),
            7 | 8 => Action::FundJob { job, amount: Payment::new(c % 50_000) },
            9..=12 => self.open_lease(ledger, a, b, c),
            13..=15 => self.settle(ledger, lease, b, c),
            16 => self.close_lease(ledger, lease, b),
            17 => Action::ReleaseLease { lease },
            18 => Action::EndLease { lease },
            19 if b.is_multiple_of(4) => Action::BeginCloseJob { job, actor: requester(c % REQUESTERS) },
            19 | 20 => Action::CloseJob { job },
            21 => self.sweep_fees(ledger, a, b),
            22 => Action::Donate { vault: self.vault(job, a), amount: c % 1_000 },
            _ if b.is_multiple_of(3) => Action::Advance { secs: (c % 300) as u32 },
            _ => Action::Advance { secs: (c % 60) as u32 },
        }
    }

    fn request_unstake(&self, ledger: &Ledger, a: u64, b: u64, c: u64) -> Action {
        let (provider, staker) = (provider(a % OWNERS), owner(b % OWNERS));
        let held = ledger.positions.get(&(provider, staker)).map(|position| position.shares.get()).unwrap_or(9);
        Action::RequestUnstake { provider, staker, shares: Shares::new(u128::from(c) % (held + 2)) }
    }

    fn withdraw_stake(&self, ledger: &Ledger, a: u64, b: u64, c: u64) -> Action {
        let mut ripe = ledger.positions.iter().filter(|(_, position)| !position.tickets.is_empty());
        let anyone = (provider(a % OWNERS), owner(b % OWNERS));
        let (provider, staker) = match c % 4 {
            0 => anyone,
            _ => ripe.nth((a % 2) as usize).map_or(anyone, |(key, _)| *key),
        };
        Action::WithdrawStake { provider, staker, ticket: (c % 2) as u8 }
    }

    fn sweep_fees(&self, ledger: &Ledger, a: u64, b: u64) -> Action {
        let full = ledger.shards.iter().find(|(_, entry)| entry.books.swept < entry.books.collected);
        let anyone = (a % 17) as u8;
        Action::SweepFees { shard: if b.is_multiple_of(4) { anyone } else { full.map_or(anyone, |(shard, _)| *shard) } }
    }

    fn create_job(&mut self, ledger: &Ledger, a: u64, b: u64) -> Action {
        // Often an id that was used before, to try whether an address can return.
        self.ids = if b.is_multiple_of(3) { self.ids } else { self.ids + 1 };
        let made = ledger.now - (b % 7) as i64;
        self.job(a % REQUESTERS, job_id(made, self.ids % 4).unwrap(), ledger.now)
    }

    fn job(&self, index: u64, job_id: u64, now: i64) -> Action {
        let base = job_terms(now);
        let terms = JobTerms {
            requester: requester(index),
            voucher_signer: requester(index),
            job_id,
            max_share: Bps::new(9_000).unwrap(),
            max_leases: 3,
            ..base
        };
        Action::CreateJob { job: key(b'j', &[index, job_id]), terms }
    }

    fn open_lease(&self, ledger: &Ledger, a: u64, b: u64, c: u64) -> Action {
        let job_key = pick(&ledger.jobs, a);
        let Some(job) = ledger.jobs.get(&job_key) else {
            return Action::Advance { secs: 1 };
        };
        let index = b % OWNERS;
        let free = job.books.free_escrow().unwrap().get();
        let job_part = u64::from_le_bytes(job_key[10..18].try_into().unwrap());
        let parts = [job_part, index, u64::from(job.books.leases_total)];
        Action::OpenLease {
            lease: key(b'l', &parts),
            job: job_key,
            provider: provider(index),
            operator: if b.is_multiple_of(17) { owner(index) } else { operator(index) },
            matcher: if b.is_multiple_of(13) { [0; 32] } else { job.books.requester },
            terms: LeaseTerms {
                unit_price: UnitPrice::new(1 + c % 101),
                cap: Payment::new(c % (free + 2)),
                expires_at: ledger.now + (c % 102) as i64,
            },
        }
    }

    fn settle(&self, ledger: &Ledger, lease: Key, b: u64, c: u64) -> Action {
        let entry = ledger.leases.get(&lease);
        let cap = entry.map(|entry| entry.books.cap.get()).unwrap_or(0);
        let signer = entry.map(|entry| entry.voucher_signer).unwrap_or([0; 32]);
        Action::Settle {
            lease,
            signer: if b.is_multiple_of(11) { [7; 32] } else { signer },
            cumulative_amount: Payment::new(if b.is_multiple_of(9) { u64::MAX } else { c % (cap + 1) }),
            cumulative_units: Units::new(c),
        }
    }

    fn close_lease(&self, ledger: &Ledger, lease: Key, b: u64) -> Action {
        let entry = ledger.leases.get(&lease);
        let actor = match (b % 4, entry) {
            (0, Some(entry)) => entry.operator,
            (1, Some(entry)) => entry.requester,
            _ => owner(b % OWNERS),
        };
        Action::CloseLease { lease, actor }
    }

    fn vault(&self, job: Key, a: u64) -> Vault {
        match a % 4 {
            0 => Vault::Stake,
            1 => Vault::Job(job),
            2 => Vault::Shard((a % 16) as u8),
            _ => Vault::Rewards,
        }
    }

    /// One provider, one job, one lease, a gift to each vault, everything settled and returned.
    pub fn whole_loop(&mut self, ledger: &Ledger) -> Vec<Action> {
        let now = ledger.now;
        let (staker, operator, requester) = (owner(0), operator(0), requester(0));
        let provider = provider(0);
        let create = self.job(0, job_id(now, 1).unwrap(), now);
        let Action::CreateJob { job, .. } = create else { unreachable!() };
        let lease = key(b'l', &[1, 0, 0]);
        let terms = LeaseTerms { unit_price: UnitPrice::new(7), cap: Payment::new(9_000), expires_at: now + 60 };
        let pay = |amount| Action::Settle {
            lease,
            signer: requester,
            cumulative_amount: Payment::new(amount),
            cumulative_units: Units::new(amount),
        };
        vec![
            Action::RegisterProvider { provider, owner: staker, operator },
            Action::Stake { provider, staker, amount: Stake::new(50_000) },
            create,
            Action::FundJob { job, amount: Payment::new(10_000) },
            Action::OpenLease { lease, job, provider, operator, matcher: requester, terms },
            Action::Donate { vault: Vault::Job(job), amount: 5 },
            pay(333),
            pay(4_001),
            pay(u64::MAX),
            Action::SweepFees { shard: crate::fee_shard::shard_of(&lease) },
            Action::BeginCloseJob { job, actor: requester },
            Action::CloseLease { lease, actor: operator },
            Action::ReleaseLease { lease },
            Action::Advance { secs: 30 },
            Action::CloseJob { job },
            Action::EndLease { lease },
            Action::RequestUnstake { provider, staker, shares: Shares::new(50_000) },
            Action::Advance { secs: 200 },
            Action::WithdrawStake { provider, staker, ticket: 0 },
        ]
    }
}
