//! All accounts and all vaults against the model, to the base unit.

use super::World;
use super::tokens::SUPPLY;
use mira::state;
use mira_chain::pda;
use mira_core::Key;
use mira_core::dispute::Dispute;
use mira_core::ledger::{JobEntry, LeaseEntry, ProviderEntry};
use solana_sdk::pubkey::Pubkey;

impl World {
    /// Panics unless the chain holds exactly what the model holds, and the model's books balance.
    pub fn compare(&self) {
        if !self.initialized {
            return;
        }
        self.model.check().unwrap();
        let network: state::Config = self.must(&pda::config());
        assert_eq!(network.to_core().unwrap(), self.model.network);
        self.compare_vault(pda::stake_vault(), Some(self.model.stake_vault.get()));
        let burned = u128::from(SUPPLY - self.supply(&self.stake_mint));
        assert_eq!(burned, self.model.flows.stake_burned, "the stake mint's supply");
        for (key, entry) in &self.model.providers {
            self.compare_provider(&Pubkey::from(*key), entry);
        }
        for ((provider, staker), position) in &self.model.positions {
            let (provider, staker) = (Pubkey::from(*provider), Pubkey::from(*staker));
            let found: state::StakePosition = self.must(&pda::stake_position(&provider, &staker));
            assert_eq!((found.provider, found.staker, &found.to_core()), (provider, staker, position));
        }
        for (key, entry) in &self.model.jobs {
            self.compare_job(&Pubkey::from(*key), entry);
        }
        for (key, entry) in &self.model.leases {
            self.compare_lease(&Pubkey::from(*key), entry);
        }
        for (lease, dispute) in &self.model.disputes {
            self.compare_dispute(&Pubkey::from(*lease), dispute);
        }
        self.compare_fees();
        for key in &self.model.retired {
            self.compare_retired(key);
        }
    }

    fn compare_provider(&self, key: &Pubkey, entry: &ProviderEntry) {
        let found: state::Provider = self.must(key);
        assert_eq!(found.to_core().unwrap(), entry.books, "provider {key}");
        assert_eq!((found.owner.to_bytes(), found.operator.to_bytes()), (entry.owner, entry.operator));
        assert_eq!(*key, pda::provider(&found.owner));
    }

    fn compare_job(&self, key: &Pubkey, entry: &JobEntry) {
        let found: state::Job = self.must(key);
        assert_eq!(found.to_core().unwrap(), entry.books, "job {key}");
        assert_eq!(*key, pda::job(&found.requester, found.job_id));
        self.compare_vault(pda::escrow(key), Some(entry.vault.get()));
    }

    fn compare_lease(&self, key: &Pubkey, entry: &LeaseEntry) {
        let found: state::Lease = self.must(key);
        assert_eq!(found.to_core().unwrap(), entry.books, "lease {key}");
        let parties = [found.job, found.provider, found.requester, found.voucher_signer, found.operator];
        let expected = [entry.job, entry.provider, entry.requester, entry.voucher_signer, entry.operator];
        assert_eq!(parties.map(|key| key.to_bytes()), expected);
        assert_eq!((found.nonce, *key), (entry.nonce, pda::lease(&found.job, &found.provider, found.nonce)));
    }

    fn compare_dispute(&self, lease: &Pubkey, books: &Dispute) {
        let found: state::Dispute = self.must(&pda::dispute(lease));
        assert_eq!(found.to_core().unwrap(), *books, "dispute over {lease}");
        let provider = Pubkey::from(self.model.leases[&lease.to_bytes()].provider);
        assert_eq!((found.lease, found.provider), (*lease, provider));
    }

    fn compare_fees(&self) {
        for shard in 0..pda::FEE_SHARDS {
            let found: Option<state::FeeShard> = self.state(&pda::fee_shard(shard));
            let entry = self.model.shards.get(&shard);
            assert_eq!(found.as_ref().map(state::FeeShard::to_core), entry.map(|entry| entry.books), "shard {shard}");
            assert!(found.is_none_or(|found| found.shard == shard));
            self.compare_vault(pda::fee_vault(shard), entry.map(|entry| entry.vault.get()));
        }
        let rewards: state::RewardState = self.must(&pda::rewards());
        assert_eq!(rewards.to_core().unwrap(), self.model.rewards.books);
        self.compare_vault(pda::reward_vault(), Some(self.model.rewards.vault.get()));
        self.compare_vault(pda::treasury(), Some(self.model.rewards.treasury.get()));
    }

    /// Closed means gone: account, vault, lamports.
    fn compare_retired(&self, key: &Key) {
        let key = Pubkey::from(*key);
        assert_eq!(self.lamports(&key), 0, "{key} should be closed");
        assert_eq!(self.lamports(&pda::escrow(&key)), 0, "the vault of {key} should be closed");
        assert_eq!(self.lamports(&pda::dispute(&key)), 0, "the dispute over {key} should be closed");
    }

    fn compare_vault(&self, key: Pubkey, expected: Option<u64>) {
        assert_eq!(self.balance(&key), expected, "vault {key}");
    }

    fn must<T: anchor_lang::AccountDeserialize>(&self, key: &Pubkey) -> T {
        self.state(key).unwrap_or_else(|| panic!("{key} should exist"))
    }
}
