//! Blocks of several endpoints.

use super::{Endpoints, Testimony, listed_by_any, same_events};
use crate::source::{BlockFetch, BlockSource, SlotBlock, SourceError};
use async_trait::async_trait;

#[async_trait]
impl BlockSource for Endpoints<dyn BlockSource> {
    async fn produced_slots(&self, from: u64, to: u64) -> Result<Vec<u64>, SourceError> {
        let lists = self.all(|source| source.produced_slots(from, to)).await?;
        Ok(listed_by_any(lists.into_iter().map(|(_, slots)| slots)))
    }

    async fn block(&self, slot: u64) -> Result<BlockFetch, SourceError> {
        self.twice(|source| source.block(slot)).await
    }

    /// Of the first that answers: what is confirmed is disposable, and nothing stops over it.
    async fn confirmed_slots(&self, from: u64, to: u64) -> Result<Vec<u64>, SourceError> {
        self.first(|source| source.confirmed_slots(from, to)).await
    }

    async fn confirmed_block(&self, slot: u64) -> Result<BlockFetch, SourceError> {
        self.first(|source| source.confirmed_block(slot)).await
    }
}

impl Testimony for BlockFetch {
    fn holds(&self) -> bool {
        matches!(self, Self::Present(_))
    }

    /// Their time is not compared: some servers have forgotten it.
    fn difference(&self, other: &Self) -> Option<String> {
        let (Self::Present(one), Self::Present(other)) = (self, other) else { return None };
        let links = |block: &SlotBlock| (block.slot, block.parent_slot, block.blockhash, block.parent_blockhash);
        let what = if links(one) != links(other) {
            "its hash or parent"
        } else if !same_events(&one.events, &other.events) {
            "the program's events in it"
        } else {
            return None;
        };
        Some(format!("slot {}: {what}", one.slot))
    }
}
