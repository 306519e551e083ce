//! One session: from the stored cursor on, until something fails.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;

use mira_chain::hint::Hints;
use mira_chain::source::{BlockSource, SignatureSource, SourceError};
use mira_core::Hash;
use mira_store::model::{Claim, Cursor, Set, SlotCommit, SlotState};
use mira_store::{Error as StoreError, Store};
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
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        match Stop::try_from(error) {
            Ok(stop) => Self::Stop(stop),
            Err(error) => Self::Trouble(error.to_string()),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::StaleFence { .. } => Self::Stop(Stop::Fenced(error.to_string())),
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
    pub(super) store: Arc<dyn Store>,
    pub(super) source: Source,
    pub(super) hints: Hints,
    pub(super) health: watch::Sender<Health>,
    pub(super) committed: watch::Sender<Option<u64>>,
    /// Claimed once: claiming again would take the stream back from whoever took it over.
    pub(super) fence: Option<u64>,
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
    pub(super) async fn resume(&mut self, cluster: &Hash) -> Result<Cursor, Failure> {
        let cursor = self.cursor().await?;
        if let Some(network) = self.store.network().await?
            && network.cluster_id != *cluster
        {
            return Err(Failure::Stop(Stop::wrong_cluster(&network.cluster_id, cluster)));
        }
        self.health.send_modify(|health| health.cursor = cursor.slot);
        Ok(cursor)
    }

    async fn cursor(&mut self) -> Result<Cursor, Failure> {
        let cursor = match self.fence {
            Some(_) => self.store.cursor(STREAM).await?,
            None => Some(self.store.claim(STREAM).await?),
        };
        let Some(mut cursor) = cursor else {
            return Err(Failure::Trouble("the stored cursor is gone: was the database replaced?".to_owned()));
        };
        cursor.fence = *self.fence.get_or_insert(cursor.fence);
        Ok(cursor)
    }

    pub(super) fn finalized(&self, slot: u64) {
        self.health.send_modify(|health| health.finalized = Some(slot));
    }

    /// Everything that was seen is stored: waits until there may be more.
    pub(super) async fn rest(&mut self) {
        self.gauge();
        self.health.send_if_modified(|health| health.trouble.take().is_some());
        tokio::select! {
            () = tokio::time::sleep(self.config.poll) => {}
            () = self.hints.next() => {}
        }
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
            return Err(self.misfit(error, claim).await?);
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
    async fn misfit(&self, error: Box<FoldError>, claim: &Claim) -> Result<Failure, Failure> {
        let current = self.store.cursor(STREAM).await?.map_or(0, |cursor| cursor.fence);
        if current == claim.fence {
            return Ok(Failure::Stop(self.source.unfolded(error)));
        }
        Ok(StoreError::StaleFence { stream: claim.stream.clone(), held: claim.fence, current }.into())
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
