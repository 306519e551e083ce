//! Transactions of several endpoints.

use super::{Endpoints, same_events, unanimous};
use crate::source::{Aggregates, ListedTransaction, SignatureSource, SourceError, TransactionFetch};
use async_trait::async_trait;
use mira_core::Hash;

#[async_trait]
impl SignatureSource for Endpoints<dyn SignatureSource> {
    async fn genesis_hash(&self) -> Result<Hash, SourceError> {
        unanimous("the cluster's genesis hash", self.all(|source| source.genesis_hash()).await?)
    }

    /// The newest that any of them names, as for blocks. A server that has not reached it refuses to list.
    async fn finalized_slot(&self) -> Result<u64, SourceError> {
        let slots = self.all(|source| source.finalized_slot()).await?;
        Ok(slots.into_iter().map(|(_, slot)| slot).max().unwrap_or_default())
    }

    async fn first_available_slot(&self) -> Result<u64, SourceError> {
        let slots = self.all(|source| source.first_available_slot()).await?;
        Ok(slots.into_iter().map(|(_, slot)| slot).min().unwrap_or_default())
    }

    async fn signatures(
        &self,
        at: u64,
        before: Option<[u8; 64]>,
        limit: u16,
    ) -> Result<Vec<ListedTransaction>, SourceError> {
        self.first(|source| source.signatures(at, before, limit)).await
    }

    async fn transaction(&self, signature: [u8; 64], slot: u64) -> Result<TransactionFetch, SourceError> {
        let present = |fetch: &TransactionFetch| matches!(fetch, TransactionFetch::Present(_));
        self.twice(|source| source.transaction(signature, slot), present, difference).await
    }

    async fn aggregates(&self) -> Result<Aggregates, SourceError> {
        self.first(|source| source.aggregates()).await
    }
}

/// What two answers about one transaction differ in, its time apart.
fn difference(one: &TransactionFetch, other: &TransactionFetch) -> Option<String> {
    let (TransactionFetch::Present(one), TransactionFetch::Present(other)) = (one, other) else { return None };
    let same = one.slot == other.slot && same_events(&one.events, &other.events);
    let name = bs58::encode(&one.signature).into_string();
    (!same).then(|| format!("transaction {name}: its slot or the program's events in it"))
}
