//! Where money that is owed to somebody may go.
//!
//! The beneficiary may name any account when it signs. A stranger who cranks may only send the money
//! to the beneficiary's associated token account, so that nobody can divert or strand it. There are two
//! guards, because some payments must not wait for a beneficiary that does not want them made.

use crate::error::MiraError;
use anchor_lang::prelude::*;
use anchor_spl::associated_token::get_associated_token_address;
use anchor_spl::token::{self, TokenAccount};

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
    require_payee_address(destination, beneficiary, actor, mint)?;
    if actor != beneficiary {
        require_keys_eq!(destination.owner, *beneficiary, MiraError::WrongAccount);
    }
    Ok(())
}

/// As [`require_payee`], but a stranger may also pay into an associated account that the beneficiary
/// has given away.
///
/// For payments that end something others wait for. The classic token program lets the owner of an
/// associated account hand it to another key, and nobody can make a second one at its address. If the
/// account's present owner counted, a party that loses by the end would do that and never sign: the
/// other side's bond, exposure and rent would be held for good. Whoever gave its account away has named
/// who receives.
///
/// # Errors
/// [`MiraError::WrongMint`] when the account holds another mint; [`MiraError::WrongAccount`] when a
/// stranger names an account that is not the beneficiary's associated one.
pub fn require_payee_address(
    destination: &Account<'_, TokenAccount>,
    beneficiary: &Pubkey,
    actor: &Pubkey,
    mint: &Pubkey,
) -> Result<()> {
    require_keys_eq!(destination.mint, *mint, MiraError::WrongMint);
    if actor != beneficiary {
        let associated = get_associated_token_address(beneficiary, mint);
        require_keys_eq!(destination.key(), associated, MiraError::WrongAccount);
    }
    Ok(())
}

/// Whether `account` takes tokens from `vault` now: a token account of the vault's mint that is not frozen.
///
/// A provider names its payout account once and may close it, or close it and make another kind of account
/// at its address; the mint's authority may freeze it.
pub fn can_receive(account: &AccountInfo<'_>, vault: &AccountInfo<'_>) -> Result<bool> {
    if *account.owner != token::ID {
        return Ok(false);
    }
    let read = |info: &AccountInfo<'_>| TokenAccount::try_deserialize(&mut &info.try_borrow_data()?[..]);
    let (Ok(found), held) = (read(account), read(vault)?) else { return Ok(false) };
    Ok(found.mint == held.mint && !found.is_frozen())
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

    type Guard = fn(&Account<'_, TokenAccount>, &Pubkey, &Pubkey, &Pubkey) -> Result<()>;

    /// The guard's answer for a token account at `address` with this mint and owner, as error code.
    fn refused_by(guard: Guard, address: Pubkey, mint: Pubkey, owner: Pubkey, actor: Pubkey) -> Option<u32> {
        let mut data = vec![0; State::LEN];
        State { mint, owner, state: AccountState::Initialized, ..State::default() }.pack_into_slice(&mut data);
        let mut lamports = 1;
        let info = AccountInfo::new(&address, false, true, &mut lamports, &mut data, &TOKEN, false);
        let destination = Account::<TokenAccount>::try_from(&info).expect("a token account");
        match guard(&destination, &key(1), &actor, &key(2)) {
            Err(Error::AnchorError(error)) => Some(error.error_code_number),
            _ => None,
        }
    }

    fn refused(address: Pubkey, mint: Pubkey, owner: Pubkey, actor: Pubkey) -> Option<u32> {
        refused_by(require_payee, address, mint, owner, actor)
    }

    #[test]
    fn the_beneficiary_names_any_account_of_the_mint() {
        for guard in [require_payee as Guard, require_payee_address] {
            assert_eq!(refused_by(guard, key(9), key(2), key(8), key(1)), None);
            assert_eq!(refused_by(guard, key(9), key(3), key(1), key(1)), Some(MiraError::WrongMint.into()));
        }
    }

    #[test]
    fn a_stranger_pays_into_the_associated_account_only() {
        let (associated, stranger) = (get_associated_token_address(&key(1), &key(2)), key(7));
        let wrong = Some(MiraError::WrongAccount.into());
        assert_eq!(refused(associated, key(2), key(1), stranger), None);
        assert_eq!(refused(key(9), key(2), key(1), stranger), wrong);
        assert_eq!(refused(associated, key(2), stranger, stranger), wrong);
    }

    #[test]
    fn an_account_that_was_given_away_blocks_nobody() {
        let (associated, stranger) = (get_associated_token_address(&key(1), &key(2)), key(7));
        let refused = |address, mint, owner| refused_by(require_payee_address, address, mint, owner, stranger);
        for owner in [key(1), key(8), stranger] {
            assert_eq!(refused(associated, key(2), owner), None);
        }
        // The address still has to be the beneficiary's, and the mint the right one.
        assert_eq!(refused(key(9), key(2), key(1)), Some(MiraError::WrongAccount.into()));
        let strangers = get_associated_token_address(&stranger, &key(2));
        assert_eq!(refused(strangers, key(2), stranger), Some(MiraError::WrongAccount.into()));
        let of_another_mint = get_associated_token_address(&key(1), &key(3));
        assert_eq!(refused(of_another_mint, key(2), key(1)), Some(MiraError::WrongAccount.into()));
        assert_eq!(refused(associated, key(3), key(1)), Some(MiraError::WrongMint.into()));
    }
}
