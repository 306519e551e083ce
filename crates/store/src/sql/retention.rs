//! Compacting the recorded slots.

use async_trait::async_trait;

use super::lookup::{count, find};
use super::{Commit as _, Engine, Session as _, Sql, SqlStore, batch};
use crate::model::{ChainSlot, Cursor, Horizon, SlotState};
use crate::repository::Retention;
use crate::{Error, Result};

#[async_trait]
impl<E: Engine> Retention for SqlStore<E> {
    async fn horizon(&self, stream: &str) -> Result<Option<Horizon>> {
        find(&mut self.engine.read().await?, "stream", &stream.to_owned()).await
    }

    async fn block_before(&self, slot: u64, time: Option<i64>) -> Result<Option<ChainSlot>> {
        let sql = Sql::select::<ChainSlot>("find a block").and(" WHERE slot <= ").arg(&slot);
        let sql = sql.and(" AND state = ").arg(&SlotState::Present).and(" AND block_time <= ");
        let sql = sql.arg(&time.unwrap_or(i64::MAX)).and(" ORDER BY slot DESC LIMIT 1");
        self.engine.read().await?.fetch_one(sql).await
    }

    async fn compact_slots(&self, stream: &str, slot: u64, at_ms: i64) -> Result<u64> {
        let mut session = self.engine.write().await?;
        // The lock under which every writer of the ledger moves the cursor.
        let sql = Sql::select::<Cursor>("lock the cursor").and(" WHERE stream = ").arg(&stream.to_owned());
        let cursor = session.fetch_one::<Cursor>(sql.and(E::LOCK)).await?.and_then(|cursor| cursor.slot);
        let block: Option<ChainSlot> = find(&mut session, "slot", &slot).await?;
        let block = block.filter(|row| row.state == SlotState::Present && cursor.is_some_and(|at| slot <= at));
        let Some(block) = block else {
            return Err(Error::Invalid(format!("no recorded block at slot {slot} that the cursor has passed")));
        };
        let below = |text| Sql::new(text, "compact slots").arg(&slot);
        let skipped = below("SELECT count(*) FROM chain_slot WHERE slot < ").and(" AND state = ");
        let skipped = count(&mut session, skipped.arg(&SlotState::ProvenSkipped)).await?;
        let first = below("SELECT coalesce(min(slot), 0) FROM chain_slot WHERE slot < ");
        let first = count(&mut session, first).await?;
        let gone = session.execute(below("DELETE FROM chain_slot WHERE slot < ")).await?;
        if gone == 0 {
            return Ok(0);
        }
        let before: Option<Horizon> = find(&mut session, "stream", &stream.to_owned()).await?;
        let counted = |of: fn(&Horizon) -> u64, more: u64| before.as_ref().map_or(0, of).saturating_add(more);
        let horizon = Horizon {
            stream: stream.to_owned(),
            first: before.as_ref().map_or(first, |before| before.first),
            slot,
            blockhash: block.blockhash,
            slots: counted(|before| before.slots, gone),
            skipped: counted(|before| before.skipped, skipped),
            at_ms,
        };
        batch::replace(&mut session, &horizon, "").await?;
        session.commit().await?;
        Ok(gone)
    }
}
