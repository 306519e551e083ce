//! Transactions in flight.

use async_trait::async_trait;

use super::{Commit as _, Engine, Session as _, Sql, SqlStore, batch, bounded, lookup};
use crate::model::{IntentChange, IntentState, Put, Signature, TxIntent};
use crate::repository::Intents;
use crate::{Error, Result};

#[async_trait]
impl<E: Engine> Intents for SqlStore<E> {
    async fn put_intent(&self, intent: TxIntent) -> Result<Put> {
        let mut session = self.engine.write().await?;
        if batch::insert_once(&mut session, &intent).await? {
            session.commit().await?;
            return Ok(Put::Stored);
        }
        let stored: Option<TxIntent> = lookup::find(&mut session, "id", &intent.id).await?;
        let same = |stored: TxIntent| stored.kind == intent.kind && stored.subject == intent.subject;
        Ok(if stored.is_some_and(same) { Put::Duplicate } else { Put::Conflict })
    }

    async fn intent(&self, id: &[u8; 32]) -> Result<Option<TxIntent>> {
        lookup::find(&mut self.engine.read().await?, "id", id).await
    }

    async fn pending_intents(&self, after: Option<[u8; 32]>, limit: u32) -> Result<Vec<TxIntent>> {
        let sql = Sql::select::<TxIntent>("read pending transactions").and(" WHERE state = ");
        let mut sql = sql.arg(&IntentState::Pending);
        if let Some(after) = after {
            sql = sql.and(" AND id > ").arg(&after);
        }
        self.engine.read().await?.fetch(sql.and(" ORDER BY id LIMIT ").arg(&bounded(limit))).await
    }

    async fn change_intent(
        &self,
        id: &[u8; 32],
        newest: &Signature,
        change: IntentChange,
        now_ms: i64,
    ) -> Result<bool> {
        let mut session = self.engine.write().await?;
        let sql = Sql::select::<TxIntent>("lock a transaction").and(" WHERE id = ").arg(id).and(E::LOCK);
        let Some(stored) = session.fetch_one::<TxIntent>(sql).await? else { return Ok(false) };
        if stored.state != IntentState::Pending || stored.signatures.last() != Some(newest) {
            return Ok(false);
        }
        let changed = TxIntent { updated_ms: now_ms, ..apply(stored, change)? };
        batch::replace(&mut session, &changed, "").await?;
        session.commit().await?;
        Ok(true)
    }
}

/// The intent after a change.
fn apply(stored: TxIntent, change: IntentChange) -> Result<TxIntent> {
    match change {
        IntentChange::Resigned { signature, bytes, last_valid_block_height } => {
            let signatures = [stored.signatures, vec![signature]].concat();
            Ok(TxIntent { signatures, bytes, last_valid_block_height, ..stored })
        }
        IntentChange::Over { state: IntentState::Pending, .. } => {
            Err(Error::Invalid("an intent that is over cannot be pending".into()))
        }
        IntentChange::Over { state, error } => Ok(TxIntent { state, error, ..stored }),
    }
}
