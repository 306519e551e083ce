//! What is kept of a dispatcher's log, decided again and held against what was published of it.

use mira_chain::pda;
use mira_dispatch::Engine;
use mira_dispatch::effect::{Effect, Outcome};
use mira_dispatch::proof::{EpochClosed, epoch, recompute, reroute};
use mira_dispatch::record::PlacementRecord;
use mira_dispatch::replay::{self, Entry, FORMAT};
use mira_store::Store;
use mira_store::model::{DispatchInput, DispatchSnapshot};
use mira_wire::request::verify_strict;

use super::error::Error;
use super::snapshot;

/// Inputs read at a time.
const PAGE: u32 = 1_000;
/// Differences that are named; the others are counted.
const NAMED: usize = 20;

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// The input after which it began: that of the oldest snapshot, 0 for the log's beginning.
    pub after: u64,
    /// Inputs that were fed again.
    pub inputs: u64,
    /// Placement decisions that they led to.
    pub decisions: u64,
    /// Routes that they led to.
    pub routes: u64,
    /// Epochs that were closed.
    pub epochs: u64,
    /// Snapshots that the inputs before them lead to.
    pub snapshots: u64,
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

/// Feeds an engine what is kept of the log, from its beginning or from the oldest snapshot on: every input must lead to
/// what it led to, every record must be the stored one and follow from itself, every epoch must have the stored root
/// under the dispatcher's signature, and every later snapshot must be of that engine. Changes nothing and may run beside
/// a dispatcher. Inputs of an earlier format are passed over.
///
/// # Errors
/// The store's; an input that cannot be read, or that was deleted meanwhile.
pub async fn verify_log(store: &dyn Store) -> Result<Verified, Error> {
    let first = store.dispatch_inputs(0, 1).await?.pop();
    let snapshots = store.dispatch_snapshots().await?;
    let whole = first.as_ref().is_some_and(|first| first.seq == 1 && first.version == FORMAT);
    let mut replay = Replay {
        store,
        snapshots,
        engine: whole.then(Engine::new),
        seq: first.map_or(0, |first| first.seq.saturating_sub(1)),
        passed: false,
        verified: Verified::default(),
    };
    replay.compare().await?;
    loop {
        let page = store.dispatch_inputs(replay.seq, PAGE).await?;
        for input in &page {
            replay.take(input).await?;
        }
        if page.is_empty() {
            return Ok(replay.end());
        }
    }
}

/// A replay on its way through the log.
struct Replay<'a> {
    store: &'a dyn Store,
    /// Those before it, the newest first.
    snapshots: Vec<DispatchSnapshot>,
    /// What the inputs since led to; nothing where it does not know what was before.
    engine: Option<Engine>,
    /// The newest input that it took.
    seq: u64,
    /// It passed inputs of this format over, without an engine.
    passed: bool,
    verified: Verified,
}

impl Replay<'_> {
    async fn take(&mut self, input: &DispatchInput) -> Result<(), Error> {
        let seq = input.seq;
        if seq != self.seq.saturating_add(1) {
            let next = self.seq.saturating_add(1);
            return Err(Error::Internal(format!(
                "dispatch input {next} is gone: if it was pruned just now, replay again"
            )));
        }
        self.seq = seq;
        if input.version < FORMAT {
            // An earlier version wrote it. What came of it is in a snapshot, if anything did.
            (self.engine, self.verified) = (None, Verified::default());
        } else if let Some(engine) = &mut self.engine {
            let first_route = engine.next_route();
            let outcome = feed(engine, input)?;
            self.verified.inputs = self.verified.inputs.saturating_add(1);
            match outcome {
                Some(outcome) => hold(self.store, seq, first_route, &outcome, &mut self.verified).await?,
                None => self.verified.differs(|| format!("input {seq}: leads to other decisions than it did")),
            }
        } else {
            self.passed = true;
        }
        self.compare().await
    }

    /// Holds the engine against the snapshot of this place, or begins with it.
    async fn compare(&mut self) -> Result<(), Error> {
        while self.snapshots.last().is_some_and(|row| row.seq < self.seq) {
            self.snapshots.pop();
        }
        let Some(row) = self.snapshots.pop_if(|row| row.seq == self.seq) else { return Ok(()) };
        if row.format != mira_dispatch::snapshot::FORMAT {
            return Ok(());
        }
        let (seq, loaded) = (row.seq, snapshot::load(self.store, &row).await?);
        let differs = match (&self.engine, loaded) {
            (None, Ok(engine)) => {
                (self.engine, self.passed) = (Some(engine), false);
                self.verified.after = seq;
                return Ok(());
            }
            (Some(engine), Ok(_)) => {
                let own = mira_dispatch::snapshot::write(engine).map_err(|error| Error::Internal(error.to_string()))?;
                (snapshot::hash(&own) != row.hash).then(|| "the inputs before it lead to another engine".to_owned())
            }
            (_, Err(why)) => Some(why),
        };
        let Some(differs) = differs else {
            self.verified.snapshots = self.verified.snapshots.saturating_add(1);
            return Ok(());
        };
        // It may have been deleted since it was listed.
        if self.store.dispatch_snapshots().await?.contains(&row) {
            self.verified.differs(|| format!("snapshot of input {seq}: {differs}"));
        }
        Ok(())
    }

    fn end(mut self) -> Verified {
        if self.passed {
            let seq = self.seq;
            self.verified
                .differs(|| format!("no snapshot can be read from which inputs up to {seq} could be replayed"));
        }
        self.verified
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
async fn hold(
    store: &dyn Store,
    seq: u64,
    first_route: u64,
    outcome: &Outcome,
    verified: &mut Verified,
) -> Result<(), Error> {
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
    for (number, record) in (first_route..).zip(outcome.routes()) {
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
