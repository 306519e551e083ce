//! Account types of the instrumented copy whose check can be switched off. Their names are Anchor's,
//! because its derive knows types by name.
#![allow(missing_docs, clippy::all)]

pub use mira_core::mutants::*;

use anchor_lang::error::{Error, ErrorCode};
use anchor_lang::prelude::{AccountInfo, AccountMeta, Pubkey};
use anchor_lang::{Accounts, AccountsExit, Key, Result, ToAccountInfos, ToAccountMetas};
use std::collections::BTreeSet;
use std::ops::Deref;

/// What an account's type checks, and the number that switches it off.
#[derive(Clone, Copy)]
pub enum Check {
    Signer(u32),
    Program(u32, fn() -> Pubkey),
}

/// What the types of an instruction's accounts check: how many accounts are left when it is their
/// turn, themselves included, and the check.
pub trait Checked {
    const CHECKED: &'static [(usize, Check)];
}

fn next<'info, B: Checked>(
    accounts: &mut &'info [AccountInfo<'info>],
) -> Result<(&'info AccountInfo<'info>, Option<Check>)> {
    let check = B::CHECKED.iter().find(|(left, _)| *left == accounts.len()).map(|(_, check)| *check);
    let (account, rest) = accounts.split_first().ok_or(ErrorCode::AccountNotEnoughKeys)?;
    *accounts = rest;
    Ok((account, check))
}

macro_rules! account_type {
    ($name:ident) => {
        #[derive(Debug, Clone)]
        pub struct $name<'info> {
            info: &'info AccountInfo<'info>,
        }

        impl<'info> AccountsExit<'info> for $name<'info> {}

        impl ToAccountMetas for $name<'_> {
            fn to_account_metas(&self, is_signer: Option<bool>) -> Vec<AccountMeta> {
                let is_signer = is_signer.unwrap_or(self.info.is_signer);
                vec![match self.info.is_writable {
                    false => AccountMeta::new_readonly(*self.info.key, is_signer),
                    true => AccountMeta::new(*self.info.key, is_signer),
                }]
            }
        }

        impl<'info> ToAccountInfos<'info> for $name<'info> {
            fn to_account_infos(&self) -> Vec<AccountInfo<'info>> {
                vec![self.info.clone()]
            }
        }

        impl<'info> AsRef<AccountInfo<'info>> for $name<'info> {
            fn as_ref(&self) -> &AccountInfo<'info> {
                self.info
            }
        }

        impl<'info> Deref for $name<'info> {
            type Target = AccountInfo<'info>;

            fn deref(&self) -> &Self::Target {
                self.info
            }
        }

        impl Key for $name<'_> {
            fn key(&self) -> Pubkey {
                *self.info.key
            }
        }
    };
}

// Must have signed.
account_type!(Signer);
// Must be a program, in the place of Anchor's `Program`.
account_type!(SystemAccount);

impl<'info, B: Checked> Accounts<'info, B> for Signer<'info> {
    #[inline(never)]
    fn try_accounts(
        _program_id: &Pubkey,
        accounts: &mut &'info [AccountInfo<'info>],
        _data: &[u8],
        _bumps: &mut B,
        _reallocs: &mut BTreeSet<Pubkey>,
    ) -> Result<Self> {
        let (info, check) = next::<B>(accounts)?;
        let optional = matches!(check, Some(Check::Signer(number)) if off(number));
        if !optional && !info.is_signer {
            return Err(ErrorCode::AccountNotSigner.into());
        }
        Ok(Self { info })
    }
}

impl<'info, B: Checked> Accounts<'info, B> for SystemAccount<'info> {
    #[inline(never)]
    fn try_accounts(
        _program_id: &Pubkey,
        accounts: &mut &'info [AccountInfo<'info>],
        _data: &[u8],
        _bumps: &mut B,
        _reallocs: &mut BTreeSet<Pubkey>,
    ) -> Result<Self> {
        let (info, check) = next::<B>(accounts)?;
        let Some(Check::Program(number, id)) = check else { return Err(ErrorCode::InvalidProgramId.into()) };
        if off(number) {
            return Ok(Self { info });
        }
        if *info.key != id() {
            return Err(Error::from(ErrorCode::InvalidProgramId).with_pubkeys((*info.key, id())));
        }
        if !info.executable {
            return Err(ErrorCode::InvalidProgramExecutable.into());
        }
        Ok(Self { info })
    }
}
