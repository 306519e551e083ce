//! The token accounts that the program owns: making, paying into, paying out of, burning from and
//! closing them.
//!
//! Vaults are made here and not by Anchor's `init`, because that pulls the Token-2022 code into a
//! program that refuses Token-2022, and fails with a foreign error when a mint is not classic.
//! Nothing here decides an amount: callers pass what `mira_core` returned.

use anchor_lang::prelude::*;
use anchor_lang::system_program;
use anchor_spl::token::{self, TokenAccount};

/// The accounts that making a vault needs.
pub struct NewVault<'a, 'info> {
    /// The vault's address, a program-derived one that does not exist yet.
    pub vault: &'a AccountInfo<'info>,
    /// Its mint, already checked to be a classic SPL mint.
    pub mint: &'a AccountInfo<'info>,
    /// The program account that will sign for it.
    pub authority: &'a AccountInfo<'info>,
    /// Who pays the rent.
    pub payer: &'a AccountInfo<'info>,
    /// The classic SPL Token program.
    pub token_program: &'a AccountInfo<'info>,
    /// The system program.
    pub system_program: &'a AccountInfo<'info>,
}

impl<'info> NewVault<'_, 'info> {
    /// Creates the token account at the address that `seeds` (bump included) derive.
    ///
    /// An address that somebody sent lamports to beforehand is used all the same: they count
    /// towards the rent. That path uses only instructions that every cluster has.
    pub fn create(&self, seeds: &[&[u8]]) -> Result<()> {
        let space = TokenAccount::LEN;
        let rent = Rent::get()?.minimum_balance(space);
        let signer: &[&[&[u8]]] = &[seeds];
        let system = self.system_program.key();
        if self.vault.lamports() == 0 {
            let accounts = system_program::CreateAccount { from: self.payer.clone(), to: self.vault.clone() };
            let cpi = CpiContext::new_with_signer(system, accounts, signer);
            system_program::create_account(cpi, rent, space as u64, self.token_program.key)?;
        } else {
            let missing = rent.saturating_sub(self.vault.lamports());
            let accounts = system_program::Transfer { from: self.payer.clone(), to: self.vault.clone() };
            system_program::transfer(CpiContext::new(system, accounts), missing)?;
            let accounts = system_program::Allocate { account_to_allocate: self.vault.clone() };
            system_program::allocate(CpiContext::new_with_signer(system, accounts, signer), space as u64)?;
            let accounts = system_program::Assign { account_to_assign: self.vault.clone() };
            system_program::assign(CpiContext::new_with_signer(system, accounts, signer), self.token_program.key)?;
        }
        let accounts = token::InitializeAccount3 {
            account: self.vault.clone(),
            mint: self.mint.clone(),
            authority: self.authority.clone(),
        };
        token::initialize_account3(CpiContext::new(self.token_program.key(), accounts))
    }
}

/// Moves `amount` base units from an account whose owner signed the transaction.
pub fn pay_in<'info>(
    from: &AccountInfo<'info>,
    to: &AccountInfo<'info>,
    owner: &AccountInfo<'info>,
    amount: u64,
) -> Result<()> {
    let accounts = token::Transfer { from: from.clone(), to: to.clone(), authority: owner.clone() };
    token::transfer(CpiContext::new(token::ID, accounts), amount)
}

/// Moves `amount` base units out of a vault; `seeds` (bump included) derive its `authority`.
/// Nothing happens when the amount is zero.
pub fn pay_out<'info>(
    vault: &AccountInfo<'info>,
    to: &AccountInfo<'info>,
    authority: &AccountInfo<'info>,
    seeds: &[&[u8]],
    amount: u64,
) -> Result<()> {
    if amount == 0 {
        return Ok(());
    }
    let accounts = token::Transfer { from: vault.clone(), to: to.clone(), authority: authority.clone() };
    token::transfer(CpiContext::new_with_signer(token::ID, accounts, &[seeds]), amount)
}

/// Burns `amount` base units of a vault; `seeds` (bump included) derive its `authority`. Nothing happens
/// when the amount is zero.
pub fn burn<'info>(
    vault: &AccountInfo<'info>,
    mint: &AccountInfo<'info>,
    authority: &AccountInfo<'info>,
    seeds: &[&[u8]],
    amount: u64,
) -> Result<()> {
    if amount == 0 {
        return Ok(());
    }
    let accounts = token::Burn { mint: mint.clone(), from: vault.clone(), authority: authority.clone() };
    token::burn(CpiContext::new_with_signer(token::ID, accounts, &[seeds]), amount)
}

/// Closes an empty vault; its rent goes to `rent_to`.
pub fn close<'info>(
    vault: &AccountInfo<'info>,
    rent_to: &AccountInfo<'info>,
    authority: &AccountInfo<'info>,
    seeds: &[&[u8]],
) -> Result<()> {
    let accounts =
        token::CloseAccount { account: vault.clone(), destination: rent_to.clone(), authority: authority.clone() };
    token::close_account(CpiContext::new_with_signer(token::ID, accounts, &[seeds]))
}
