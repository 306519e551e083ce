//! A session over single transactions.

use std::collections::{HashSet, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;

use futures_util::stream::{self, BoxStream, StreamExt as _};
use mira_chain::source::{ListedTransaction, SignatureSource, SourceError, TransactionFetch};
use mira_store::model::{Claim, ProjectionKey, Set};

use super::STREAM;
use super::confirmed::View;
use super::session::{Failure, Session};
use crate::step::signatures::{Effect, Input, State, step};

/// Rows looked for at once.
const FIND_ROWS: usize = 1_000;

impl Session {
    pub(super) async fn follow_signatures(&mut self, source: Arc<dyn SignatureSource>) -> Result<Infallible, Failure> {
        let cluster = source.genesis_hash().await?;
        let cursor = self.resume(&cluster).await?;
        let start = match self.config.start_slot {
            Some(slot) => slot,
            None => source.first_available_slot().await?,
        };
        let known = self.store.last_ord().await?.is_some();
        let state = State::new(cluster, start, cursor.slot, known);
        let mut state = state.setting_aside(self.config.set_aside.clone());
        let mut claim = Claim { stream: STREAM.to_owned(), fence: cursor.fence, at: cursor.slot };
        View::new(self, &claim).await?;
        loop {
            let finalized = source.finalized_slot().await?;
            self.finalized(finalized);
            self.drive_signatures(&source, &mut state, &mut claim, Input::Finalized(finalized)).await?;
            self.rest().await;
        }
    }

    /// Feeds `step` until it has nothing more to do.
    async fn drive_signatures(
        &mut self,
        source: &Arc<dyn SignatureSource>,
        state: &mut State,
        claim: &mut Claim,
        input: Input,
    ) -> Result<(), Failure> {
        let mut inputs = VecDeque::from([input]);
        let mut found: BoxStream<'static, Result<Input, Failure>> = stream::empty().boxed();
        loop {
            let input = match inputs.pop_front() {
                Some(input) => input,
                None => match found.next().await {
                    Some(input) => input?,
                    None => return Ok(()),
                },
            };
            for effect in step(state, input) {
                match effect {
                    Effect::List { at, before, limit } => {
                        inputs.push_back(Input::Listed(source.signatures(at, before, limit).await?));
                    }
                    Effect::Fetch(listed) => found = self.transactions(source, listed),
                    Effect::Commit(batch) => self.commit(batch, claim).await?,
                    Effect::Count => inputs.push_back(Input::Aggregates(source.aggregates().await?)),
                    Effect::Find(keys) => inputs.push_back(Input::Missing(self.missing(&keys).await?)),
                    Effect::Stop(stop) => return Err(Failure::Stop(stop)),
                }
            }
        }
    }

    /// Transactions in the order in which they are listed, several on their way at once.
    fn transactions(
        &self,
        source: &Arc<dyn SignatureSource>,
        listed: Vec<ListedTransaction>,
    ) -> BoxStream<'static, Result<Input, Failure>> {
        let source = Arc::clone(source);
        let one = move |ListedTransaction { signature, slot, .. }| {
            let source = Arc::clone(&source);
            async move {
                match source.transaction(signature, slot).await {
                    Ok(TransactionFetch::Present(found)) => Ok(Input::Transaction(found)),
                    Ok(TransactionFetch::Unavailable { reason }) => Ok(Input::Unavailable { slot, reason }),
                    Err(SourceError::Unreadable(transaction)) => Ok(Input::Unreadable(*transaction)),
                    Err(SourceError::Undecodable { slot, reason }) => Ok(Input::Undecodable { slot, reason }),
                    Err(error) => Err(error.into()),
                }
            }
        };
        stream::iter(listed).map(one).buffered(self.config.concurrency.max(1)).boxed()
    }

    /// Those of the rows that do not exist.
    async fn missing(&self, keys: &[ProjectionKey]) -> Result<Vec<ProjectionKey>, Failure> {
        let mut missing = Vec::new();
        for keys in keys.chunks(FIND_ROWS) {
            let rows = self.store.load(Set::Live, keys).await?;
            let found: HashSet<_> = rows.iter().map(|row| row.key()).collect();
            missing.extend(keys.iter().filter(|key| !found.contains(key)));
        }
        Ok(missing)
    }
}
