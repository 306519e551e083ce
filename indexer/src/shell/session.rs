//! One session: from the stored cursor on, until something fails.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;

use mira_chain::source::{BlockSource, SignatureSource, SourceError};
use mira_core::Hash;
use mira_store::model::{Claim, Cursor, Set, SlotCommit, SlotState};
use mira_store::{Error as StoreError, Index};
use tokio::sync::watch;

use super::{Config, STREAM};
use crate::apply::{Cause, FoldError, PlacedEvent, Rows, fold, keys_of, owners_of};
use crate::health::{Health, Proof};
use crate::step::{Batch, Tip};
use crate::stop::Stop;

/// Why a session ended.
#[derive(Debug)]
pub(super) enum Failure {
    /// The cursor has to stand still.
    Stop(Stop),
    /// The endpoint or the database does not answer; trying again helps.
    Trouble(String),
    /// Another indexer holds the stream by now.
    Fenced(String),
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        match error {
            SourceError::Disagreement { what, first, second } => Self::Stop(Stop::Disagreement { what, first, second }),
            error => Self::Trouble(error.to_string()),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::StaleFence { .. } => Self::Fenced(error.to_string()),
            error => Self::Trouble(error.to_string()),
        }
    }
}

/// What is followed.
#[derive(Clone)]
pub(super) enum Source {
    Blocks(Arc<dyn BlockSource>),
    Signatures(Arc<dyn SignatureSource>),
}

impl Source {
    pub(super) fn proof(&self) -> Proof {
        match self {
            Self::Blocks(_) => Proof::ParentLinks,
            Self::Signatures(_) => Proof::SeqContinuity,
        }
    }

    /// What an event that does not fit means: complete blocks leave nothing out, a list may.
    fn unfolded(&self, error: Box<FoldError>) -> Stop {
        match (self, &error.cause) {
            (Self::Signatures(_), Cause::SeqGap { .. } | Cause::Unknown { .. }) => Stop::Incomplete(error),
            _ => Stop::Fold(error),
        }
    }
}

/// What outlives a session.
pub(super) struct Session {
    pub(super) config: Config,
    pub(super) store: Arc<dyn Index>,
    pub(super) source: Source,
    pub(super) health: watch::Sender<Health>,
    pub(super) committed: watch::Sender<Option<u64>>,
    /// What this indexer holds the stream by.
    pub(super) fence: u64,
    /// The last block that is stored.
    pub(super) tip: Option<Tip>,
    /// Something was committed since this was last looked at.
    pub(super) progressed: bool,
}

impl Session {
    /// Follows the chain. Only a failure ends it.
    pub(super) async fn follow(&mut self) -> Failure {
        match self.try_follow().await {
            Ok(never) => match never {},
            Err(failure) => failure,
        }
    }

    async fn try_follow(&mut self) -> Result<Infallible, Failure> {
        match self.source.clone() {
            Source::Blocks(source) => self.follow_blocks(source).await,
            Source::Signatures(source) => self.follow_signatures(source).await,
        }
    }

    /// Where to go on, on a cluster that is the database's own.
    pub(super) async fn resume(&self, cluster: &Hash) -> Result<Cursor, Failure> {
        let cursor = self.cursor().await?;
        if let Some(network) = self.store.network().await?
            && network.cluster_id != *cluster
        {
            return Err(Failure::Stop(Stop::wrong_cluster(&network.cluster_id, cluster)));
        }
        self.health.send_modify(|health| health.cursor = cursor.slot);
        Ok(cursor)
    }

    async fn cursor(&self) -> Result<Cursor, Failure> {
        match self.store.cursor(STREAM).await? {
            None => Err(Failure::Trouble("the stored cursor is gone: was the database replaced?".to_owned())),
            Some(cursor) if cursor.fence == self.fence => Ok(cursor),
            Some(cursor) => Err(self.stale(cursor.fence)),
        }
    }

    fn stale(&self, current: u64) -> Failure {
        StoreError::StaleFence { stream: STREAM.to_owned(), held: self.fence, current }.into()
    }

    /// The endpoint or the database does not answer.
    pub(super) fn trouble(&self, trouble: String) {
        tracing::warn!(%trouble, "indexing pauses");
        self.health.send_modify(|health| health.trouble = Some(trouble));
    }

    pub(super) fn finalized(&self, slot: u64) {
        self.health.send_modify(|health| health.finalized = Some(slot));
    }

    /// Everything that was seen is stored: waits until there may be more.
    pub(super) async fn rest(&self) {
        self.gauge();
        self.health.send_if_modified(|health| health.trouble.take().is_some());
        tokio::time::sleep(self.config.poll).await;
    }

    /// The live rows that events touch.
    pub(super) async fn load(&self, events: &[PlacedEvent]) -> Result<Rows, Failure> {
        let keys: BTreeSet<_> = events.iter().flat_map(|placed| keys_of(&placed.event)).collect();
        let keys: Vec<_> = keys.into_iter().collect();
        let mut rows = Rows::default();
        if !keys.is_empty() {
            rows.insert(self.store.load(Set::Live, &keys).await?);
        }
        let owners = owners_of(events, &rows);
        if !owners.is_empty() {
            rows.insert(self.store.load(Set::Live, &owners).await?);
        }
        Ok(rows)
    }

    /// Folds a batch and stores ledger, rows and cursor together.
    pub(super) async fn commit(&mut self, batch: Batch, claim: &mut Claim) -> Result<(), Failure> {
        let Some((slot, blockhash)) = batch.end() else { return Ok(()) };
        let mut rows = self.load(&batch.events).await?;
        if let Err(error) = fold(&mut rows, &batch.events) {
            return Err(self.misfit(error).await?);
        }
        let blocks = batch.slots.iter().filter(|slot| slot.state == SlotState::Present).count();
        let (blocks, events, forged) = (count(blocks), count(batch.ledger.len()), batch.forged);
        let commit = SlotCommit {
            claim: claim.clone(),
            slots: batch.slots,
            events: batch.ledger,
            writes: rows.take_changed(),
            dead_letters: Vec::new(),
            slot,
            blockhash,
        };
        self.store.commit_slot(commit).await?;
        claim.at = Some(slot);
        self.tip = Some(Tip { slot, blockhash });
        self.progressed = true;
        self.publish(slot, blocks, events, forged);
        Ok(())
    }

    /// Why an event does not fit: over rows that somebody else has changed meanwhile, because of that.
    async fn misfit(&self, error: Box<FoldError>) -> Result<Failure, Failure> {
        let current = self.store.cursor(STREAM).await?.map_or(0, |cursor| cursor.fence);
        Ok(if current == self.fence { Failure::Stop(self.source.unfolded(error)) } else { self.stale(current) })
    }

    fn publish(&self, slot: u64, blocks: u64, events: u64, forged: u64) {
        if forged > 0 {
            tracing::warn!(slot, forged, "ignored calls that look like events of the program");
        }
        tracing::debug!(slot, blocks, events, "committed");
        metrics::counter!("mira_indexer_blocks_total").increment(blocks);
        metrics::counter!("mira_indexer_events_total").increment(events);
        metrics::counter!("mira_indexer_forged_events_total").increment(forged);
        self.health.send_modify(|health| {
            health.cursor = Some(slot);
            health.stopped = None;
            health.blocks = health.blocks.saturating_add(blocks);
            health.events = health.events.saturating_add(events);
            health.forged = health.forged.saturating_add(forged);
        });
        self.committed.send_replace(Some(slot));
    }

    fn gauge(&self) {
        if let Some(lag) = self.health.borrow().lag_slots() {
            // Exact up to 2^53 slots.
            metrics::gauge!("mira_indexer_lag_slots").set(lag as f64);
        }
    }
}

fn count(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}
