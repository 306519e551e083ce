//! Where money that is owed to somebody may go.
//!
//! The beneficiary may name any account when it signs. A stranger who cranks may only send the money
//! to the beneficiary's associated token account, so that nobody can divert or strand it.

use crate::error::MiraError;
use anchor_lang::prelude::*;
use anchor_spl::associated_token::get_associated_token_address;
use anchor_spl::token::TokenAccount;

/// Checks that `destination` may receive `mint` tokens that are owed to `beneficiary`.
///
/// `actor` signed the transaction.
///
/// # Errors
/// [`MiraError::WrongMint`] when the account holds another mint; [`MiraError::WrongAccount`] when a
/// stranger names an account that is not the beneficiary's associated one, or one that the
/// beneficiary has given away.
pub fn require_payee(
    destination: &Account<'_, TokenAccount>,
    beneficiary: &Pubkey,
    actor: &Pubkey,
    mint: &Pubkey,
) -> Result<()> {
    require_keys_eq!(destination.mint, *mint, MiraError::WrongMint);
    if actor != beneficiary {
        let associated = get_associated_token_address(beneficiary, mint);
        require_keys_eq!(destination.key(), associated, MiraError::WrongAccount);
        require_keys_eq!(destination.owner, *beneficiary, MiraError::WrongAccount);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use anchor_lang::solana_program::program_pack::Pack;
    use anchor_spl::token::spl_token::state::{Account as State, AccountState};
    use anchor_spl::token::ID as TOKEN;

    fn key(byte: u8) -> Pubkey {
        Pubkey::new_from_array([byte; 32])
    }

    /// The guard's answer for a token account at `address` with this mint and owner, as error code.
    fn refused(address: Pubkey, mint: Pubkey, owner: Pubkey, actor: Pubkey) -> Option<u32> {
        let mut data = vec![0; State::LEN];
        State { mint, owner, state: AccountState::Initialized, ..State::default() }.pack_into_slice(&mut data);
        let mut lamports = 1;
        let info = AccountInfo::new(&address, false, true, &mut lamports, &mut data, &TOKEN, false);
        let destination = Account::<TokenAccount>::try_from(&info).expect("a token account");
        match require_payee(&destination, &key(1), &actor, &key(2)) {
            Err(Error::AnchorError(error)) => Some(error.error_code_number),
            _ => None,
        }
    }

    #[test]
    fn the_beneficiary_names_any_account_of_the_mint() {
        assert_eq!(refused(key(9), key(2), key(8), key(1)), None);
        assert_eq!(refused(key(9), key(3), key(1), key(1)), Some(MiraError::WrongMint.into()));
    }

    #[test]
    fn a_stranger_pays_into_the_associated_account_only() {
        let (associated, stranger) = (get_associated_token_address(&key(1), &key(2)), key(7));
        let wrong = Some(MiraError::WrongAccount.into());
        assert_eq!(refused(associated, key(2), key(1), stranger), None);
        assert_eq!(refused(key(9), key(2), key(1), stranger), wrong);
        assert_eq!(refused(associated, key(2), stranger, stranger), wrong);
    }
}
