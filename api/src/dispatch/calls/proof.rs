//! The proof of a decision: its record, and the way from it to the root that the dispatcher signed.

use mira_core::Hash;
use mira_dispatch::proof::{Inclusion, Kind, leaf, routes};
use mira_store::model::{DispatchEpoch, DispatchRecord, RouteBlock};

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
                let inclusion = index.and_then(|index| Inclusion::placement(&leaves, index));
                Some(inclusion.map(|inclusion| (epoch, inclusion)).ok_or_else(|| torn(row.input_seq))?)
            }
        };
        Ok(Some(Proof { kind: Kind::Placement, record: row.bytes, closed }))
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
        let closed = match self.shared.store.dispatch_epoch_of(block.input_seq).await? {
            None => None,
            Some(epoch) => {
                let (blocks, at) = self.blocks(&epoch, &block).await?;
                let leaves = routes::leaves(block.each());
                let inclusion = at.and_then(|at| Inclusion::route(&leaves, index, block.first, &blocks, at));
                Some(inclusion.map(|inclusion| (epoch, inclusion)).ok_or_else(|| torn(block.input_seq))?)
            }
        };
        Ok(Some(Proof { kind: Kind::Route, record, closed }))
    }

    /// The leaves of an epoch's blocks of route records, and the place of one of them.
    async fn blocks(&self, epoch: &DispatchEpoch, block: &RouteBlock) -> Result<(Vec<Hash>, Option<usize>), Error> {
        let (mut leaves, mut index, mut from) = (Vec::new(), None, epoch.first_route);
        let end = epoch.first_route.saturating_add(epoch.routes);
        while from < end {
            let page = self.shared.store.route_blocks(from, PAGE).await?;
            let Some(last) = page.last() else { break };
            from = last.first.saturating_add(u64::from(last.records)).max(from.saturating_add(1));
            for found in page.iter().take_while(|found| found.first < end) {
                if found.first == block.first {
                    index = Some(leaves.len());
                }
                leaves.push(routes::RouteBlock::of(found.each()).leaf(found.first));
            }
        }
        Ok((leaves, index))
    }
}

fn torn(input_seq: u64) -> Error {
    let id = "the records of its dispatch epoch are not all there";
    Error::Internal(format!("dispatch input {input_seq}: {id}; restore the database from a backup"))
}
