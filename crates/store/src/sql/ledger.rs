//! Slots, events and the cursor.

use async_trait::async_trait;

use super::lookup::{count, find};
use super::{Commit as _, Engine, Session as _, Sql, SqlStore, batch, bounded, fence, projection_write};
use crate::model::{
    ChainSlot, Claim, Cursor, DeadLetter, EventId, Gap, Ordinal, ProjectionMeta, RawEvent, Set, Signature, SlotCommit,
    state_hash,
};
use crate::repository::Ledger;
use crate::row::Row as _;
use crate::{Error, Result};

const ORD: &str = "(slot, signature, ix, inner_ix)";
const NEWEST_FIRST: &str = " ORDER BY slot DESC, signature DESC, ix DESC, inner_ix DESC LIMIT ";

#[async_trait]
impl<E: Engine> Ledger for SqlStore<E> {
    async fn claim(&self, stream: &str) -> Result<Cursor> {
        let mut session = self.engine.write().await?;
        let sql = Sql::new("INSERT INTO cursor (stream, fence, beat) VALUES (", "claim the cursor")
            .arg(&stream.to_owned())
            .and(", 1, 0) ON CONFLICT (stream) DO UPDATE SET fence = cursor.fence + 1, beat = 0 RETURNING ")
            .and(&Cursor::table().list);
        let cursor = session.fetch_one::<Cursor>(sql).await?;
        session.commit().await?;
        cursor.ok_or_else(|| Error::Invalid("the cursor could not be claimed".into()))
    }

    async fn folded_by(&self, claim: &Claim, ours: u32) -> Result<Option<u32>> {
        let mut session = self.engine.write().await?;
        let cursor = fence::hold::<E>(&mut session, claim).await?;
        if cursor.slot.is_some() {
            let meta: Option<ProjectionMeta> = find(&mut session, "name", &cursor.stream).await?;
            return Ok(meta.map(|meta| meta.code_version));
        }
        let state_hash = state_hash([]);
        let meta = ProjectionMeta { name: cursor.stream, code_version: ours, cursor: 0, state_hash };
        batch::replace(&mut session, &meta, "").await?;
        session.commit().await?;
        Ok(Some(ours))
    }

    async fn take_over(&self, stream: &str, seen: Option<&Cursor>) -> Result<Option<Cursor>> {
        let (stream, doing) = (stream.to_owned(), "take the cursor over");
        let sql = match seen {
            None => Sql::new("INSERT INTO cursor (stream, fence, beat) VALUES (", doing)
                .arg(&stream)
                .and(", 1, 0) ON CONFLICT (stream) DO NOTHING"),
            Some(seen) => Sql::new("UPDATE cursor SET fence = fence + 1, beat = 0 WHERE stream = ", doing)
                .arg(&stream)
                .and(" AND fence = ")
                .arg(&seen.fence)
                .and(" AND beat IS NOT DISTINCT FROM ")
                .arg(&seen.beat)
                .and(" AND slot IS NOT DISTINCT FROM ")
                .arg(&seen.slot),
        };
        let mut session = self.engine.write().await?;
        let cursor = session.fetch_one::<Cursor>(sql.and(" RETURNING ").and(&Cursor::table().list)).await?;
        session.commit().await?;
        Ok(cursor)
    }

    async fn beat(&self, stream: &str, fence: u64) -> Result<()> {
        let mut session = self.engine.write().await?;
        let cursor = fence::lock::<E>(&mut session, stream, fence).await?;
        let beat = Some(cursor.beat.map_or(0, |beat| beat.saturating_add(1)));
        batch::replace(&mut session, &Cursor { beat, ..cursor }, "").await?;
        session.commit().await
    }

    async fn release(&self, stream: &str, fence: u64) -> Result<()> {
        let mut session = self.engine.write().await?;
        let cursor = fence::lock::<E>(&mut session, stream, fence).await?;
        batch::replace(&mut session, &Cursor { beat: None, ..cursor }, "").await?;
        session.commit().await
    }

    async fn cursor(&self, stream: &str) -> Result<Option<Cursor>> {
        find(&mut self.engine.read().await?, "stream", &stream.to_owned()).await
    }

    async fn commit_slot(&self, commit: SlotCommit) -> Result<()> {
        check(&commit)?;
        let mut session = self.engine.write().await?;
        let cursor = fence::hold::<E>(&mut session, &commit.claim).await?;
        batch::insert_new(&mut session, &commit.slots).await?;
        batch::insert_new(&mut session, &commit.events).await?;
        batch::insert_new(&mut session, &commit.dead_letters).await?;
        projection_write::write(&self.engine, &mut session, Set::Live, &commit.writes).await?;
        let moved = Cursor { slot: Some(commit.slot), blockhash: Some(commit.blockhash), ..cursor };
        batch::replace(&mut session, &moved, "").await?;
        session.commit().await
    }

    async fn chain_slot(&self, slot: u64) -> Result<Option<ChainSlot>> {
        find(&mut self.engine.read().await?, "slot", &slot).await
    }

    async fn chain_slots(&self, after: Option<u64>, limit: u32) -> Result<Vec<ChainSlot>> {
        let mut sql = Sql::select::<ChainSlot>("read slots");
        if let Some(after) = after {
            sql = sql.and(" WHERE slot > ").arg(&after);
        }
        self.engine.read().await?.fetch(sql.and(" ORDER BY slot LIMIT ").arg(&bounded(limit))).await
    }

    async fn events_after(&self, after: Option<Ordinal>, up_to_slot: Option<u64>, limit: u32) -> Result<Vec<RawEvent>> {
        let mut sql = Sql::select::<RawEvent>("read events").and(" WHERE ");
        // One lower bound only: with two, SQLite begins at that of the slot, and every page reads all before it.
        sql = match after {
            Some(after) => sql.and(ORD).and(" > (").arg(&after).and(")"),
            None => sql.and("slot >= 0"),
        };
        if let Some(slot) = up_to_slot {
            sql = sql.and(" AND slot <= ").arg(&slot);
        }
        let sql = sql.and(" ORDER BY slot, signature, ix, inner_ix LIMIT ").arg(&bounded(limit));
        self.engine.read().await?.fetch(sql).await
    }

    async fn events_before(&self, before: Option<Ordinal>, limit: u32) -> Result<Vec<RawEvent>> {
        let mut sql = Sql::select::<RawEvent>("read events");
        if let Some(before) = before {
            sql = sql.and(" WHERE ").and(ORD).and(" < (").arg(&before).and(")");
        }
        self.engine.read().await?.fetch(sql.and(NEWEST_FIRST).arg(&bounded(limit))).await
    }

    async fn event(&self, id: EventId) -> Result<Option<RawEvent>> {
        let sql =
            Sql::select::<RawEvent>("read an event").and(" WHERE (signature, ix, inner_ix) = (").arg(&id).and(")");
        self.engine.read().await?.fetch_one(sql).await
    }

    async fn events_of(&self, signature: &Signature) -> Result<Vec<RawEvent>> {
        let sql = Sql::select::<RawEvent>("read a transaction's events").and(" WHERE signature = ").arg(signature);
        self.engine.read().await?.fetch(sql.and(" ORDER BY ix, inner_ix")).await
    }

    async fn event_count(&self) -> Result<u64> {
        count(&mut self.engine.read().await?, Sql::new("SELECT count(*) FROM raw_event", "count events")).await
    }

    async fn last_ord(&self) -> Result<Option<Ordinal>> {
        Ok(self.events_before(None, 1).await?.first().map(|event| event.ord))
    }

    async fn dead_letters(&self, after: Option<Signature>, limit: u32) -> Result<Vec<DeadLetter>> {
        let mut sql = Sql::select::<DeadLetter>("read dead letters");
        if let Some(after) = after {
            sql = sql.and(" WHERE signature > ").arg(&after);
        }
        self.engine.read().await?.fetch(sql.and(" ORDER BY signature LIMIT ").arg(&bounded(limit))).await
    }

    async fn dead_letter_count(&self) -> Result<u64> {
        count(&mut self.engine.read().await?, Sql::new("SELECT count(*) FROM dead_letter", "count dead letters")).await
    }

    async fn record_gap(&self, claim: &Claim, gap: Gap) -> Result<()> {
        let mut session = self.engine.write().await?;
        fence::hold::<E>(&mut session, claim).await?;
        batch::insert_once(&mut session, &gap).await?;
        session.commit().await
    }

    async fn close_gap(&self, claim: &Claim, subject: &[u8], first: u64) -> Result<bool> {
        let mut session = self.engine.write().await?;
        fence::hold::<E>(&mut session, claim).await?;
        let sql = Sql::new("DELETE FROM gap WHERE subject = ", "close a gap").arg(&subject.to_vec());
        let deleted = session.execute(sql.and(" AND first = ").arg(&first)).await?;
        session.commit().await?;
        Ok(deleted > 0)
    }

    async fn gaps(&self) -> Result<Vec<Gap>> {
        let sql = Sql::select::<Gap>("read gaps").and(" ORDER BY subject, first");
        self.engine.read().await?.fetch(sql).await
    }
}

/// What can be told without the database.
fn check(commit: &SlotCommit) -> Result<()> {
    let invalid = |what: &str| Err(Error::Invalid(format!("{what} (slot {})", commit.slot)));
    let inside = |slot: u64| slot <= commit.slot && commit.claim.at.is_none_or(|at| slot > at);
    if !inside(commit.slot) {
        return invalid("the cursor must go forward");
    }
    if !commit.slots.is_sorted_by(|a, b| a.slot < b.slot) {
        return invalid("slots must ascend");
    }
    if !commit.slots.iter().all(|row| inside(row.slot)) {
        return invalid("a slot lies outside of what is committed");
    }
    if !commit.events.iter().all(|event| inside(event.ord.slot)) {
        return invalid("an event lies outside of what is committed");
    }
    Ok(())
}
