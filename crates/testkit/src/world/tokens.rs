//! Mints and token accounts, written straight into the SVM.

use super::World;
use mira_chain::pda;
use mira_chain::token::{TOKEN_PROGRAM, associated};
use mira_core::ledger::{Action, Vault};
use solana_program_pack::Pack;
use solana_sdk::pubkey::Pubkey;
use spl_token_interface::state::{Account, AccountState, Mint};

/// What every mint begins with: more than all purses of a test hold, because they are written and not minted.
pub const SUPPLY: u64 = u64::MAX;

impl World {
    /// Puts a classic mint at an address.
    pub fn put_mint(&mut self, key: Pubkey) {
        self.put(key, TOKEN_PROGRAM, mint_bytes());
    }

    /// Puts a token account at an address.
    pub fn put_tokens(&mut self, key: Pubkey, owner: &Pubkey, mint: Pubkey, amount: u64) {
        let account = Account { mint, owner: *owner, amount, state: AccountState::Initialized, ..Account::default() };
        self.put_account(key, account);
    }

    /// Puts an empty token account that its mint's authority has frozen at an address.
    pub fn put_frozen_tokens(&mut self, key: Pubkey, owner: &Pubkey, mint: Pubkey) {
        self.put_account(key, Account { mint, owner: *owner, state: AccountState::Frozen, ..Account::default() });
    }

    fn put_account(&mut self, key: Pubkey, account: Account) {
        let mut data = vec![0; Account::LEN];
        account.pack_into_slice(&mut data);
        self.put(key, TOKEN_PROGRAM, data);
    }

    /// Puts an owner's associated token account and gives its address.
    pub fn put_purse(&mut self, owner: &Pubkey, mint: Pubkey, amount: u64) -> Pubkey {
        let key = associated(owner, &mint);
        self.put_tokens(key, owner, mint, amount);
        key
    }

    /// The associated account of an owner for the stake mint.
    pub fn stake_purse(&self, owner: &Pubkey) -> Pubkey {
        associated(owner, &self.stake_mint)
    }

    /// The associated account of an owner for the payment mint.
    pub fn payment_purse(&self, owner: &Pubkey) -> Pubkey {
        associated(owner, &self.payment_mint)
    }

    /// Base units in a token account, or `None` if there is none.
    pub fn balance(&self, key: &Pubkey) -> Option<u64> {
        let account = self.svm.get_account(key).filter(|account| account.owner == TOKEN_PROGRAM)?;
        Some(Account::unpack(&account.data).unwrap().amount)
    }

    /// Base units of a mint that exist.
    pub fn supply(&self, mint: &Pubkey) -> u64 {
        let account = self.svm.get_account(mint).unwrap();
        Mint::unpack(&account.data).unwrap().supply
    }

    /// Whether an account takes payment-mint tokens now.
    pub fn can_receive(&self, key: &Pubkey) -> bool {
        let account = self.svm.get_account(key).filter(|account| account.owner == TOKEN_PROGRAM);
        let tokens = account.and_then(|account| Account::unpack(&account.data).ok());
        tokens.is_some_and(|tokens| tokens.mint == self.payment_mint && tokens.state == AccountState::Initialized)
    }

    /// A stranger sends tokens straight to a vault.
    pub fn donate(&mut self, vault: Vault, amount: u64) {
        let key = match vault {
            Vault::Stake => pda::stake_vault(),
            Vault::Job(job) => pda::escrow(&Pubkey::from(job)),
            Vault::Shard(shard) => pda::fee_vault(shard),
            Vault::Rewards => pda::reward_vault(),
            Vault::Treasury => pda::treasury(),
        };
        let mut account = self.svm.get_account(&key).unwrap();
        let mut tokens = Account::unpack(&account.data).unwrap();
        tokens.amount += amount;
        tokens.pack_into_slice(&mut account.data);
        self.svm.set_account(key, account).unwrap();
        self.model.apply(&Action::Donate { vault, amount }).unwrap();
        self.compare();
    }
}

/// An initialized mint without authorities, of which [`SUPPLY`] base units exist.
pub fn mint_bytes() -> Vec<u8> {
    let mut data = vec![0; Mint::LEN];
    Mint { decimals: 6, is_initialized: true, supply: SUPPLY, ..Mint::default() }.pack_into_slice(&mut data);
    data
}
