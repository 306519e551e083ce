//! Transactions in flight.

use async_trait::async_trait;

use crate::Result;
use crate::model::{IntentChange, Put, TxIntent};

/// Transactions, stored before they are sent.
#[async_trait]
pub trait Intents {
    /// Stores an intent. `Duplicate` if its id is known with the same kind and subject (whatever
    /// became of it), `Conflict` if with others.
    async fn put_intent(&self, intent: TxIntent) -> Result<Put>;

    /// One intent.
    async fn intent(&self, id: &[u8; 32]) -> Result<Option<TxIntent>>;

    /// The intents that are `Pending`, by id after one.
    async fn pending_intents(&self, after: Option<[u8; 32]>, limit: u32) -> Result<Vec<TxIntent>>;

    /// Changes a `Pending` intent whose newest signature is still `newest`; `false` if it is
    /// another or not pending, and then nothing was changed.
    async fn change_intent(
        &self,
        id: &[u8; 32],
        newest: &crate::model::Signature,
        change: IntentChange,
        now_ms: i64,
    ) -> Result<bool>;
}
