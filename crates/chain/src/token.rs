//! The classic SPL token program: associated accounts, balances, and the few instructions that a local
//! network and its tests need.

use crate::rpc::{AccountData, Rpc, RpcError};
use solana_commitment_config::CommitmentLevel;
use solana_program_pack::Pack;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use spl_token_interface::state::{Account, AccountState, Mint};

/// The token program that Mira accepts.
pub const TOKEN_PROGRAM: Pubkey = spl_token_interface::ID;

/// A token account, reduced to what Mira reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenAccount {
    /// Its mint.
    pub mint: Pubkey,
    /// Who may move it.
    pub owner: Pubkey,
    /// Base units.
    pub amount: u64,
    /// Whether the mint's freeze authority stopped it.
    pub frozen: bool,
}

/// A mint, reduced to what Mira reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MintAccount {
    /// Base units in existence.
    pub supply: u64,
    /// Decimal places for display.
    pub decimals: u8,
    /// Who may mint more, if anybody may.
    pub authority: Option<Pubkey>,
}

/// Why a token account or mint could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The endpoint failed.
    #[error(transparent)]
    Rpc(#[from] RpcError),
    /// No such account.
    #[error("{0} does not exist: create it first")]
    Missing(Pubkey),
    /// Another program's account, or another kind.
    #[error("{key} is not a {expected} of the classic token program")]
    WrongKind {
        /// The account.
        key: Pubkey,
        /// What it should have been.
        expected: &'static str,
    },
}

/// The associated token account of an owner.
pub fn associated(owner: &Pubkey, mint: &Pubkey) -> Pubkey {
    spl_associated_token_account_interface::address::get_associated_token_address(owner, mint)
}

/// Creates the associated account if it is not there.
pub fn create_associated(payer: &Pubkey, owner: &Pubkey, mint: &Pubkey) -> Instruction {
    spl_associated_token_account_interface::instruction::create_associated_token_account_idempotent(
        payer,
        owner,
        mint,
        &TOKEN_PROGRAM,
    )
}

/// Creates a mint without freeze authority. `mint` signs; `rent_lamports` is what keeps
/// [`MINT_LEN`] bytes alive.
pub fn create_mint(
    payer: &Pubkey,
    mint: &Pubkey,
    authority: &Pubkey,
    decimals: u8,
    rent_lamports: u64,
) -> [Instruction; 2] {
    // The length of a mint is 82: it fits.
    let space = u64::try_from(MINT_LEN).unwrap_or(u64::MAX);
    [
        solana_system_interface::instruction::create_account(payer, mint, rent_lamports, space, &TOKEN_PROGRAM),
        valid(spl_token_interface::instruction::initialize_mint2(&TOKEN_PROGRAM, mint, authority, None, decimals)),
    ]
}

/// Bytes of a mint account.
pub const MINT_LEN: usize = Mint::LEN;

/// Mints base units to a token account.
pub fn mint_to(mint: &Pubkey, to: &Pubkey, authority: &Pubkey, amount: u64) -> Instruction {
    valid(spl_token_interface::instruction::mint_to(&TOKEN_PROGRAM, mint, to, authority, &[], amount))
}

/// Moves base units between token accounts of one mint.
pub fn transfer(
    from: &Pubkey,
    mint: &Pubkey,
    to: &Pubkey,
    authority: &Pubkey,
    amount: u64,
    decimals: u8,
) -> Instruction {
    valid(spl_token_interface::instruction::transfer_checked(
        &TOKEN_PROGRAM,
        from,
        mint,
        to,
        authority,
        &[],
        amount,
        decimals,
    ))
}

/// The builders fail only for another token program or too many signers; neither is given here.
fn valid<E: std::fmt::Debug>(instruction: Result<Instruction, E>) -> Instruction {
    #[expect(clippy::expect_used, reason = "the token program's own id and no multisig signers are always accepted")]
    instruction.expect("an instruction of the classic token program")
}

/// Reads a token account's data.
///
/// # Errors
/// [`TokenError::WrongKind`] for another owner or layout.
pub fn decode_account(key: &Pubkey, account: &AccountData) -> Result<TokenAccount, TokenError> {
    let wrong = TokenError::WrongKind { key: *key, expected: "token account" };
    if account.owner != TOKEN_PROGRAM {
        return Err(wrong);
    }
    let state = Account::unpack(&account.data).map_err(|_| wrong)?;
    Ok(TokenAccount {
        mint: state.mint,
        owner: state.owner,
        amount: state.amount,
        frozen: state.state == AccountState::Frozen,
    })
}

/// Reads a mint's data.
///
/// # Errors
/// [`TokenError::WrongKind`] for another owner or layout.
pub fn decode_mint(key: &Pubkey, account: &AccountData) -> Result<MintAccount, TokenError> {
    let wrong = TokenError::WrongKind { key: *key, expected: "mint" };
    if account.owner != TOKEN_PROGRAM {
        return Err(wrong);
    }
    let state = Mint::unpack(&account.data).map_err(|_| wrong)?;
    Ok(MintAccount { supply: state.supply, decimals: state.decimals, authority: state.mint_authority.into() })
}

impl Rpc {
    /// A token account, or `None` if there is none.
    ///
    /// # Errors
    /// [`TokenError::Rpc`], [`TokenError::WrongKind`].
    pub async fn token_account(
        &self,
        key: &Pubkey,
        commitment: CommitmentLevel,
    ) -> Result<Option<TokenAccount>, TokenError> {
        let account = self.account(key, commitment).await?;
        account.map(|account| decode_account(key, &account)).transpose()
    }

    /// An owner's balance in its associated account; 0 if it has none.
    ///
    /// # Errors
    /// As [`Rpc::token_account`].
    pub async fn token_balance(
        &self,
        owner: &Pubkey,
        mint: &Pubkey,
        commitment: CommitmentLevel,
    ) -> Result<u64, TokenError> {
        let account = self.token_account(&associated(owner, mint), commitment).await?;
        Ok(account.map_or(0, |account| account.amount))
    }

    /// A mint.
    ///
    /// # Errors
    /// [`TokenError`].
    pub async fn mint(&self, key: &Pubkey, commitment: CommitmentLevel) -> Result<MintAccount, TokenError> {
        let account = self.account(key, commitment).await?.ok_or(TokenError::Missing(*key))?;
        decode_mint(key, &account)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn key(byte: u8) -> Pubkey {
        Pubkey::new_from_array([byte; 32])
    }

    #[test]
    fn a_token_account_is_read_and_another_programs_is_not() {
        let state =
            Account { mint: key(1), owner: key(2), amount: 3, state: AccountState::Initialized, ..Account::default() };
        let mut data = vec![0; Account::LEN];
        Account::pack(state, &mut data).unwrap();
        let mut account = AccountData { owner: TOKEN_PROGRAM, lamports: 1, data };
        let read = decode_account(&key(9), &account).unwrap();
        assert_eq!(read, TokenAccount { mint: key(1), owner: key(2), amount: 3, frozen: false });
        assert!(decode_mint(&key(9), &account).is_err());
        account.owner = key(4);
        assert!(matches!(decode_account(&key(9), &account), Err(TokenError::WrongKind { .. })));
    }

    #[test]
    fn the_builders_never_fail() {
        let (mint, authority) = (key(1), key(2));
        assert_eq!(create_mint(&key(3), &mint, &authority, 6, 1).len(), 2);
        assert_eq!(mint_to(&mint, &key(4), &authority, 5).program_id, TOKEN_PROGRAM);
        assert_eq!(transfer(&key(4), &mint, &key(5), &authority, 5, 6).program_id, TOKEN_PROGRAM);
    }
}
