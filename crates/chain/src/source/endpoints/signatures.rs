//! Transactions of several endpoints.

use super::{Endpoints, Testimony, same_events};
use crate::source::{Aggregates, ListedTransaction, SignatureSource, SourceError, TransactionFetch};
use async_trait::async_trait;

#[async_trait]
impl SignatureSource for Endpoints<dyn SignatureSource> {
    async fn signatures(
        &self,
        at: u64,
        before: Option<[u8; 64]>,
        limit: u16,
    ) -> Result<Vec<ListedTransaction>, SourceError> {
        self.first(|source| source.signatures(at, before, limit)).await
    }

    async fn transaction(&self, signature: [u8; 64], slot: u64) -> Result<TransactionFetch, SourceError> {
        self.twice(|source| source.transaction(signature, slot)).await
    }

    async fn aggregates(&self) -> Result<Aggregates, SourceError> {
        self.first(|source| source.aggregates()).await
    }
}

impl Testimony for TransactionFetch {
    fn holds(&self) -> bool {
        matches!(self, Self::Present(_))
    }

    /// Their time is not compared, as for blocks.
    fn difference(&self, other: &Self) -> Option<String> {
        let (Self::Present(one), Self::Present(other)) = (self, other) else { return None };
        let same = one.slot == other.slot && same_events(&one.events, &other.events);
        let name = bs58::encode(&one.signature).into_string();
        (!same).then(|| format!("transaction {name}: its slot or the program's events in it"))
    }
}
