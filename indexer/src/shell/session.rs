//! One session: from the stored cursor on, until something fails.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;

use mira_chain::hint::Hints;
use mira_chain::source::{BlockSource, SignatureSource, SourceError};
use mira_core::Hash;
use mira_store::model::{Claim, Cursor, DeadLetter, Set, SlotCommit, SlotState};
use mira_store::{Error as StoreError, Index};
use tokio::sync::watch;

use super::clock::now_ms;
use super::{Config, STREAM, gaps, version};
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
        match Stop::try_from(error) {
            Ok(stop) => Self::Stop(stop),
            Err(error) => Self::Trouble(error.to_string()),
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
pub enum Source {
    /// Every block.
    Blocks(Arc<dyn BlockSource>),
    /// The program's transactions alone.
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
    pub(super) hints: Hints,
    pub(super) health: watch::Sender<Health>,
    pub(super) committed: watch::Sender<Option<u64>>,
    /// What this indexer holds the stream by.
    pub(super) fence: u64,
    /// The last block that is stored.
    pub(super) tip: Option<Tip>,
    /// Something was committed since this was last looked at.
    pub(super) progressed: bool,
    /// Something is noted as missing.
    pub(super) gaps: bool,
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
        version::settle(&*self.store, &cursor).await?;
        let claim = Claim { stream: STREAM.to_owned(), fence: cursor.fence, at: cursor.slot };
        self.gaps = gaps::settle(&*self.store, &claim).await?;
        let set_aside = self.store.dead_letter_count().await?;
        self.health.send_modify(|health| (health.cursor, health.set_aside) = (cursor.slot, set_aside));
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
        let set_aside = count(batch.letters.len());
        if let Err(error) = fold(&mut rows, &batch.events) {
            return Err(self.misfit(error, set_aside).await?);
        }
        let blocks = batch.slots.iter().filter(|slot| slot.state == SlotState::Present).count();
        let (blocks, events, forged) = (count(blocks), count(batch.ledger.len()), batch.forged);
        let recorded_ms = now_ms();
        let dead_letters = batch.letters.into_iter().map(|letter| DeadLetter { recorded_ms, ..letter }).collect();
        let commit = SlotCommit {
            claim: claim.clone(),
            slots: batch.slots,
            events: batch.ledger,
            writes: rows.take_changed(),
            dead_letters,
            slot,
            blockhash,
        };
        self.store.commit_slot(commit).await?;
        claim.at = Some(slot);
        self.tip = Some(Tip { slot, blockhash });
        self.progressed = true;
        if self.gaps {
            self.gaps = gaps::settle(&*self.store, claim).await?;
        }
        if set_aside > 0 {
            tracing::error!(slot, set_aside, "transactions were set aside, as the operator says");
            metrics::counter!("mira_indexer_set_aside_total").increment(set_aside);
            self.health.send_modify(|health| health.set_aside = health.set_aside.saturating_add(set_aside));
        }
        self.publish(slot, blocks, events, forged);
        Ok(())
    }

    /// Why an event does not fit: over rows that somebody else has changed meanwhile, because of that.
    async fn misfit(&self, error: Box<FoldError>, set_aside: u64) -> Result<Failure, Failure> {
        let current = self.store.cursor(STREAM).await?.map_or(0, |cursor| cursor.fence);
        if current == self.fence {
            return Ok(Failure::Stop(self.unfolded(error, set_aside).await?));
        }
        Ok(self.stale(current))
    }

    /// What is missing after something was set aside went with it: earlier, or in the batch that does not fold.
    async fn unfolded(&self, error: Box<FoldError>, set_aside: u64) -> Result<Stop, Failure> {
        let letters = self.store.dead_letter_count().await?.saturating_add(set_aside);
        let lost = letters > 0 && matches!(error.cause, Cause::SeqGap { .. } | Cause::Unknown { .. });
        let stop = self.source.unfolded(error);
        Ok(if lost { Stop::LostAside { stop: Box::new(stop), letters } } else { stop })
    }

    /// Keeps what a stop says is missing. Whoever holds the stream by now knows better.
    pub(super) async fn note(&mut self, stop: &Stop) {
        let claim = Claim { stream: STREAM.to_owned(), fence: self.fence, at: self.health.borrow().cursor };
        match gaps::note(&*self.store, &claim, stop).await {
            Ok(noted) => self.gaps |= noted,
            Err(error) => tracing::warn!(%error, "what is missing could not be noted"),
        }
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
