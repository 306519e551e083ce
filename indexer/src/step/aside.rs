//! Transactions that the operator has named to be set aside, because nobody can read them and they are known to
//! concern nothing here.
//!
//! Nothing is ever set aside by itself, and nothing that can be read is set aside at all. What goes is kept with
//! its bytes. An event that is lost with it leaves its aggregate with a gap, which the fold finds at the aggregate's
//! next event.

use std::collections::{BTreeMap, BTreeSet};

use mira_chain::event::{Event, RawEvent};
use mira_chain::source::UnreadableTransaction;
use mira_core::Hash;
use mira_store::model::{DeadLetter, Signature};

use crate::apply::PlacedEvent;
use crate::convert::{ledger_row, ordinal};
use crate::stop::Stop;

/// The transactions that are named.
pub type SetAside = BTreeSet<Signature>;

/// The events of one slot, or of a transaction in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Read {
    /// As the ledger keeps them.
    pub(super) ledger: Vec<mira_store::model::RawEvent>,
    /// As they are folded.
    pub(super) events: Vec<PlacedEvent>,
    /// What was set aside. When it was recorded is the shell's to say.
    pub(super) letters: Vec<DeadLetter>,
}

/// Sets aside what the source could not read, or stops at the first that is not named.
pub(super) fn unreadable(aside: &SetAside, found: Vec<UnreadableTransaction>) -> Result<Vec<DeadLetter>, Stop> {
    let letter = |found: UnreadableTransaction| {
        let UnreadableTransaction { signature, slot, reason, received } = found;
        if !aside.contains(&signature) {
            return Err(Stop::Unreadable { slot, signature, reason });
        }
        Ok(DeadLetter { signature, slot, reason, bytes: received, recorded_ms: 0 })
    };
    found.into_iter().map(letter).collect()
}

/// Reads the events of a slot.
///
/// # Errors
/// An event of a transaction that is not named cannot be read, or the network is another cluster's.
pub(super) fn read(cluster: &Hash, aside: &SetAside, slot: u64, raw: Vec<RawEvent>) -> Result<Read, Stop> {
    let mut events = Vec::with_capacity(raw.len());
    let mut unread: BTreeMap<Signature, String> = BTreeMap::new();
    for raw in &raw {
        match raw.decode() {
            Ok(Event::NetworkInitialized(network)) if network.cluster_id != *cluster => {
                return Err(Stop::wrong_cluster(&network.cluster_id, cluster));
            }
            Ok(event) => events.push(PlacedEvent { at: ordinal(raw), event }),
            Err(reason) if aside.contains(&raw.id.signature) => {
                unread.entry(raw.id.signature).or_insert(format!("event {}: {reason}", raw.id));
            }
            Err(reason) => return Err(Stop::UnknownEvent { slot, id: raw.id, reason }),
        }
    }
    // A transaction is read as a whole or not at all.
    events.retain(|placed| !unread.contains_key(&placed.at.signature));
    let (gone, kept): (Vec<_>, Vec<_>) = raw.into_iter().partition(|raw| unread.contains_key(&raw.id.signature));
    let letter = |(signature, reason): (Signature, String)| {
        let bytes = as_json(gone.iter().filter(|raw| raw.id.signature == signature));
        DeadLetter { signature, slot, reason, bytes, recorded_ms: 0 }
    };
    let letters = unread.into_iter().map(letter).collect();
    Ok(Read { ledger: kept.into_iter().map(ledger_row).collect(), events, letters })
}

/// A transaction's events, of which the source keeps no more than this.
fn as_json<'a>(events: impl Iterator<Item = &'a RawEvent>) -> Vec<u8> {
    let event = |raw: &RawEvent| {
        let data = hex::encode([&raw.discriminator[..], &raw.payload].concat());
        serde_json::json!({ "ix": raw.id.ix, "inner_ix": raw.id.inner_ix, "data": data })
    };
    serde_json::Value::Array(events.map(event).collect()).to_string().into_bytes()
}
