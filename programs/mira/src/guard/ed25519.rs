//! The voucher's signature was verified by the ed25519 program, in the instruction directly before
//! this one.
//!
//! The program cannot verify signatures itself; it looks at the transaction it runs in. Everything
//! that a forger could bend is pinned: the sysvar's address, the position of the instruction, its
//! program, and (in `mira_core::voucher::check_ed25519`) the number of signatures, every offset,
//! every instruction index, the length, the key and the message.

use crate::error::MiraError;
use anchor_lang::prelude::*;
use mira_core::voucher::{check_ed25519, MESSAGE_LEN};
use mira_core::Key;
use solana_instructions_sysvar::{load_current_index_checked, load_instruction_at_checked};
use solana_sdk_ids::ed25519_program;

/// Refuses unless the instruction directly before the running one is an ed25519 verification of
/// exactly `message` under exactly `key`.
///
/// # Errors
/// [`MiraError::VoucherMissing`], [`MiraError::VoucherMalformed`], [`MiraError::VoucherWrongKey`],
/// [`MiraError::VoucherWrongMessage`]; [`MiraError::WrongAccount`] when `instructions` is not the
/// instructions sysvar.
pub fn require_signed(instructions: &AccountInfo<'_>, key: &Key, message: &[u8; MESSAGE_LEN]) -> Result<()> {
    let current = load_current_index_checked(instructions).map_err(|_| error!(MiraError::WrongAccount))?;
    let before = current.checked_sub(1).ok_or(MiraError::VoucherMissing)?;
    let instruction = load_instruction_at_checked(usize::from(before), instructions)
        .map_err(|_| error!(MiraError::VoucherMissing))?;
    require_keys_eq!(instruction.program_id, ed25519_program::ID, MiraError::VoucherMissing);
    check_ed25519(&instruction.data, key, message).map_err(MiraError::from)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use anchor_lang::solana_program::sysvar::instructions::{construct_instructions_data, BorrowedInstruction};
    use mira_core::voucher::encode_ed25519;
    use solana_sdk_ids::sysvar::instructions;

    const KEY: Key = [7; 32];
    const MESSAGE: [u8; MESSAGE_LEN] = [9; MESSAGE_LEN];

    /// Runs the guard as the instruction at `current` of a transaction of these programs and data.
    fn guarded(sysvar: Pubkey, transaction: &[(Pubkey, Vec<u8>)], current: u16) -> Result<()> {
        let borrow = |(program_id, data): &'_ (Pubkey, Vec<u8>)| (*program_id, data.clone());
        let owned: Vec<_> = transaction.iter().map(borrow).collect();
        let instructions: Vec<_> =
            owned.iter().map(|(program_id, data)| BorrowedInstruction { program_id, accounts: vec![], data }).collect();
        let mut data = construct_instructions_data(&instructions);
        *data.last_chunk_mut::<2>().expect("the sysvar ends with the current index") = current.to_le_bytes();
        let (owner, mut lamports) = (Pubkey::default(), 0);
        let info = AccountInfo::new(&sysvar, false, false, &mut lamports, &mut data, &owner, false);
        require_signed(&info, &KEY, &MESSAGE)
    }

    fn signed() -> (Pubkey, Vec<u8>) {
        (ed25519_program::ID, encode_ed25519(&KEY, &[1; 64], &MESSAGE).to_vec())
    }

    fn other() -> (Pubkey, Vec<u8>) {
        (crate::ID, vec![1])
    }

    fn code(result: Result<()>) -> Option<u32> {
        match result {
            Err(Error::AnchorError(error)) => Some(error.error_code_number),
            _ => None,
        }
    }

    #[test]
    fn accepts_only_the_instruction_directly_before() {
        let missing = Some(MiraError::VoucherMissing.into());
        assert!(guarded(instructions::ID, &[signed(), other()], 1).is_ok());
        assert!(guarded(instructions::ID, &[other(), signed(), other()], 2).is_ok());
        assert_eq!(code(guarded(instructions::ID, &[other(), signed()], 0)), missing);
        assert_eq!(code(guarded(instructions::ID, &[signed(), other(), other()], 2)), missing);
        assert_eq!(code(guarded(instructions::ID, &[(crate::ID, signed().1), other()], 1)), missing);
    }

    #[test]
    fn accepts_only_the_real_sysvar() {
        let result = guarded(Pubkey::new_from_array([3; 32]), &[signed(), other()], 1);
        assert_eq!(code(result), Some(MiraError::WrongAccount.into()));
    }

    #[test]
    fn passes_on_what_core_refuses() {
        let (program, data) = signed();
        let changed = |at: usize| {
            let mut data = data.clone();
            data[at] ^= 1;
            code(guarded(instructions::ID, &[(program, data), other()], 1))
        };
        assert_eq!(changed(0), Some(MiraError::VoucherMalformed.into()));
        assert_eq!(changed(16), Some(MiraError::VoucherWrongKey.into()));
        assert_eq!(changed(112), Some(MiraError::VoucherWrongMessage.into()));
    }
}
