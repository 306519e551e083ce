//! A mint is one of the classic SPL Token program, or it is refused.
//!
//! Token-2022 extensions (transfer fees, hooks, permanent delegates, pausing, confidential amounts)
//! would let a third party change what a vault holds, which the exact books cannot survive. All of
//! them are refused at once, by the mint's owner. What is staked has to be burnable as well.

use crate::error::MiraError;
use anchor_lang::prelude::*;
use anchor_lang::{AccountDeserialize, AccountSerialize, CheckOwner};
use anchor_spl::token::spl_token::native_mint;
use anchor_spl::token::{self, Mint};
use std::ops::Deref;

/// A classic SPL mint. `InterfaceAccount<ClassicMint>` refuses everything else while the accounts
/// are read, before anything is created: another owner with [`MiraError::WrongTokenProgram`], an
/// account of the token program that is not an initialized mint with [`MiraError::WrongMint`].
#[derive(Clone)]
pub struct ClassicMint(Mint);

impl CheckOwner for ClassicMint {
    fn check_owner(owner: &Pubkey) -> Result<()> {
        require_keys_eq!(*owner, token::ID, MiraError::WrongTokenProgram);
        Ok(())
    }
}

impl AccountDeserialize for ClassicMint {
    fn try_deserialize_unchecked(buf: &mut &[u8]) -> Result<Self> {
        Mint::try_deserialize_unchecked(buf).map(Self).map_err(|_| error!(MiraError::WrongMint))
    }
}

// A mint is never written: it belongs to the token program.
impl AccountSerialize for ClassicMint {}

impl Deref for ClassicMint {
    type Target = Mint;

    fn deref(&self) -> &Mint {
        &self.0
    }
}

/// Refuses wrapped lamports for the stake mint, with [`MiraError::WrongMint`]. The token program burns
/// none of them, so that no lost dispute could ever end: bond, exposure and rent would be held for good.
pub fn require_burnable(stake_mint: &Pubkey) -> Result<()> {
    require_keys_neq!(*stake_mint, native_mint::ID, MiraError::WrongMint);
    Ok(())
}

#[cfg(feature = "idl-build")]
impl ClassicMint {
    /// Who may own it; Anchor's IDL generator asks, to leave foreign accounts out.
    pub fn owners() -> [Pubkey; 1] {
        [token::ID]
    }
}

#[cfg(feature = "idl-build")]
impl anchor_lang::IdlBuild for ClassicMint {}

#[cfg(feature = "idl-build")]
impl anchor_lang::Discriminator for ClassicMint {
    const DISCRIMINATOR: &'static [u8] = &[];
}

#[cfg(test)]
mod tests {
    use super::*;
    use anchor_lang::solana_program::program_pack::Pack;
    use anchor_spl::token::spl_token::state::{Account, Mint as State};

    fn mint_bytes(initialized: bool) -> Vec<u8> {
        let mut bytes = vec![0; State::LEN];
        State { is_initialized: initialized, decimals: 6, ..State::default() }.pack_into_slice(&mut bytes);
        bytes
    }

    #[test]
    fn only_the_classic_program_owns_a_mint() {
        assert!(ClassicMint::check_owner(&token::ID).is_ok());
        for other in [crate::ID, system_program::ID, pubkey!("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb")] {
            let error = ClassicMint::check_owner(&other).err();
            assert_eq!(error, Some(error!(MiraError::WrongTokenProgram)).map(|e| e.with_pubkeys((other, token::ID))));
        }
    }

    #[test]
    fn wrapped_lamports_are_no_stake() {
        let native = pubkey!("So11111111111111111111111111111111111111112");
        let refused = Some(error!(MiraError::WrongMint)).map(|e| e.with_pubkeys((native, native)));
        assert_eq!(require_burnable(&native).err(), refused);
        assert!(require_burnable(&token::ID).is_ok());
    }

    #[test]
    fn only_an_initialized_mint_is_read() {
        assert_eq!(ClassicMint::try_deserialize(&mut &mint_bytes(true)[..]).map(|mint| mint.decimals).ok(), Some(6));
        for bytes in [mint_bytes(false), vec![1; Account::LEN], vec![], vec![0; State::LEN - 1]] {
            assert!(ClassicMint::try_deserialize(&mut &bytes[..]).is_err());
        }
    }
}
