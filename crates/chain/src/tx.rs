//! Lease proposals: a transaction that the matcher signs first and the provider's operator last.
//!
//! The dispatcher offers a lease as a complete transaction in which the operator pays fee and rent.
//! The node must not have to trust it: [`verify`] rebuilds the only message that the agreed terms can
//! have and compares it byte for byte, so that nothing else can ride along.

use crate::ix::{LeaseTerms, open_lease};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use mira_core::Hash;
use solana_sdk::message::{Message, VersionedMessage};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::{Keypair, Signature};
use solana_sdk::signer::Signer;
use solana_sdk::transaction::VersionedTransaction;

/// Why a proposal was not made or not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProposalError {
    /// The signer is not the party that has to sign here.
    #[error("{given} signed in the place of {expected}")]
    WrongSigner {
        /// Who tried.
        given: Pubkey,
        /// Who has to.
        expected: Pubkey,
    },
    /// The bytes are no transaction.
    #[error("the proposal is not a base64 transaction")]
    Undecodable,
    /// It is a transaction, but not exactly this lease's opening.
    #[error("the proposed transaction is not the opening of the agreed lease and nothing else; refuse it")]
    NotTheLease,
    /// The matcher's signature does not hold.
    #[error("the matcher {matcher} has not signed the proposal")]
    Unsigned {
        /// The job's dispatcher or requester.
        matcher: Pubkey,
    },
    /// It could not be signed or encoded.
    #[error("cannot sign: {0}")]
    Sign(String),
}

/// The message of a lease's opening: one instruction, the operator pays.
fn message(terms: &LeaseTerms, blockhash: Hash) -> VersionedMessage {
    let blockhash = solana_sdk::hash::Hash::new_from_array(blockhash);
    VersionedMessage::Legacy(Message::new_with_blockhash(&[open_lease(terms)], Some(&terms.operator), &blockhash))
}

/// The place of a required signer.
fn place(message: &VersionedMessage, signer: &Pubkey) -> Option<usize> {
    let required = usize::from(message.header().num_required_signatures);
    message.static_account_keys().iter().take(required).position(|key| key == signer)
}

/// Signs in one place and leaves the others.
fn sign_in_place(transaction: &mut VersionedTransaction, signer: &Keypair) -> Result<(), ProposalError> {
    let index = place(&transaction.message, &signer.pubkey()).ok_or(ProposalError::NotTheLease)?;
    let signature = signer
        .try_sign_message(&transaction.message.serialize())
        .map_err(|error| ProposalError::Sign(error.to_string()))?;
    *transaction.signatures.get_mut(index).ok_or(ProposalError::NotTheLease)? = signature;
    Ok(())
}

/// The opening of a lease, signed by the matcher and not yet by the operator, as base64.
///
/// # Errors
/// [`ProposalError::WrongSigner`] if `matcher` is not `terms.matcher`.
pub fn propose(terms: &LeaseTerms, matcher: &Keypair, blockhash: Hash) -> Result<String, ProposalError> {
    if matcher.pubkey() != terms.matcher {
        return Err(ProposalError::WrongSigner { given: matcher.pubkey(), expected: terms.matcher });
    }
    let message = message(terms, blockhash);
    let places = usize::from(message.header().num_required_signatures);
    let mut transaction = VersionedTransaction { signatures: vec![Signature::default(); places], message };
    sign_in_place(&mut transaction, matcher)?;
    encode(&transaction)
}

/// Checks that a proposal opens exactly the lease of these terms, does nothing else, and is signed by
/// the matcher. Prices and caps are the caller's to judge, in the terms.
///
/// # Errors
/// [`ProposalError`]; the transaction must then not be signed.
pub fn verify(proposal: &str, terms: &LeaseTerms) -> Result<VersionedTransaction, ProposalError> {
    let transaction = decode(proposal)?;
    let blockhash = transaction.message.recent_blockhash().to_bytes();
    if transaction.message != message(terms, blockhash) {
        return Err(ProposalError::NotTheLease);
    }
    let unsigned = ProposalError::Unsigned { matcher: terms.matcher };
    if transaction.signatures.len() != usize::from(transaction.message.header().num_required_signatures) {
        return Err(unsigned);
    }
    let index = place(&transaction.message, &terms.matcher).ok_or(ProposalError::NotTheLease)?;
    let signature = transaction.signatures.get(index).ok_or(unsigned.clone())?;
    if signature.verify(terms.matcher.as_ref(), &transaction.message.serialize()) {
        Ok(transaction)
    } else {
        Err(unsigned)
    }
}

/// [`verify`], then the operator's signature: ready to submit.
///
/// # Errors
/// As [`verify`]; [`ProposalError::WrongSigner`] if `operator` is not `terms.operator`.
pub fn accept(proposal: &str, terms: &LeaseTerms, operator: &Keypair) -> Result<VersionedTransaction, ProposalError> {
    if operator.pubkey() != terms.operator {
        return Err(ProposalError::WrongSigner { given: operator.pubkey(), expected: terms.operator });
    }
    let mut transaction = verify(proposal, terms)?;
    sign_in_place(&mut transaction, operator)?;
    Ok(transaction)
}

/// A transaction as base64, as the wire carries it.
///
/// # Errors
/// [`ProposalError::Sign`] if it cannot be serialized, which a well-formed one always can.
pub fn encode(transaction: &VersionedTransaction) -> Result<String, ProposalError> {
    let bytes = wincode::serialize(transaction).map_err(|error| ProposalError::Sign(error.to_string()))?;
    Ok(BASE64_STANDARD.encode(bytes))
}

/// A transaction from base64; its bytes must be exactly one transaction.
///
/// # Errors
/// [`ProposalError::Undecodable`].
pub fn decode(text: &str) -> Result<VersionedTransaction, ProposalError> {
    let bytes = BASE64_STANDARD.decode(text).map_err(|_| ProposalError::Undecodable)?;
    let transaction: VersionedTransaction = wincode::deserialize(&bytes).map_err(|_| ProposalError::Undecodable)?;
    let again = wincode::serialize(&transaction).map_err(|_| ProposalError::Undecodable)?;
    if again == bytes && transaction.sanitize().is_ok() { Ok(transaction) } else { Err(ProposalError::Undecodable) }
}

#[cfg(test)]
mod tests;
