//! From a block or a transaction as the RPC sends it to the program's events. Pure, and fail-closed:
//! whatever could hide an event makes the whole answer undecodable.

mod scan;

use super::{ProgramTransaction, SlotBlock, SourceError, UnreadableTransaction};
use mira_core::Hash;
use scan::Scan;
use solana_sdk::signature::Signature;
use solana_transaction_status_client_types::{
    EncodedConfirmedTransactionWithStatusMeta, EncodedTransactionWithStatusMeta, UiConfirmedBlock,
};
use std::str::FromStr;

/// Reduces a finalized block to its links and the program's events.
///
/// An event is an inner instruction of the program whose data starts with [`EVENT_TAG`](crate::event::EVENT_TAG) and whose
/// only account is the program's event authority, in a transaction that succeeded. Only the program
/// can sign for that authority. Calls that carry the tag and either our program or our event
/// authority, but not both in the right places, are counted as forged and ignored.
///
/// # Errors
/// [`SourceError::UnreadableIn`]: parts of a transaction are missing, are of an unknown encoding or version,
/// or point nowhere. [`SourceError::Undecodable`]: that is so of the block, or not even the transaction's name
/// can be read. Transactions that failed, or that name neither the program nor its event authority, are
/// not looked into further than that.
pub fn slot_block(slot: u64, block: UiConfirmedBlock) -> Result<SlotBlock, SourceError> {
    let undecodable = |reason| SourceError::Undecodable { slot, reason };
    let transactions = block.transactions.ok_or_else(|| undecodable("it has no transactions field".to_owned()))?;
    if block.parent_slot >= slot && slot != 0 {
        return Err(undecodable(format!("its parent slot {} is not before it", block.parent_slot)));
    }
    let (blockhash, parent_blockhash) = (hash(&block.blockhash), hash(&block.previous_blockhash));
    let (blockhash, parent_blockhash) = (blockhash.map_err(undecodable)?, parent_blockhash.map_err(undecodable)?);
    let count = u32::try_from(transactions.len()).map_err(|_| undecodable("too many transactions".to_owned()))?;
    let mut scan = Scan::new(slot, block.block_time);
    let mut unreadable = Vec::new();
    for (index, transaction) in transactions.iter().enumerate() {
        if let Err(reason) = scan.transaction(transaction) {
            match set_apart(slot, transaction, reason) {
                Ok(transaction) => unreadable.push(transaction),
                Err(reason) => return Err(undecodable(format!("transaction {index}: {reason}"))),
            }
        }
    }
    let block = SlotBlock {
        slot,
        parent_slot: block.parent_slot,
        blockhash,
        parent_blockhash,
        block_time: block.block_time,
        transactions: count,
        forged: scan.forged,
        events: scan.events,
    };
    if unreadable.is_empty() {
        Ok(block)
    } else {
        Err(SourceError::UnreadableIn { block: Box::new(block), unreadable })
    }
}

/// A transaction that cannot be understood, by its name; the reason again if not even that can be read.
fn set_apart(
    slot: u64,
    found: &EncodedTransactionWithStatusMeta,
    reason: String,
) -> Result<UnreadableTransaction, String> {
    let signature = found.transaction.decode().and_then(|decoded| decoded.signatures.first().copied());
    let received = serde_json::to_vec(found).ok();
    match signature.zip(received) {
        Some((signature, received)) => {
            Ok(UnreadableTransaction { signature: *signature.as_array(), slot, reason, received })
        }
        None => Err(reason),
    }
}

/// Reduces a finalized transaction to the program's events, found as in [`slot_block`].
///
/// # Errors
/// [`SourceError::Unreadable`], and [`SourceError::Undecodable`] if the answer is another transaction than
/// `signature` or none.
pub fn program_transaction(
    signature: [u8; 64],
    found: EncodedConfirmedTransactionWithStatusMeta,
) -> Result<ProgramTransaction, SourceError> {
    let (slot, block_time) = (found.slot, found.block_time);
    let name = Signature::from(signature);
    let undecodable = |reason| SourceError::Undecodable { slot, reason: format!("transaction {name}: {reason}") };
    let decoded = found.transaction.transaction.decode();
    let decoded = decoded.ok_or_else(|| undecodable("its bytes cannot be decoded".to_owned()))?;
    if decoded.signatures.first() != Some(&name) {
        return Err(undecodable("the endpoint gave another one".to_owned()));
    }
    let mut scan = Scan::new(slot, block_time);
    if let Err(reason) = scan.transaction(&found.transaction) {
        let transaction = set_apart(slot, &found.transaction, reason).map_err(undecodable)?;
        return Err(SourceError::Unreadable(Box::new(transaction)));
    }
    Ok(ProgramTransaction { signature, slot, block_time, forged: scan.forged, events: scan.events })
}

fn hash(text: &str) -> Result<Hash, String> {
    solana_sdk::hash::Hash::from_str(text).map(|hash| hash.to_bytes()).map_err(|_| format!("{text:?} is not a hash"))
}

#[cfg(test)]
mod tests;
