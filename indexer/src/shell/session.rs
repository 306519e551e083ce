//! One session: from the stored cursor on, until something fails.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use futures_util::stream::{self, BoxStream, StreamExt as _};
use mira_chain::source::{BlockFetch, BlockSource, SourceError};
use mira_store::model::{Claim, Cursor, Set, SlotCommit, SlotState};
use mira_store::{Error as StoreError, Store};
use tokio::sync::watch;

use super::confirmed::View;
use super::{Config, STREAM};
use crate::apply::{PlacedEvent, Rows, fold, keys_of, owners_of};
use crate::health::Health;
use crate::step::{Batch, Effect, Input, State, Tip, step};
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
        Self::Trouble(error.to_string())
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

/// What outlives a session.
pub(super) struct Session {
    pub(super) config: Config,
    pub(super) store: Arc<dyn Store>,
    pub(super) source: Arc<dyn BlockSource>,
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

    async fn try_follow(&mut self) -> Result<std::convert::Infallible, Failure> {
        let cluster = self.source.genesis_hash().await?;
        let cursor = self.cursor().await?;
        if let Some(network) = self.store.network().await?
            && network.cluster_id != cluster
        {
            return Err(Failure::Stop(Stop::wrong_cluster(&network.cluster_id, &cluster)));
        }
        let start = match self.config.start_slot {
            Some(slot) => slot,
            None => self.source.first_available_slot().await?,
        };
        let fence = cursor.fence;
        self.tip = cursor.slot.zip(cursor.blockhash).map(|(slot, blockhash)| Tip { slot, blockhash });
        let mut state = State::new(cluster, start, self.tip);
        let mut claim = Claim { stream: STREAM.to_owned(), fence, at: cursor.slot };
        self.health.send_modify(|health| health.cursor = claim.at);
        let mut view = View::new(self, &claim).await?;
        loop {
            let finalized = self.source.finalized_slot().await?;
            self.health.send_modify(|health| health.finalized = Some(finalized));
            self.drive(&mut state, &mut claim, Input::Finalized(finalized)).await?;
            if self.config.confirmed {
                view.follow(self, &claim).await?;
            }
            self.gauge();
            self.health.send_if_modified(|health| health.trouble.take().is_some());
            tokio::time::sleep(self.config.poll).await;
        }
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

    /// Feeds `step` until it has nothing more to do.
    async fn drive(&mut self, state: &mut State, claim: &mut Claim, input: Input) -> Result<(), Failure> {
        let mut inputs = VecDeque::from([input]);
        let mut blocks: BoxStream<'static, Result<Input, Failure>> = stream::empty().boxed();
        loop {
            let input = match inputs.pop_front() {
                Some(input) => input,
                None => match blocks.next().await {
                    Some(input) => input?,
                    None => return Ok(()),
                },
            };
            for effect in step(state, input) {
                match effect {
                    Effect::List { from, to } => {
                        let slots = self.source.produced_slots(from, to).await?;
                        inputs.push_back(Input::Listed { to, slots });
                    }
                    Effect::Fetch(slots) => blocks = self.fetch(slots),
                    Effect::Commit(batch) => self.commit(batch, claim).await?,
                    Effect::Stop(stop) => return Err(Failure::Stop(stop)),
                }
            }
        }
    }

    /// Blocks in the order of `slots`, several on their way at once.
    fn fetch(&self, slots: Vec<u64>) -> BoxStream<'static, Result<Input, Failure>> {
        let source = Arc::clone(&self.source);
        let one = move |slot| {
            let source = Arc::clone(&source);
            async move {
                match source.block(slot).await {
                    Ok(BlockFetch::Present(block)) => Ok(Input::Block(block)),
                    Ok(BlockFetch::ClaimedSkipped) => Ok(Input::Skipped { slot }),
                    Ok(BlockFetch::Unavailable { reason }) => Ok(Input::Unavailable { slot, reason }),
                    Err(SourceError::Undecodable { slot, reason }) => Ok(Input::Undecodable { slot, reason }),
                    Err(error) => Err(error.into()),
                }
            }
        };
        stream::iter(slots).map(one).buffered(self.config.concurrency.max(1)).boxed()
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
    async fn commit(&mut self, batch: Batch, claim: &mut Claim) -> Result<(), Failure> {
        let Some((slot, blockhash)) = batch.end() else { return Ok(()) };
        let mut rows = self.load(&batch.events).await?;
        fold(&mut rows, &batch.events).map_err(|error| Failure::Stop(Stop::Fold(error)))?;
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
