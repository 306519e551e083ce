//! What several endpoints say of their cluster.

use super::Endpoints;
use super::agreement::unanimous;
use crate::source::{ClusterSource, SourceError};
use async_trait::async_trait;
use mira_core::Hash;

#[async_trait]
impl<S: ClusterSource + ?Sized> ClusterSource for Endpoints<S> {
    async fn genesis_hash(&self) -> Result<Hash, SourceError> {
        unanimous("the cluster's genesis hash", self.all(|source| source.genesis_hash()).await?)
    }

    /// The newest that any of them names: one that stands still must not hide that the chain goes on. Who
    /// has not reached it does not have its blocks yet, and refuses to list what names the program.
    async fn finalized_slot(&self) -> Result<u64, SourceError> {
        let slots = self.all(|source| source.finalized_slot()).await?;
        Ok(slots.into_iter().map(|(_, slot)| slot).max().unwrap_or_default())
    }

    async fn first_available_slot(&self) -> Result<u64, SourceError> {
        let slots = self.all(|source| source.first_available_slot()).await?;
        Ok(slots.into_iter().map(|(_, slot)| slot).min().unwrap_or_default())
    }
}
