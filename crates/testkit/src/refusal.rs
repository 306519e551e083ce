//! Who refused a transaction, and with which code.

use litesvm::types::FailedTransactionMetadata;
use mira_chain::pda;
use mira_core::Error;
use solana_sdk::instruction::{Instruction, InstructionError};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::transaction::TransactionError;

/// Why a transaction failed. Nothing of it was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The program, by its own rules.
    Mira(Error),
    /// Anchor's checks of the program's accounts: `anchor_lang::error::ErrorCode` as number.
    Anchor(u32),
    /// The token program: `TokenError` as number.
    Token(u32),
    /// The system program: `SystemError` as number.
    System(u32),
    /// The ed25519 program: `PrecompileError` as number.
    Ed25519(u32),
    /// Another program.
    Other {
        /// Which.
        program: Pubkey,
        /// Its code.
        code: u32,
    },
    /// The runtime, because of what an instruction did.
    Instruction(InstructionError),
    /// The runtime, before any instruction ran.
    Transaction(TransactionError),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Mira(error)
    }
}

impl From<anchor_lang::error::ErrorCode> for Refusal {
    fn from(error: anchor_lang::error::ErrorCode) -> Self {
        Self::Anchor(error.into())
    }
}

impl Refusal {
    /// Reads the runtime's answer to `instructions`.
    pub(crate) fn read(failed: &FailedTransactionMetadata, instructions: &[Instruction]) -> Self {
        let (at, error) = match &failed.err {
            TransactionError::InstructionError(at, error) => (usize::from(*at), error.clone()),
            other => return Self::Transaction(other.clone()),
        };
        let InstructionError::Custom(code) = error else {
            return Self::Instruction(error);
        };
        let program = innermost(&failed.meta.logs).unwrap_or(instructions[at].program_id);
        match program {
            pda::PROGRAM_ID if code >= anchor_lang::error::ERROR_CODE_OFFSET => {
                let index = code - anchor_lang::error::ERROR_CODE_OFFSET;
                Self::Mira(Error::from_index(index).expect("the program's errors are core's"))
            }
            pda::PROGRAM_ID => Self::Anchor(code),
            mira_chain::token::TOKEN_PROGRAM => Self::Token(code),
            solana_sdk_ids::system_program::ID => Self::System(code),
            solana_sdk_ids::ed25519_program::ID => Self::Ed25519(code),
            program => Self::Other { program, code },
        }
    }
}

/// The program that failed first: what called it fails after it, with the same code.
fn innermost(logs: &[String]) -> Option<Pubkey> {
    let failed = logs.iter().find(|line| line.starts_with("Program ") && line.contains(" failed: "))?;
    failed.split(' ').nth(1)?.parse().ok()
}
