//! The dispatch log, and who writes it.

use async_trait::async_trait;

use super::lookup::{count, find};
use super::{Commit as _, Engine, Session, Sql, SqlStore, batch, bounded};
use crate::model::{DISPATCH, DispatchCommit, DispatchInput, DispatchRecord, Dispatcher};
use crate::repository::DispatchLog;
use crate::row::Row;
use crate::{Error, Result};

async fn last_seq<S: Session>(session: &mut S) -> Result<u64> {
    let sql = Sql::new("SELECT coalesce(max(seq), 0) FROM dispatch_input", "read the newest dispatch input");
    count(session, sql).await
}

async fn look<S: Session>(session: &mut S) -> Result<Option<Dispatcher>> {
    find(session, "stream", &DISPATCH.to_owned()).await
}

/// `UPDATE … SET set WHERE` the writer of this fence holds the log.
fn update(set: Sql, fence: u64) -> Sql {
    let sql = set.and(" WHERE stream = ").arg(&DISPATCH.to_owned()).and(" AND fence = ").arg(&fence);
    sql.and(" AND beat IS NOT NULL")
}

fn stale(held: u64, found: Option<&Dispatcher>) -> Error {
    Error::StaleDispatcher { held, current: found.map_or(0, |row| row.fence) }
}

/// Changes the row of whoever holds the log, if that is the writer of this fence.
async fn change<E: Engine>(engine: &E, set: Sql, fence: u64) -> Result<()> {
    let mut session = engine.brief().await?;
    if session.execute(update(set, fence)).await? == 0 {
        let found = look(&mut session).await?;
        return Err(stale(fence, found.as_ref()));
    }
    session.commit().await
}

/// Locks the row of whoever holds the log, if that is the writer of this fence.
pub(super) async fn hold<E: Engine>(session: &mut E::Write, fence: u64) -> Result<Dispatcher> {
    let sql = Sql::select::<Dispatcher>("lock the dispatch log").and(" WHERE stream = ").arg(&DISPATCH.to_owned());
    match session.fetch_one(sql.and(E::LOCK)).await? {
        Some(row) if holds(&row, fence) => Ok(row),
        other => Err(stale(fence, other.as_ref())),
    }
}

fn holds(row: &Dispatcher, fence: u64) -> bool {
    row.fence == fence && row.beat.is_some()
}

/// The numbers of the first and the last input, if none is missing between them.
fn numbers(inputs: &[DispatchInput]) -> Result<(u64, u64)> {
    let numbers = inputs.first().zip(inputs.last()).map(|(first, last)| (first.seq, last.seq));
    let (first, last) = numbers.ok_or_else(|| Error::Invalid("no dispatch input".into()))?;
    for (expected, input) in (first..).zip(inputs) {
        let found = input.seq;
        if found != expected || found == 0 {
            return Err(Error::Invalid(format!("dispatch input {found} does not follow, expected {expected}")));
        }
    }
    Ok((first, last))
}

/// Why the row of whoever holds the log is not the one that an append expects.
async fn refusal<S: Session>(session: &mut S, fence: u64, first: u64) -> Result<Error> {
    let found = look(session).await?;
    Ok(match found {
        Some(row) if holds(&row, fence) => {
            let expected = row.seq.saturating_add(1);
            Error::Invalid(format!("dispatch input {first} does not follow, expected {expected}"))
        }
        other => stale(fence, other.as_ref()),
    })
}

/// Inserts records; those of an engine before give way.
async fn insert_records<S: Session>(session: &mut S, records: &[DispatchRecord], began_after: u64) -> Result<()> {
    if began_after == 0 {
        return batch::insert_new(session, records).await;
    }
    let table = DispatchRecord::table();
    let tail = format!(
        " ON CONFLICT ({}) DO UPDATE SET {} WHERE dispatch_record.input_seq <= {began_after}",
        table.key_list, table.overwrite
    );
    let values = records.iter().map(Row::values).collect();
    let written = batch::insert(session, DispatchRecord::TABLE, &table.list, values, &tail).await?;
    let all = u64::try_from(records.len()).unwrap_or(u64::MAX);
    if written == all { Ok(()) } else { Err(Error::Conflict { table: DispatchRecord::TABLE }) }
}

#[async_trait]
impl<E: Engine> DispatchLog for SqlStore<E> {
    async fn dispatcher(&self) -> Result<Option<Dispatcher>> {
        look(&mut self.engine.read().await?).await
    }

    async fn take_dispatch(
        &self,
        seen: Option<&Dispatcher>,
        dispatcher: &[u8; 32],
        holder: &str,
    ) -> Result<Option<Dispatcher>> {
        let (stream, holder, doing) = (DISPATCH.to_owned(), holder.to_owned(), "take the dispatch log over");
        let sql = match seen {
            // A log may be older than its row.
            None => Sql::new("INSERT INTO dispatcher (stream, dispatcher, holder, fence, beat, seq) VALUES (", doing)
                .arg(&stream)
                .and(", ")
                .arg(dispatcher)
                .and(", ")
                .arg(&holder)
                .and(", 1, 0, (SELECT coalesce(max(seq), 0) FROM dispatch_input)) ON CONFLICT (stream) DO NOTHING"),
            Some(seen) => Sql::new("UPDATE dispatcher SET fence = fence + 1, beat = 0, dispatcher = ", doing)
                .arg(dispatcher)
                .and(", holder = ")
                .arg(&holder)
                .and(" WHERE stream = ")
                .arg(&stream)
                .and(" AND fence = ")
                .arg(&seen.fence)
                .and(" AND beat IS NOT DISTINCT FROM ")
                .arg(&seen.beat)
                .and(" AND seq = ")
                .arg(&seen.seq),
        };
        let mut session = self.engine.brief().await?;
        let taken = session.fetch_one(sql.and(" RETURNING ").and(&Dispatcher::table().list)).await?;
        session.commit().await?;
        Ok(taken)
    }

    async fn beat_dispatch(&self, fence: u64) -> Result<()> {
        change(&self.engine, Sql::new("UPDATE dispatcher SET beat = beat + 1", "show a sign of life"), fence).await
    }

    async fn release_dispatch(&self, fence: u64) -> Result<()> {
        change(&self.engine, Sql::new("UPDATE dispatcher SET beat = NULL", "give the dispatch log back"), fence).await
    }

    async fn append_dispatch(&self, fence: u64, commit: DispatchCommit) -> Result<()> {
        let (first, last) = numbers(&commit.inputs)?;
        let mut session = self.engine.brief().await?;
        // The fence, the number and the sign of life in one statement, whose row stays locked until the end.
        let set = Sql::new("UPDATE dispatcher SET beat = beat + 1, seq = ", "append to the dispatch log").arg(&last);
        let sql = update(set, fence).and(" AND seq = ").arg(&first.saturating_sub(1));
        if session.execute(sql).await? == 0 {
            return Err(refusal(&mut session, fence, first).await?);
        }
        batch::insert_new(&mut session, &commit.inputs).await?;
        insert_records(&mut session, &commit.records, commit.began_after).await?;
        batch::insert_new(&mut session, &commit.routes).await?;
        batch::insert_new(&mut session, &commit.epochs).await?;
        session.commit().await
    }

    async fn last_dispatch_seq(&self) -> Result<u64> {
        last_seq(&mut self.engine.read().await?).await
    }

    async fn dispatch_inputs(&self, after_seq: u64, limit: u32) -> Result<Vec<DispatchInput>> {
        let sql = Sql::select::<DispatchInput>("read dispatch inputs").and(" WHERE seq > ").arg(&after_seq);
        self.engine.read().await?.fetch(sql.and(" ORDER BY seq LIMIT ").arg(&bounded(limit))).await
    }

    async fn dispatch_record(&self, id: &[u8; 32]) -> Result<Option<DispatchRecord>> {
        find(&mut self.engine.read().await?, "id", id).await
    }

    async fn dispatch_records(&self, after: Option<(u64, [u8; 32])>, limit: u32) -> Result<Vec<DispatchRecord>> {
        let mut sql = Sql::select::<DispatchRecord>("read dispatch records");
        if let Some((seq, id)) = after {
            sql = sql.and(" WHERE (input_seq, id) > (").arg(&seq).and(", ").arg(&id).and(")");
        }
        self.engine.read().await?.fetch(sql.and(" ORDER BY input_seq, id LIMIT ").arg(&bounded(limit))).await
    }

    async fn dispatch_records_of(&self, subject: &[u8; 32], limit: u32) -> Result<Vec<DispatchRecord>> {
        let sql = Sql::select::<DispatchRecord>("read dispatch records").and(" WHERE subject = ").arg(subject);
        let sql = sql.and(" ORDER BY input_seq DESC, id DESC LIMIT ").arg(&bounded(limit));
        self.engine.read().await?.fetch(sql).await
    }
}
