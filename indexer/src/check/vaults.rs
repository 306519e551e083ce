//! What the vaults really hold.

use std::collections::HashMap;

use mira_chain::pda;
use mira_chain::rpc::Rpc;
use mira_chain::token;
use mira_core::Key;
use solana_commitment_config::CommitmentLevel;
use solana_sdk::pubkey::Pubkey;

use super::{Books, CheckError};

/// Token balances of the network's vaults at finalized commitment, by address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vaults {
    balances: HashMap<Key, u64>,
}

impl Vaults {
    /// Reads the vaults of everything in the books.
    ///
    /// # Errors
    /// The endpoint's, or a vault that is no token account.
    pub async fn read(rpc: &Rpc, books: &Books) -> Result<Self, CheckError> {
        let mut keys = vec![pda::stake_vault(), pda::reward_vault(), pda::treasury()];
        keys.extend(books.shards.iter().map(|shard| pda::fee_vault(shard.shard)));
        keys.extend(books.jobs.iter().map(|job| pda::escrow(&Pubkey::new_from_array(job.job))));
        let found = rpc.accounts(&keys, CommitmentLevel::Finalized).await?;
        let mut vaults = Self::default();
        for (key, account) in keys.iter().zip(found.accounts) {
            if let Some(account) = account {
                vaults.set(key.to_bytes(), token::decode_account(key, &account)?.amount);
            }
        }
        Ok(vaults)
    }

    /// Notes a balance.
    pub fn set(&mut self, vault: Key, amount: u64) {
        self.balances.insert(vault, amount);
    }

    /// A vault's balance, `None` if there is no such account.
    pub fn balance(&self, vault: &Key) -> Option<u64> {
        self.balances.get(vault).copied()
    }
}
