//! Blocks of several endpoints.

use super::{Endpoints, unanimous};
use crate::source::{BlockFetch, BlockSource, SlotBlock, SourceError};
use async_trait::async_trait;
use mira_core::Hash;
use std::collections::BTreeSet;

#[async_trait]
impl BlockSource for Endpoints<dyn BlockSource> {
    async fn genesis_hash(&self) -> Result<Hash, SourceError> {
        unanimous("the cluster's genesis hash", self.all(|source| source.genesis_hash()).await?)
    }

    /// The newest that any of them names: one that stands still must not hide that the chain goes on.
    async fn finalized_slot(&self) -> Result<u64, SourceError> {
        let slots = self.all(|source| source.finalized_slot()).await?;
        Ok(slots.into_iter().map(|(_, slot)| slot).max().unwrap_or_default())
    }

    async fn first_available_slot(&self) -> Result<u64, SourceError> {
        let slots = self.all(|source| source.first_available_slot()).await?;
        Ok(slots.into_iter().map(|(_, slot)| slot).min().unwrap_or_default())
    }

    /// Every slot that any of them lists: what one leaves out, another may have.
    async fn produced_slots(&self, from: u64, to: u64) -> Result<Vec<u64>, SourceError> {
        let lists = self.all(|source| source.produced_slots(from, to)).await?;
        let slots: BTreeSet<u64> = lists.into_iter().flat_map(|(_, slots)| slots).collect();
        Ok(slots.into_iter().collect())
    }

    async fn block(&self, slot: u64) -> Result<BlockFetch, SourceError> {
        let present = |fetch: &BlockFetch| matches!(fetch, BlockFetch::Present(_));
        self.twice(
            |source| source.block(slot),
            present,
            |one, other| match (one, other) {
                (BlockFetch::Present(one), BlockFetch::Present(other)) => difference(one, other),
                _ => None,
            },
        )
        .await
    }

    /// Of the first that answers: what is confirmed is disposable, and nothing stops over it.
    async fn confirmed_slots(&self, from: u64, to: u64) -> Result<Vec<u64>, SourceError> {
        self.first(|source| source.confirmed_slots(from, to)).await
    }

    async fn confirmed_block(&self, slot: u64) -> Result<BlockFetch, SourceError> {
        self.first(|source| source.confirmed_block(slot)).await
    }
}

/// What two blocks of one slot differ in. Their time is not compared: some servers have forgotten it.
fn difference(one: &SlotBlock, other: &SlotBlock) -> Option<String> {
    let links = |block: &SlotBlock| (block.slot, block.parent_slot, block.blockhash, block.parent_blockhash);
    let what = if links(one) != links(other) {
        "its hash or parent"
    } else if !super::same_events(&one.events, &other.events) {
        "the program's events in it"
    } else {
        return None;
    };
    Some(format!("slot {}: {what}", one.slot))
}
