//! Why a transaction did not do what it was for.

use crate::pda::PROGRAM_ID;
use crate::rpc::RpcError;
use anchor_lang::error::ERROR_CODE_OFFSET;
use mira_core::Error as Refusal;
use solana_sdk::instruction::InstructionError;
use solana_sdk::message::VersionedMessage;
use solana_sdk::signature::Signature;
use solana_sdk::transaction::TransactionError;
use std::fmt;

/// A transaction that the chain, or its simulation, refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The transaction.
    pub signature: Signature,
    /// Whether it landed and failed on chain, so that its fee is gone, or was refused before.
    pub landed: bool,
    /// The instruction that failed, from 0, where one did.
    pub instruction: Option<u8>,
    /// The program's own reason, where it was the program that refused.
    pub refusal: Option<Refusal>,
    /// The runtime's words, then what Anchor, or else the last program that spoke, logged.
    pub reason: String,
}

impl Rejection {
    pub(super) fn new(
        signature: Signature,
        landed: bool,
        message: &VersionedMessage,
        error: &TransactionError,
        logs: &[String],
    ) -> Self {
        let (instruction, refusal) = match error {
            TransactionError::InstructionError(index, InstructionError::Custom(code)) => {
                (Some(*index), refusal(message, *index, *code))
            }
            TransactionError::InstructionError(index, _) => (Some(*index), None),
            _ => (None, None),
        };
        let said = |line: &String| line.strip_prefix("Program log: ").map(str::to_owned);
        let anchor = logs.iter().filter_map(said).find(|line| line.starts_with("AnchorError"));
        let reason = match anchor.or_else(|| logs.iter().rev().find_map(said)) {
            Some(line) => format!("{error}: {line}"),
            None => error.to_string(),
        };
        Self { signature, landed, instruction, refusal, reason }
    }
}

/// Our program's error behind a custom code; the code of another program stays a number.
fn refusal(message: &VersionedMessage, index: u8, code: u32) -> Option<Refusal> {
    let instruction = message.instructions().get(usize::from(index))?;
    let program = message.static_account_keys().get(usize::from(instruction.program_id_index))?;
    if *program != PROGRAM_ID {
        return None;
    }
    Refusal::from_index(code.checked_sub(ERROR_CODE_OFFSET)?)
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.refusal {
            Some(refusal) => write!(f, "{}: {refusal}", refusal.name())?,
            None => f.write_str(&self.reason)?,
        }
        if self.landed {
            write!(f, " (transaction {} failed on chain)", self.signature)?;
        }
        Ok(())
    }
}

/// Why sending failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The endpoint failed. If it happened after the first broadcast, the outcome is unknown.
    #[error(transparent)]
    Rpc(#[from] RpcError),
    /// The transaction could not be signed.
    #[error("cannot sign: {0}")]
    Sign(String),
    /// The chain refused it.
    #[error("{0}")]
    Rejected(Box<Rejection>),
    /// Its blockhash expired and it did not land: it never will. Sign a new one.
    #[error("transaction {signature} expired without landing; sign and send it anew")]
    Expired {
        /// The transaction.
        signature: Signature,
    },
}

impl SendError {
    /// The program's own reason, where it was the program that refused.
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Rejected(rejection) => rejection.refusal,
            Self::Rpc(_) | Self::Sign(_) | Self::Expired { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ix;
    use solana_sdk::message::Message;
    use solana_sdk::pubkey::Pubkey;

    fn message() -> VersionedMessage {
        let payer = Pubkey::new_from_array([1; 32]);
        let transfer = crate::token::transfer(&payer, &payer, &payer, &payer, 1, 0);
        VersionedMessage::Legacy(Message::new(&[ix::sweep_fees(&payer, 0), transfer], Some(&payer)))
    }

    fn rejection(index: u8, code: u32, logs: &[String]) -> Rejection {
        let error = TransactionError::InstructionError(index, InstructionError::Custom(code));
        Rejection::new(Signature::default(), false, &message(), &error, logs)
    }

    #[test]
    fn a_code_of_ours_has_a_name() {
        let code = ERROR_CODE_OFFSET + Refusal::NothingToSweep.index();
        let rejection = rejection(0, code, &[]);
        assert_eq!(rejection.refusal, Some(Refusal::NothingToSweep));
        assert!(rejection.to_string().starts_with("NothingToSweep: "));
    }

    #[test]
    fn codes_of_anchor_and_of_other_programs_stay_theirs() {
        let logs = ["Program log: AnchorError caused by account: job. Error Code: ConstraintSeeds.".to_owned()];
        let of_anchor = rejection(0, 2006, &logs);
        assert_eq!(of_anchor.refusal, None);
        assert!(of_anchor.to_string().contains("ConstraintSeeds"));
        assert_eq!(rejection(1, ERROR_CODE_OFFSET, &[]).refusal, None);
        assert_eq!(rejection(1, ERROR_CODE_OFFSET, &[]).instruction, Some(1));
    }
}
