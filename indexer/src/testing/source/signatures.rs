//! The same chain, told as single transactions.

use async_trait::async_trait;
use mira_chain::event::RawEvent;
use mira_chain::source::{
    Aggregates, BlockFetch, BlockSource, ListedTransaction, ProgramTransaction, SignatureSource, SourceError,
    TransactionFetch,
};

use super::{FakeSource, State};

impl State {
    /// Newest first.
    fn history(&self) -> Vec<ListedTransaction> {
        let shown = self.blocks.iter().rev().filter(|(slot, _)| !self.hidden.contains(slot));
        let mut history: Vec<_> = shown
            .flat_map(|(&slot, block)| block.events.iter().rev().map(move |event| (slot, event.id.signature)))
            .map(|(slot, signature)| ListedTransaction { signature, slot, failed: false })
            .collect();
        history.dedup();
        history
    }
}

#[async_trait]
impl SignatureSource for FakeSource {
    async fn signatures(
        &self,
        _: u64,
        before: Option<[u8; 64]>,
        limit: u16,
    ) -> Result<Vec<ListedTransaction>, SourceError> {
        self.read(|state| {
            let history = state.history();
            let from = match before {
                None => 0,
                Some(before) => match history.iter().position(|listed| listed.signature == before) {
                    Some(at) => at + 1,
                    None => history.len(),
                },
            };
            history.into_iter().skip(from).take(usize::from(limit)).collect()
        })
    }

    async fn transaction(&self, signature: [u8; 64], slot: u64) -> Result<TransactionFetch, SourceError> {
        let block = match BlockSource::block(self, slot).await? {
            BlockFetch::Present(block) => block,
            BlockFetch::ClaimedSkipped => return Ok(TransactionFetch::Unavailable { reason: "skipped".to_owned() }),
            BlockFetch::Unavailable { reason } => return Ok(TransactionFetch::Unavailable { reason }),
        };
        let mut events = block.events;
        events.retain(|event| event.id.signature == signature);
        let forged = block.forged;
        Ok(TransactionFetch::Present(ProgramTransaction {
            signature,
            slot,
            block_time: block.block_time,
            forged,
            events,
        }))
    }

    async fn aggregates(&self) -> Result<Aggregates, SourceError> {
        self.read(|state| {
            let events = state.blocks.values().flat_map(|block| &block.events);
            // What cannot be read made no account.
            let of = |event: &RawEvent| event.decode().map(|event| event.aggregates()).unwrap_or_default();
            let keys = events.flat_map(of).map(|aggregate| (aggregate.kind, aggregate.key)).collect();
            Aggregates { slot: state.blocks.keys().next_back().copied().unwrap_or(0), keys }
        })
    }
}
