//! From a block as the RPC sends it to the program's events. Pure, and fail-closed: whatever could
//! hide an event makes the whole block undecodable.

use super::{SlotBlock, SourceError};
use crate::event::{EVENT_TAG, EventId, RawEvent};
use crate::pda::{self, PROGRAM_ID};
use mira_core::Hash;
use solana_sdk::message::VersionedMessage;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::transaction::VersionedTransaction;
use solana_transaction_status_client_types::option_serializer::OptionSerializer;
use solana_transaction_status_client_types::{
    EncodedTransactionWithStatusMeta, UiCompiledInstruction, UiConfirmedBlock, UiInnerInstructions, UiInstruction,
    UiLoadedAddresses, UiTransactionStatusMeta,
};
use std::collections::BTreeSet;
use std::str::FromStr;

/// Reduces a finalized block to its links and the program's events.
///
/// An event is an inner instruction of the program whose data starts with [`EVENT_TAG`] and whose
/// only account is the program's event authority, in a transaction that succeeded. Only the program
/// can sign for that authority. Calls that carry the tag and either our program or our event
/// authority, but not both in the right places, are counted as forged and ignored.
///
/// # Errors
/// [`SourceError::Undecodable`]: missing parts, an unknown encoding or version, an index that points
/// nowhere. Transactions that failed, or that name neither the program nor its event authority, are
/// not looked into further than that.
pub fn slot_block(slot: u64, block: UiConfirmedBlock) -> Result<SlotBlock, SourceError> {
    let undecodable = |reason| SourceError::Undecodable { slot, reason };
    let transactions = block.transactions.ok_or_else(|| undecodable("it has no transactions field".to_owned()))?;
    let mut result = SlotBlock {
        slot,
        parent_slot: block.parent_slot,
        blockhash: hash(&block.blockhash).map_err(undecodable)?,
        parent_blockhash: hash(&block.previous_blockhash).map_err(undecodable)?,
        block_time: block.block_time,
        transactions: u32::try_from(transactions.len()).map_err(|_| undecodable("too many transactions".to_owned()))?,
        forged: 0,
        events: Vec::new(),
    };
    if result.parent_slot >= slot && slot != 0 {
        return Err(undecodable(format!("its parent slot {} is not before it", result.parent_slot)));
    }
    let event_authority = pda::event_authority();
    for (index, transaction) in transactions.into_iter().enumerate() {
        Scan { event_authority: &event_authority, into: &mut result }
            .transaction(transaction)
            .map_err(|reason| undecodable(format!("transaction {index}: {reason}")))?;
    }
    Ok(result)
}

fn hash(text: &str) -> Result<Hash, String> {
    solana_sdk::hash::Hash::from_str(text).map(|hash| hash.to_bytes()).map_err(|_| format!("{text:?} is not a hash"))
}

struct Scan<'a> {
    event_authority: &'a Pubkey,
    into: &'a mut SlotBlock,
}

impl Scan<'_> {
    fn transaction(&mut self, encoded: EncodedTransactionWithStatusMeta) -> Result<(), String> {
        let meta = encoded.meta.ok_or("it has no meta")?;
        if meta.err.is_some() {
            return Ok(());
        }
        let transaction = encoded.transaction.decode().ok_or("its bytes cannot be decoded")?;
        if !matches!(transaction.message, VersionedMessage::Legacy(_) | VersionedMessage::V0(_)) {
            return Err("its version is newer than 0: upgrade".to_owned());
        }
        let keys = account_keys(&transaction, &meta)?;
        let names_program = keys.contains(&PROGRAM_ID);
        if !names_program && !keys.contains(self.event_authority) {
            return Ok(());
        }
        for outer in transaction.message.instructions() {
            if outer.data.starts_with(&EVENT_TAG)
                && self.is_ours(key_at(&keys, outer.program_id_index)?, &keys, &outer.accounts)?
            {
                self.into.forged = self.into.forged.saturating_add(1);
            }
        }
        match meta.inner_instructions {
            OptionSerializer::Some(groups) => self.inner(&transaction, &keys, groups),
            OptionSerializer::None | OptionSerializer::Skip if names_program => {
                Err("its inner instructions were not recorded: use an endpoint that records them".to_owned())
            }
            OptionSerializer::None | OptionSerializer::Skip => Ok(()),
        }
    }

    /// Whether a call with the tag concerns this program at all.
    fn is_ours(&self, program: &Pubkey, keys: &[Pubkey], accounts: &[u8]) -> Result<bool, String> {
        if *program == PROGRAM_ID {
            return Ok(true);
        }
        for index in accounts {
            if key_at(keys, *index)? == self.event_authority {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn inner(
        &mut self,
        transaction: &VersionedTransaction,
        keys: &[Pubkey],
        groups: Vec<UiInnerInstructions>,
    ) -> Result<(), String> {
        let signature = transaction.signatures.first().ok_or("it has no signature")?;
        let mut seen = BTreeSet::new();
        for group in groups {
            if usize::from(group.index) >= transaction.message.instructions().len() || !seen.insert(group.index) {
                return Err(format!("its inner instructions name instruction {} wrongly", group.index));
            }
            for (inner_ix, instruction) in group.instructions.iter().enumerate() {
                let UiInstruction::Compiled(instruction) = instruction else {
                    return Err("its inner instructions are parsed, not raw".to_owned());
                };
                let id = EventId {
                    signature: *signature.as_array(),
                    ix: u16::from(group.index),
                    inner_ix: u16::try_from(inner_ix).map_err(|_| "it has too many inner instructions")?,
                };
                self.inner_instruction(id, keys, instruction)?;
            }
        }
        Ok(())
    }

    fn inner_instruction(
        &mut self,
        id: EventId,
        keys: &[Pubkey],
        instruction: &UiCompiledInstruction,
    ) -> Result<(), String> {
        let data = bs58::decode(&instruction.data)
            .into_vec()
            .map_err(|_| format!("inner instruction {}/{} has data that is not base58", id.ix, id.inner_ix))?;
        if !data.starts_with(&EVENT_TAG) {
            return Ok(());
        }
        let program = key_at(keys, instruction.program_id_index)?;
        if !self.is_ours(program, keys, &instruction.accounts)? {
            return Ok(());
        }
        let signed_by_us = match instruction.accounts.as_slice() {
            [only] => key_at(keys, *only)? == self.event_authority,
            _ => false,
        };
        if *program != PROGRAM_ID || !signed_by_us {
            self.into.forged = self.into.forged.saturating_add(1);
            return Ok(());
        }
        let event = RawEvent::from_data(id, self.into.slot, self.into.block_time, &data)
            .map_err(|error| format!("event {}/{}: {error}", id.ix, id.inner_ix))?;
        self.into.events.push(event);
        Ok(())
    }
}

fn key_at(keys: &[Pubkey], index: u8) -> Result<&Pubkey, String> {
    keys.get(usize::from(index)).ok_or_else(|| format!("account index {index} points nowhere"))
}

/// All account keys in index order: static, then looked-up writable, then looked-up read-only.
fn account_keys(transaction: &VersionedTransaction, meta: &UiTransactionStatusMeta) -> Result<Vec<Pubkey>, String> {
    let mut keys = transaction.message.static_account_keys().to_vec();
    let lookups = transaction.message.address_table_lookups().unwrap_or_default();
    if lookups.is_empty() {
        return Ok(keys);
    }
    let OptionSerializer::Some(UiLoadedAddresses { writable, readonly }) = &meta.loaded_addresses else {
        return Err("it uses lookup tables, and the addresses loaded from them are missing".to_owned());
    };
    let expected_writable: usize = lookups.iter().map(|lookup| lookup.writable_indexes.len()).sum();
    let expected_readonly: usize = lookups.iter().map(|lookup| lookup.readonly_indexes.len()).sum();
    if (writable.len(), readonly.len()) != (expected_writable, expected_readonly) {
        return Err("its loaded addresses do not match its lookup tables".to_owned());
    }
    for text in writable.iter().chain(readonly) {
        keys.push(Pubkey::from_str(text).map_err(|_| format!("loaded address {text:?} is not a key"))?);
    }
    Ok(keys)
}

#[cfg(test)]
mod tests;
