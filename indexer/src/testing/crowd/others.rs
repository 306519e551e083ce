//! The accounts that an action does not touch, kept out of the model while it plays.

use std::collections::HashMap;
use std::hash::Hash;

use mira_core::Key;
use mira_core::amount::Payment;
use mira_core::dispute::Dispute;
use mira_core::ledger::{Action, JobEntry, LeaseEntry, Ledger, ProviderEntry};
use mira_core::position::Position;

/// Accounts by address, as in the model. Never read in the order of a map.
#[derive(Default)]
pub(super) struct Others {
    providers: HashMap<Key, ProviderEntry>,
    positions: HashMap<(Key, Key), Position>,
    jobs: HashMap<Key, JobEntry>,
    leases: HashMap<Key, LeaseEntry>,
    disputes: HashMap<Key, Dispute>,
}

impl Others {
    /// Puts what an action touches into the model. What is not there, the model misses as it should.
    pub(super) fn hand_out(&mut self, ledger: &mut Ledger, action: &Action) {
        match *action {
            Action::UpdateProvider { provider, .. } | Action::ClaimReward { provider, .. } => {
                self.provider(ledger, provider);
            }
            Action::Stake { provider, staker, .. }
            | Action::RequestUnstake { provider, staker, .. }
            | Action::CancelUnstake { provider, staker, .. }
            | Action::WithdrawStake { provider, staker, .. }
            | Action::ClaimDelegationReward { provider, staker } => {
                self.provider(ledger, provider);
                hand(&mut self.positions, &mut ledger.positions, (provider, staker));
            }
            Action::FundJob { job, .. } | Action::BeginCloseJob { job, .. } | Action::CloseJob { job } => {
                hand(&mut self.jobs, &mut ledger.jobs, job);
            }
            Action::OpenLease { job, provider, .. } => {
                hand(&mut self.jobs, &mut ledger.jobs, job);
                self.provider(ledger, provider);
            }
            Action::Settle { lease, .. }
            | Action::CloseLease { lease, .. }
            | Action::ReleaseLease { lease }
            | Action::EndLease { lease }
            | Action::OpenDispute { lease, .. }
            | Action::RespondDispute { lease, .. }
            | Action::VoteDispute { lease, .. }
            | Action::ResolveDispute { lease } => self.lease(ledger, lease),
            _ => {}
        }
    }

    /// Takes all accounts out of the model.
    pub(super) fn take_back(&mut self, ledger: &mut Ledger) {
        self.providers.extend(std::mem::take(&mut ledger.providers));
        self.positions.extend(std::mem::take(&mut ledger.positions));
        self.jobs.extend(std::mem::take(&mut ledger.jobs));
        self.leases.extend(std::mem::take(&mut ledger.leases));
        self.disputes.extend(std::mem::take(&mut ledger.disputes));
        // No address is used again.
        ledger.retired.clear();
    }

    #[cfg(test)]
    pub(super) fn hand_all_out(&mut self, ledger: &mut Ledger) {
        ledger.providers.extend(self.providers.drain());
        ledger.positions.extend(self.positions.drain());
        ledger.jobs.extend(self.jobs.drain());
        ledger.leases.extend(self.leases.drain());
        ledger.disputes.extend(self.disputes.drain());
    }

    /// A staker's position, if its account exists.
    pub(super) fn position(&self, provider: Key, staker: Key) -> Option<&Position> {
        self.positions.get(&(provider, staker))
    }

    /// What was ever claimed for a provider.
    pub(super) fn claimed(&self, provider: Key) -> Payment {
        self.providers[&provider].books.claimed
    }

    /// A provider's cold key.
    pub(super) fn owner(&self, provider: Key) -> Key {
        self.providers[&provider].owner
    }

    /// A lease's provider.
    pub(super) fn provider_of(&self, lease: Key) -> Key {
        self.leases[&lease].provider
    }

    fn provider(&mut self, ledger: &mut Ledger, provider: Key) {
        hand(&mut self.providers, &mut ledger.providers, provider);
    }

    /// A lease with its job, its dispute, its provider and the owner's position, which a lost dispute takes from.
    fn lease(&mut self, ledger: &mut Ledger, lease: Key) {
        let Some(entry) = self.leases.remove(&lease) else { return };
        hand(&mut self.jobs, &mut ledger.jobs, entry.job);
        hand(&mut self.disputes, &mut ledger.disputes, lease);
        self.provider(ledger, entry.provider);
        if let Some(provider) = ledger.providers.get(&entry.provider) {
            hand(&mut self.positions, &mut ledger.positions, (entry.provider, provider.owner));
        }
        ledger.leases.insert(lease, entry);
    }
}

fn hand<K: Hash + Ord, V>(from: &mut HashMap<K, V>, to: &mut std::collections::BTreeMap<K, V>, key: K) {
    if let Some(value) = from.remove(&key) {
        to.insert(key, value);
    }
}
