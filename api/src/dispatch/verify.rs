//! The whole log of a dispatcher, decided again and held against what was published of it.

use mira_chain::pda;
use mira_dispatch::Engine;
use mira_dispatch::effect::{Effect, Outcome};
use mira_dispatch::proof::{EpochClosed, epoch, recompute, reroute};
use mira_dispatch::record::PlacementRecord;
use mira_dispatch::replay::{self, Entry, FORMAT};
use mira_store::Store;
use mira_store::model::DispatchInput;
use mira_wire::request::verify_strict;

use super::error::Error;

/// Inputs read at a time.
const PAGE: u32 = 1_000;
/// Differences that are named; the others are counted.
const NAMED: usize = 20;

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Inputs that were fed again.
    pub inputs: u64,
    /// Placement decisions that they led to.
    pub decisions: u64,
    /// Routes that they led to.
    pub routes: u64,
    /// Epochs that were closed.
    pub epochs: u64,
    /// Where something is not as it was recorded.
    pub differences: u64,
    /// The first of them, in words.
    pub named: Vec<String>,
}

impl Verified {
    fn differs(&mut self, what: impl FnOnce() -> String) {
        self.differences = self.differences.saturating_add(1);
        if self.named.len() < NAMED {
            self.named.push(what());
        }
    }
}

/// Feeds a new engine the whole log: every input must lead to what it led to, every record must be the stored one and
/// follow from itself, every epoch must have the stored root under the dispatcher's signature. Changes nothing and may
/// run beside a dispatcher.
///
/// # Errors
/// The store's; an input that cannot be read.
pub async fn verify_log(store: &dyn Store) -> Result<Verified, Error> {
    let (mut engine, mut seq, mut verified) = (Engine::new(), 0u64, Verified::default());
    loop {
        let page = store.dispatch_inputs(seq, PAGE).await?;
        for input in &page {
            seq = input.seq;
            if input.version < FORMAT {
                // An earlier version wrote it; the engine began anew after it.
                (engine, verified) = (Engine::new(), Verified::default());
                continue;
            }
            verified.inputs = verified.inputs.saturating_add(1);
            match feed(&mut engine, input)? {
                Some(outcome) => hold(store, seq, &outcome, &mut verified).await?,
                None => verified.differs(|| format!("input {seq}: leads to other decisions than it did")),
            }
        }
        if page.is_empty() {
            return Ok(verified);
        }
    }
}

/// What an input leads to; nothing if that is not what it led to.
fn feed(engine: &mut Engine, input: &DispatchInput) -> Result<Option<Outcome>, Error> {
    let seq = input.seq;
    let entry = Entry::from_bytes(&input.bytes)
        .ok_or_else(|| Error::Internal(format!("dispatch input {seq} is too short: restore a backup")))?;
    match replay::feed(engine, seq, &entry) {
        Ok(outcome) => Ok(Some(outcome)),
        Err(replay::Error::Diverged { .. }) => Ok(None),
        Err(error @ replay::Error::Corrupt { .. }) => Err(Error::Internal(error.to_string())),
    }
}

/// Holds what an input led to against what is stored.
async fn hold(store: &dyn Store, seq: u64, outcome: &Outcome, verified: &mut Verified) -> Result<(), Error> {
    for record in &outcome.records {
        verified.decisions = verified.decisions.saturating_add(1);
        let stored = store.dispatch_record(&record.id).await?;
        let same = stored.is_some_and(|row| row.input_seq == seq && is_same(record, &row.bytes));
        if !same {
            verified.differs(|| format!("decision {}: another record is stored, or none", hex::encode(record.id)));
        }
        for difference in recompute(record).err().into_iter().flatten() {
            verified.differs(|| format!("decision {}: {difference}", hex::encode(record.id)));
        }
    }
    for record in outcome.routes() {
        let number = verified.routes;
        verified.routes = verified.routes.saturating_add(1);
        // Its seed is that of its epoch, because the replay led to the same outcome.
        for difference in reroute::reroute(record, None).err().into_iter().flatten() {
            verified.differs(|| format!("route {number}: {difference}"));
        }
    }
    for effect in &outcome.effects {
        let Effect::EpochClosed(closed) = effect else { continue };
        verified.epochs = verified.epochs.saturating_add(1);
        if let Some(difference) = epoch_differs(store, closed).await? {
            verified.differs(|| format!("dispatch epoch {}: {difference}", closed.number));
        }
    }
    Ok(())
}

fn is_same(record: &PlacementRecord, bytes: &[u8]) -> bool {
    record.to_bytes().is_ok_and(|own| own == bytes)
}

async fn epoch_differs(store: &dyn Store, closed: &EpochClosed) -> Result<Option<&'static str>, Error> {
    let Some(row) = store.dispatch_epoch(closed.number).await? else { return Ok(Some("it is not stored")) };
    if row.root != closed.root() {
        return Ok(Some("another root is stored"));
    }
    let program = pda::PROGRAM_ID.to_bytes();
    let message = epoch::message(&program, &row.cluster, &row.dispatcher, row.number, &row.root);
    let signed = verify_strict(&row.dispatcher, &row.signature, &message);
    Ok((!signed).then_some("its signature is not the dispatcher's"))
}
