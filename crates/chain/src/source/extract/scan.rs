//! One transaction as an RPC sends it, and the program's events in it: the same for a block and for a
//! transaction that was asked for alone.

use crate::event::{EVENT_TAG, EventId, RawEvent};
use crate::pda::{self, PROGRAM_ID};
use solana_sdk::message::VersionedMessage;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::transaction::VersionedTransaction;
use solana_transaction_status_client_types::option_serializer::OptionSerializer;
use solana_transaction_status_client_types::{
    EncodedTransactionWithStatusMeta, UiCompiledInstruction, UiInnerInstructions, UiInstruction, UiLoadedAddresses,
    UiTransactionStatusMeta,
};
use std::collections::BTreeSet;
use std::str::FromStr;

/// The transactions of one slot, as far as they were looked into.
pub(super) struct Scan {
    event_authority: Pubkey,
    slot: u64,
    block_time: Option<i64>,
    pub(super) forged: u32,
    pub(super) events: Vec<RawEvent>,
}

impl Scan {
    pub(super) fn new(slot: u64, block_time: Option<i64>) -> Self {
        Self { event_authority: pda::event_authority(), slot, block_time, forged: 0, events: Vec::new() }
    }

    /// Takes the events of one transaction: all of them, or none with the reason.
    pub(super) fn transaction(&mut self, encoded: &EncodedTransactionWithStatusMeta) -> Result<(), String> {
        let (forged, events) = (self.forged, self.events.len());
        self.take(encoded).inspect_err(|_| {
            self.forged = forged;
            self.events.truncate(events);
        })
    }

    fn take(&mut self, encoded: &EncodedTransactionWithStatusMeta) -> Result<(), String> {
        let meta = encoded.meta.as_ref().ok_or("it has no meta")?;
        if meta.err.is_some() {
            return Ok(());
        }
        let transaction = encoded.transaction.decode().ok_or("its bytes cannot be decoded")?;
        if !matches!(transaction.message, VersionedMessage::Legacy(_) | VersionedMessage::V0(_)) {
            return Err("its version is newer than 0: upgrade".to_owned());
        }
        let keys = account_keys(&transaction, meta)?;
        let names_program = keys.contains(&PROGRAM_ID);
        if !names_program && !keys.contains(&self.event_authority) {
            return Ok(());
        }
        for outer in transaction.message.instructions() {
            if outer.data.starts_with(&EVENT_TAG)
                && self.is_ours(key_at(&keys, outer.program_id_index)?, &keys, &outer.accounts)?
            {
                self.forged = self.forged.saturating_add(1);
            }
        }
        match &meta.inner_instructions {
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
            if *key_at(keys, *index)? == self.event_authority {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn inner(
        &mut self,
        transaction: &VersionedTransaction,
        keys: &[Pubkey],
        groups: &[UiInnerInstructions],
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
            [only] => *key_at(keys, *only)? == self.event_authority,
            _ => false,
        };
        if *program != PROGRAM_ID || !signed_by_us {
            self.forged = self.forged.saturating_add(1);
            return Ok(());
        }
        let event = RawEvent::from_data(id, self.slot, self.block_time, &data)
            .map_err(|error| format!("event {}/{}: {error}", id.ix, id.inner_ix))?;
        self.events.push(event);
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
