//! Sending transactions: sign, send, confirm, report the fee.
//!
//! Two steps on purpose. [`prepare`] signs, so that the signature is known and can be stored before
//! anything leaves; [`submit`] sends and waits, and may be called again with the same transaction after
//! a crash, because a signature lands at most once. Only [`SendError::Expired`] and a refusal before
//! the first broadcast prove that it never will; after any other error ask for its status first.

mod error;
mod wait;

pub use error::{Rejection, SendError};
pub use wait::{Confirmed, submit};

use crate::rpc::Rpc;
use solana_commitment_config::CommitmentLevel;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_sdk::hash::Hash;
use solana_sdk::instruction::Instruction;
use solana_sdk::message::{Message, VersionedMessage};
use solana_sdk::signature::{Keypair, Signature};
use solana_sdk::signer::Signer;
use solana_sdk::transaction::VersionedTransaction;

/// Blocks for which a blockhash stays usable (fixed by the cluster).
pub const BLOCKHASH_LIFETIME_BLOCKS: u64 = 150;

/// A signed transaction that has not been sent yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The transaction, fully signed.
    pub transaction: VersionedTransaction,
    /// The last block height at which it can land.
    pub last_valid_block_height: u64,
}

impl Prepared {
    /// Its first signature: its identity.
    pub fn signature(&self) -> Signature {
        self.transaction.signatures.first().copied().unwrap_or_default()
    }
}

/// What a transaction is willing to use. The default asks for nothing: the cluster's defaults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// Compute units at most.
    pub compute_unit_limit: Option<u32>,
    /// Priority fee in micro-lamports per compute unit.
    pub compute_unit_price: Option<u64>,
}

impl Budget {
    fn instructions(self) -> impl Iterator<Item = Instruction> {
        let limit = self.compute_unit_limit.map(ComputeBudgetInstruction::set_compute_unit_limit);
        let price = self.compute_unit_price.map(ComputeBudgetInstruction::set_compute_unit_price);
        limit.into_iter().chain(price)
    }
}

/// Builds and signs a transaction. The first signer pays the fee; a signer may be given twice.
///
/// # Errors
/// [`SendError::Rpc`] without a blockhash, [`SendError::Sign`] if a needed signer is missing.
pub async fn prepare(
    rpc: &Rpc,
    instructions: &[Instruction],
    signers: &[&Keypair],
    budget: Budget,
) -> Result<Prepared, SendError> {
    let latest = rpc.latest_blockhash().await?;
    let transaction = sign(instructions, signers, budget, Hash::new_from_array(latest.blockhash))?;
    Ok(Prepared { transaction, last_valid_block_height: latest.last_valid_block_height })
}

/// [`prepare`] and [`submit`] in one, with the default budget.
///
/// # Errors
/// [`SendError`].
pub async fn send(
    rpc: &Rpc,
    instructions: &[Instruction],
    signers: &[&Keypair],
    commitment: CommitmentLevel,
) -> Result<Confirmed, SendError> {
    let prepared = prepare(rpc, instructions, signers, Budget::default()).await?;
    submit(rpc, &prepared, commitment).await
}

/// Signs a legacy transaction, which every client and wallet understands.
fn sign(
    instructions: &[Instruction],
    signers: &[&Keypair],
    budget: Budget,
    blockhash: Hash,
) -> Result<VersionedTransaction, SendError> {
    let mut distinct: Vec<&Keypair> = Vec::with_capacity(signers.len());
    for signer in signers {
        if distinct.iter().all(|known| known.pubkey() != signer.pubkey()) {
            distinct.push(signer);
        }
    }
    let payer = distinct.first().ok_or_else(|| SendError::Sign("give at least one signer".to_owned()))?.pubkey();
    let all: Vec<Instruction> = budget.instructions().chain(instructions.iter().cloned()).collect();
    let message = Message::new_with_blockhash(&all, Some(&payer), &blockhash);
    VersionedTransaction::try_new(VersionedMessage::Legacy(message), distinct.as_slice())
        .map_err(|error| SendError::Sign(error.to_string()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::ix;

    #[test]
    fn a_signer_may_be_named_twice_and_the_first_pays() {
        let key = Keypair::new_from_array([1; 32]);
        let sweep = [ix::sweep_fees(&key.pubkey(), 0)];
        let budget = Budget { compute_unit_limit: Some(1), compute_unit_price: Some(2) };
        let transaction = sign(&sweep, &[&key, &key], budget, Hash::default()).unwrap();
        assert_eq!(transaction.signatures.len(), 1);
        assert_eq!(transaction.message.static_account_keys()[0], key.pubkey());
        assert_eq!(transaction.message.instructions().len(), 3);
        assert_eq!(transaction.verify_with_results(), [true]);
    }

    #[test]
    fn a_missing_signer_is_an_error() {
        let key = Keypair::new_from_array([1; 32]);
        let other = Keypair::new_from_array([2; 32]).pubkey();
        let sweep = [ix::sweep_fees(&other, 0)];
        let error = sign(&sweep, &[&key], Budget::default(), Hash::default());
        assert!(matches!(error, Err(SendError::Sign(_))));
        assert!(matches!(sign(&sweep, &[], Budget::default(), Hash::default()), Err(SendError::Sign(_))));
    }
}
