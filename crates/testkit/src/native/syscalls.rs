//! What the program asks of the runtime: calls of other programs (and of itself, for events) and the
//! sysvars. Everything else it asks for (hashes, derived addresses) Solana's crates compute on a host
//! by themselves.

use super::frame;
use anchor_lang::solana_program::account_info::AccountInfo;
use solana_program_runtime::invoke_context::InvokeContext;
use solana_sdk::entrypoint::{ProgramResult, SUCCESS};
use solana_sdk::instruction::{Instruction, InstructionError};
use solana_sdk::pubkey::Pubkey;
use solana_sdk_ids::sysvar::{clock, rent};
use solana_sysvar::program_stubs::{SyscallStubs, set_syscall_stubs};
use solana_transaction_context::instruction_accounts::BorrowedInstructionAccount;
use std::sync::Once;

/// The answer of the syscall where the runtime has no such sysvar.
const SYSVAR_NOT_FOUND: u64 = 2;

/// Makes Solana's crates ask here. They have one set of stubs a process.
pub(super) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| drop(set_syscall_stubs(Box::new(Runtime))));
}

struct Runtime;

impl SyscallStubs for Runtime {
    fn sol_invoke_signed(
        &self,
        instruction: &Instruction,
        accounts: &[AccountInfo],
        signers: &[&[&[u8]]],
    ) -> ProgramResult {
        frame::with(|context| {
            hand_over(context, instruction, accounts)?;
            context.native_invoke_signed(instruction.clone(), signers)?;
            take_back(context, instruction, accounts)
        })
    }

    fn sol_get_clock_sysvar(&self, to: *mut u8) -> u64 {
        copy_sysvar(&clock::ID, to)
    }

    fn sol_get_rent_sysvar(&self, to: *mut u8) -> u64 {
        copy_sysvar(&rent::ID, to)
    }
}

/// Both sysvars are `repr(C)` without padding before their last field, so that their encoding is
/// their layout.
fn copy_sysvar(id: &Pubkey, to: *mut u8) -> u64 {
    let copied = frame::with(|context| {
        let sysvars = context.environment_config.sysvar_cache();
        let bytes = sysvars.sysvar_id_to_buffer(id).as_ref().ok_or(InstructionError::UnsupportedSysvar)?;
        // SAFETY: the caller passes room for the sysvar it names, which is at least as long as its
        // encoding.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len()) };
        Ok(())
    });
    if copied.is_ok() { SUCCESS } else { SYSVAR_NOT_FOUND }
}

/// Gives the runtime what the program has changed so far of the accounts that it passes on.
fn hand_over(
    context: &InvokeContext<'static, 'static>,
    instruction: &Instruction,
    infos: &[AccountInfo],
) -> Result<(), InstructionError> {
    each_account(context, instruction, infos, |mut account, info| {
        if account.get_lamports() != info.lamports() {
            account.set_lamports(info.lamports())?;
        }
        let data = info.try_borrow_data().map_err(|_| InstructionError::AccountBorrowFailed)?;
        match account.can_data_be_resized(data.len()) {
            Ok(()) => account.set_data_from_slice(&data)?,
            Err(error) if account.get_data() != *data => return Err(error),
            Err(_) => {}
        }
        // Last: with the account goes the right to change it.
        if account.get_owner() != info.owner {
            account.set_owner(info.owner.as_ref())?;
        }
        Ok(())
    })
}

/// Shows the program what the called one has changed.
fn take_back(
    context: &InvokeContext<'static, 'static>,
    instruction: &Instruction,
    infos: &[AccountInfo],
) -> Result<(), InstructionError> {
    each_account(context, instruction, infos, |account, info| {
        if !account.is_writable() {
            return Ok(());
        }
        **info.try_borrow_mut_lamports().map_err(|_| InstructionError::AccountBorrowFailed)? = account.get_lamports();
        if info.owner != account.get_owner() {
            info.assign(account.get_owner());
        }
        let bytes = account.get_data();
        if info.data_len() != bytes.len() {
            info.resize(bytes.len()).map_err(|_| InstructionError::InvalidRealloc)?;
        }
        let mut data = info.try_borrow_mut_data().map_err(|_| InstructionError::AccountBorrowFailed)?;
        data.copy_from_slice(bytes);
        Ok(())
    })
}

/// Every account of a call, once, as the runtime and as the caller has it.
fn each_account(
    context: &InvokeContext<'static, 'static>,
    instruction: &Instruction,
    infos: &[AccountInfo],
    mut act: impl FnMut(BorrowedInstructionAccount<'_, '_>, &AccountInfo) -> Result<(), InstructionError>,
) -> Result<(), InstructionError> {
    let transaction = &context.transaction_context;
    let caller = transaction.get_current_instruction_context()?;
    let metas = instruction.accounts.iter().enumerate();
    let first = |at: usize, key: &Pubkey| instruction.accounts[..at].iter().all(|meta| meta.pubkey != *key);
    for (_, meta) in metas.filter(|(at, meta)| first(*at, &meta.pubkey)) {
        let in_transaction = transaction.find_index_of_account(&meta.pubkey).ok_or(InstructionError::MissingAccount)?;
        let at = caller.get_index_of_account_in_instruction(in_transaction)?;
        let account = caller.try_borrow_instruction_account(at)?;
        // The runtime's own condition: programs are not passed back and forth.
        #[expect(deprecated)]
        let is_program = account.is_executable();
        if !is_program {
            let info = infos.iter().find(|info| info.key == &meta.pubkey).ok_or(InstructionError::MissingAccount)?;
            act(account, info)?;
        }
    }
    Ok(())
}
