//! The proof of a decision: its record, and the way from it to the root that the dispatcher signed.

use mira_core::Hash;
use mira_dispatch::proof::{Inclusion, Kind, leaf};
use mira_store::model::{DispatchEpoch, DispatchRecord};

use crate::dispatch::actor::PLACEMENT;
use crate::dispatch::error::Error;
use crate::dispatch::handle::Handle;

/// Rows read at a time.
const PAGE: u32 = 1_000;

/// What names a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecisionId {
    /// A placement, by its name.
    Placement(Hash),
    /// A route, by its number.
    Route(u64),
}

/// A record, and what proves it once its epoch is closed.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Its kind.
    pub kind: Kind,
    /// The record as it was written.
    pub record: Vec<u8>,
    /// The number of the input that led to it.
    pub input_seq: u64,
    /// Whether that input is still in the log: it can be replayed, and what was observed then is known.
    pub in_log: bool,
    /// Its epoch and the way to its root; nothing while that is open.
    pub closed: Option<(DispatchEpoch, Inclusion)>,
}

impl Handle {
    /// The proof of a decision; nothing if there is none of that name.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` if the records of a closed epoch are not those that it was closed over.
    pub async fn proof(&self, id: DecisionId) -> Result<Option<Proof>, Error> {
        match id {
            DecisionId::Placement(id) => self.prove_placement(id).await,
            DecisionId::Route(number) => self.prove_route(number).await,
        }
    }

    async fn prove_placement(&self, id: Hash) -> Result<Option<Proof>, Error> {
        let Some(row) = self.shared.store.dispatch_record(&id).await?.filter(|row| row.kind == PLACEMENT) else {
            return Ok(None);
        };
        let closed = match self.shared.store.dispatch_epoch_of(row.input_seq).await? {
            None => None,
            Some(epoch) => {
                let (leaves, index) = self.placements(&epoch, &row).await?;
                let inclusion = index.and_then(|index| Inclusion::prove(Kind::Placement, &leaves, index));
                Some(inclusion.map(|inclusion| (epoch, inclusion)).ok_or_else(|| torn(row.input_seq))?)
            }
        };
        let in_log = self.in_log(row.input_seq).await?;
        Ok(Some(Proof { kind: Kind::Placement, record: row.bytes, input_seq: row.input_seq, in_log, closed }))
    }

    /// The leaves of an epoch's placement records, and the place of one of them.
    async fn placements(
        &self,
        epoch: &DispatchEpoch,
        row: &DispatchRecord,
    ) -> Result<(Vec<Hash>, Option<usize>), Error> {
        let (mut leaves, mut index) = (Vec::new(), None);
        let mut after = Some((epoch.first_seq.saturating_sub(1), [u8::MAX; 32]));
        loop {
            let page = self.shared.store.dispatch_records(after, PAGE).await?;
            after = page.last().map(|last| (last.input_seq, last.id));
            let full = page.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX);
            for found in page.iter().take_while(|found| found.input_seq <= epoch.last_seq) {
                if found.kind == PLACEMENT {
                    if found.id == row.id {
                        index = Some(leaves.len());
                    }
                    leaves.push(leaf(Kind::Placement, &found.bytes));
                }
            }
            if !full || after.is_none_or(|(seq, _)| seq > epoch.last_seq) {
                return Ok((leaves, index));
            }
        }
    }

    async fn prove_route(&self, number: u64) -> Result<Option<Proof>, Error> {
        let Some(block) = self.shared.store.route_block(number).await? else { return Ok(None) };
        let index = usize::try_from(number.saturating_sub(block.first)).unwrap_or(usize::MAX);
        let Some(record) = block.each().nth(index).map(<[u8]>::to_vec) else { return Err(torn(block.input_seq)) };
        let closed = match self.shared.store.dispatch_epoch_of_route(number).await? {
            None => None,
            Some(epoch) => {
                let leaves = self.routes(&epoch).await?;
                let index = usize::try_from(number.saturating_sub(epoch.first_route)).unwrap_or(usize::MAX);
                let inclusion = Inclusion::prove(Kind::Route, &leaves, index);
                Some(inclusion.map(|inclusion| (epoch, inclusion)).ok_or_else(|| torn(block.input_seq))?)
            }
        };
        let in_log = self.in_log(block.input_seq).await?;
        Ok(Some(Proof { kind: Kind::Route, record, input_seq: block.input_seq, in_log, closed }))
    }

    /// Whether an input is in the log and not pruned.
    async fn in_log(&self, input_seq: u64) -> Result<bool, Error> {
        let first = self.shared.store.dispatch_inputs(0, 1).await?.pop();
        Ok(first.is_some_and(|first| first.seq <= input_seq))
    }

    /// The leaves of an epoch's route records. The first block may begin in the epoch before, the last end in the next.
    async fn routes(&self, epoch: &DispatchEpoch) -> Result<Vec<Hash>, Error> {
        let mut leaves = Vec::new();
        let (mut next, end) = (epoch.first_route, epoch.first_route.saturating_add(epoch.routes));
        while next < end {
            let Some(block) = self.shared.store.route_block(next).await? else { break };
            let from = next;
            for (number, record) in (block.first..end).zip(block.each()).filter(|(number, _)| *number >= from) {
                leaves.push(leaf(Kind::Route, record));
                next = number.saturating_add(1);
            }
            if block.each().next().is_none() {
                break;
            }
        }
        Ok(leaves)
    }
}

fn torn(input_seq: u64) -> Error {
    let id = "the records of its dispatch epoch are not all there";
    Error::Internal(format!("dispatch input {input_seq}: {id}; restore the database from a backup"))
}
