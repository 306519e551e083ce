//! What the model does not know: who holds which tokens outside the vaults, and how many accounts there are.
//!
//! A transaction touches no account that it does not name. So the token accounts that it names are read
//! before and after, and have to differ by what its events owe and nothing else.

use super::World;
use crate::step::Step;
use mira_chain::event::Event;
use mira_chain::token::{TOKEN_PROGRAM, associated};
use mira_core::Key;
use mira_core::dispute::Verdict;
use mira_core::ledger::Ledger;
use solana_program_pack::Pack;
use solana_sdk::account::ReadableAccount;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use spl_token_interface::state::Account;
use std::collections::BTreeMap;

/// The place of the account that `stake`, `fund_job` and `open_dispute` pay from.
const FROM: usize = 4;
/// The place of the account that `withdraw_stake`, `close_job` and `claim_delegation_reward` pay to.
const DESTINATION: usize = 5;
/// The same of `withdraw_treasury`.
const TREASURY_DESTINATION: usize = 4;
/// The places of the accounts that `resolve_dispute` pays to.
const BOND_TO: usize = 7;
const COMPENSATION_TO: usize = 8;

/// Base units that a wallet gains, or loses if negative.
pub(super) type Change = (Pubkey, i128);

/// How things stand outside the model.
pub(super) struct Outside {
    /// What each wallet holds that a transaction names.
    wallets: BTreeMap<Pubkey, u64>,
    /// How many accounts the program has more than the model: those that a test has put there.
    surplus: i64,
}

impl World {
    /// How things stand before `instructions` are sent.
    pub(super) fn outside(&self, instructions: &[Instruction]) -> Outside {
        let named = instructions.iter().flat_map(|instruction| &instruction.accounts);
        let keys = named.filter(|meta| meta.is_writable).map(|meta| meta.pubkey);
        let wallets = keys.filter(|key| !self.is_vault(key)).map(|key| (key, self.held(&key))).collect();
        Outside { wallets, surplus: self.surplus() }
    }

    /// Panics unless exactly what is `due` has moved since, and the program has as many accounts more or
    /// less as the model has.
    pub(super) fn compare_outside(&self, before: &Outside, due: &[Change]) {
        let mut expected = BTreeMap::new();
        for (wallet, change) in due.iter().filter(|(_, change)| *change != 0) {
            *expected.entry(*wallet).or_insert(0) += change;
        }
        let change = |(key, held): (&Pubkey, &u64)| (*key, i128::from(self.held(key)) - i128::from(*held));
        let found: BTreeMap<Pubkey, i128> = before.wallets.iter().map(change).filter(|(_, by)| *by != 0).collect();
        assert_eq!(found, expected, "wallets changed by something else than the events owe");
        assert_eq!(self.surplus(), before.surplus, "the program has other accounts than the model");
    }

    /// How many accounts the program has that the model does not know.
    pub(crate) fn surplus(&self) -> i64 {
        let model = &self.model;
        let maps = [model.providers.len(), model.positions.len(), model.jobs.len(), model.leases.len()];
        // The network's own two, and one for each entry.
        let known = 2 + maps.iter().sum::<usize>() + model.disputes.len() + model.shards.len();
        let accounts = self.svm.accounts_db().inner.values();
        let found = accounts.filter(|account| *account.owner() == mira::ID).count();
        i64::try_from(found).unwrap() - i64::try_from(known).unwrap()
    }

    /// What an event owes to wallets and takes from them. `before`: the model ahead of the step.
    pub(super) fn due(&self, before: &Ledger, step: &Step, event: &Event) -> Vec<Change> {
        let (stake, payment) = (self.stake_mint, self.payment_mint);
        let takes = |amount: u64| vec![(named(step, FROM), -i128::from(amount))];
        let owes = |to: Pubkey, amount: u64| vec![(to, i128::from(amount))];
        match event {
            Event::StakeAdded(e) => takes(e.amount),
            Event::JobFunded(e) => takes(e.amount),
            Event::DisputeOpened(e) => takes(e.bond),
            Event::StakeWithdrawn(e) => owes(payee(step, DESTINATION, &e.staker.to_bytes(), &stake), e.amount),
            Event::JobClosed(e) => {
                let requester = before.jobs[&e.job.to_bytes()].books.requester;
                owes(payee(step, DESTINATION, &requester, &payment), e.refunded + e.foreign)
            }
            Event::LeaseSettled(e) => {
                let provider = before.leases[&e.lease.to_bytes()].provider;
                owes(self.payout(&Pubkey::from(provider)), e.gross - e.fee)
            }
            Event::DisputeResolved(e) => {
                let (entry, dispute) = (&before.leases[&e.lease.to_bytes()], &before.disputes[&e.lease.to_bytes()]);
                let rejected = e.verdict == Verdict::Rejected.as_u8();
                let winner = if rejected { before.providers[&entry.provider].owner } else { dispute.challenger };
                let bond = owes(payee(step, BOND_TO, &winner, &stake), e.bond);
                let rest = owes(payee(step, COMPENSATION_TO, &entry.requester, &stake), e.compensation);
                [bond, rest].concat()
            }
            Event::RewardClaimed(e) => owes(self.payout(&e.provider), e.owner_amount),
            Event::DelegationRewardClaimed(e) => {
                owes(payee(step, DESTINATION, &e.staker.to_bytes(), &payment), e.amount)
            }
            Event::TreasuryWithdrawn(e) => owes(named(step, TREASURY_DESTINATION), e.amount),
            // Nothing else moves tokens across the border.
            _ => Vec::new(),
        }
    }

    /// The account that a provider is paid to.
    pub(super) fn payout(&self, provider: &Pubkey) -> Pubkey {
        self.state::<mira::state::Provider>(provider).unwrap().payout
    }

    /// Base units in a token account; 0 if it is none.
    fn held(&self, key: &Pubkey) -> u64 {
        self.tokens(key).map_or(0, |tokens| tokens.amount)
    }

    /// Whether one of the program's accounts signs for that token account.
    fn is_vault(&self, key: &Pubkey) -> bool {
        let signer = self.tokens(key).and_then(|tokens| self.svm.accounts_db().get_account_ref(&tokens.owner));
        signer.is_some_and(|signer| *signer.owner() == mira::ID)
    }

    fn tokens(&self, key: &Pubkey) -> Option<Account> {
        let account = self.svm.accounts_db().get_account_ref(key)?;
        if *account.owner() == TOKEN_PROGRAM { Account::unpack(account.data()).ok() } else { None }
    }
}

/// The account in one place of the program's instruction.
fn named(step: &Step, place: usize) -> Pubkey {
    step.instructions.last().expect("a step has instructions").accounts[place].pubkey
}

/// Where `whose` tokens go: if it signs, to any account that is named in that `place`; else to its associated one.
fn payee(step: &Step, place: usize, whose: &Key, mint: &Pubkey) -> Pubkey {
    let whose = Pubkey::from(*whose);
    let metas = &step.instructions.last().expect("a step has instructions").accounts;
    match metas.iter().any(|meta| meta.is_signer && meta.pubkey == whose) {
        true => metas[place].pubkey,
        false => associated(&whose, mint),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::PURSE;
    use mira_chain::pda;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    /// Whether what happened to somebody about to stake shows, if it owes that much.
    fn shows(owed: i128, happen: impl FnOnce(&mut World, &Pubkey)) -> bool {
        let mut world = World::network();
        let staker = world.actor("somebody");
        let (key, purse) = (staker.pubkey(), world.stake_purse(&staker.pubkey()));
        let outside = world.outside(&world.stake(&staker, &pda::provider(&key), 5).instructions);
        happen(&mut world, &key);
        catch_unwind(AssertUnwindSafe(|| world.compare_outside(&outside, &[(purse, -owed)]))).is_err()
    }

    #[test]
    fn a_wallet_that_pays_what_it_does_not_owe_shows() {
        let pays = |amount: u64| {
            move |world: &mut World, key: &Pubkey| {
                world.put_purse(key, world.stake_mint, PURSE - amount);
            }
        };
        assert!(!shows(0, pays(0)) && !shows(5, pays(5)));
        assert!(shows(0, pays(1)) && shows(5, pays(0)) && shows(5, pays(4)));
    }

    #[test]
    fn an_account_too_many_shows() {
        let key = Pubkey::new_from_array([7; 32]);
        assert!(shows(0, |world, _| world.put(key, mira::ID, vec![0; 8])));
        assert!(!shows(0, |world, _| world.put(key, TOKEN_PROGRAM, vec![0; 8])));
    }
}
