//! Blocks through a striker.

use super::super::point::Place;
use super::Striker;
use async_trait::async_trait;
use mira_chain::source::{BlockFetch, BlockSource, ClusterSource, SourceError};
use mira_core::Hash;
use std::sync::Arc;

/// A source with a striker around its calls.
pub struct StruckSource<S> {
    /// What answers.
    pub inner: S,
    /// What strikes.
    pub striker: Arc<Striker>,
}

#[async_trait]
impl<S: ClusterSource> ClusterSource for StruckSource<S> {
    async fn genesis_hash(&self) -> Result<Hash, SourceError> {
        self.striker.around(Place::Genesis, self.inner.genesis_hash()).await
    }

    async fn finalized_slot(&self) -> Result<u64, SourceError> {
        self.striker.around(Place::Finalized, self.inner.finalized_slot()).await
    }

    async fn first_available_slot(&self) -> Result<u64, SourceError> {
        self.inner.first_available_slot().await
    }
}

#[async_trait]
impl<S: BlockSource> BlockSource for StruckSource<S> {
    async fn produced_slots(&self, from: u64, to: u64) -> Result<Vec<u64>, SourceError> {
        self.striker.around(Place::List, self.inner.produced_slots(from, to)).await
    }

    async fn block(&self, slot: u64) -> Result<BlockFetch, SourceError> {
        self.striker.around(Place::Block, self.inner.block(slot)).await
    }

    async fn confirmed_slots(&self, from: u64, to: u64) -> Result<Vec<u64>, SourceError> {
        self.striker.around(Place::ConfirmedList, self.inner.confirmed_slots(from, to)).await
    }

    async fn confirmed_block(&self, slot: u64) -> Result<BlockFetch, SourceError> {
        self.striker.around(Place::ConfirmedBlock, self.inner.confirmed_block(slot)).await
    }
}
