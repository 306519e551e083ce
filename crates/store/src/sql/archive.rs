//! Backups: which tables are in them, and their rows out and in.

use std::io::{Read, Write};

use async_trait::async_trait;
use mira_core::Hash;

use super::digest::digest;
use super::lookup::count;
use super::rebuild::put_live;
use super::{Commit as _, Engine, Session, Sql, SqlStore, batch};
use crate::archive::{BackupError, BackupHead, Begin, Frame, PAGE, Part, Payload, Reader, Writer};
use crate::model::{
    AuditRow, AuditRun, BackedUp, ChainSlot, Cursor, DeadLetter, DispatchEpoch, DispatchInput, DispatchRecord,
    DispatchSnapshot, Dispatcher, Gap, Horizon, Idempotent, NodeNonce, ProjectionMeta, ProjectionTable,
    QuarantinedUsage, RawEvent, ReconItem, ReconRun, Restored, RouteBlock, Set, SnapshotPart, TxIntent, UsageReport,
    Voucher,
};
use crate::repository::Archive;
use crate::row::{Row, Value};
use crate::{Error, Result};

/// Calls a macro with every table of a backup: the type of its rows, and how many leading columns are its key.
/// A new table that is not folded from events is one more line; the conformance suite fails while it is missing.
macro_rules! tables {
    ($call:ident) => {
        $call! {
            Cursor in "cursor" by 1,
            Horizon in "ledger_horizon" by 1,
            ChainSlot in "chain_slot" by 1,
            RawEvent in "raw_event" by 4,
            DeadLetter in "dead_letter" by 1,
            Gap in "gap" by 2,
            UsageReport in "usage_report" by 2,
            QuarantinedUsage in "usage_quarantine" by 3,
            Voucher in "voucher" by 1,
            Voucher in "voucher_history" by 2,
            AuditRow in "audit" by 2,
            AuditRun in "audit_run" by 3,
            TxIntent in "tx_intent" by 1,
            DispatchInput in "dispatch_input" by 1,
            DispatchRecord in "dispatch_record" by 1,
            Dispatcher in "dispatcher" by 1,
            DispatchEpoch in "dispatch_epoch" by 1,
            RouteBlock in "dispatch_route" by 1,
            DispatchSnapshot in "dispatch_snapshot" by 1,
            SnapshotPart in "dispatch_snapshot_part" by 2,
            ReconRun in "recon_run" by 1,
            ReconItem in "recon_item" by 3,
            Idempotent in "idempotency" by 2,
            NodeNonce in "node_nonce" by 2,
        }
    };
}

macro_rules! define {
    ($($row:ident in $name:literal by $keys:literal,)*) => {
        /// The tables of a backup, with their columns as this version knows them.
        pub(crate) fn backed_up() -> Vec<(&'static str, &'static str)> {
            vec![$(($name, $row::table().list.as_str()),)*]
        }

        async fn write_all<S: Session>(session: &mut S, writer: &mut Writer<'_>) -> Result<()> {
            $(write::<S, $row>(session, writer, $name, $keys).await?;)*
            Ok(())
        }

        /// Inserts a payload's rows; gives how many there were.
        async fn insert<S: Session>(
            session: &mut S,
            table: &'static str,
            payload: &Payload,
        ) -> Result<u64> {
            match table {
                $($name => {
                    let rows = payload.rows::<$row>()?;
                    let values = rows.iter().map(Row::values).collect();
                    batch::insert(session, $name, &$row::table().list, values, "").await
                })*
                // The name comes from `known`.
                other => Err(Error::Invalid(format!("table {other} is in no backup"))),
            }
        }
    };
}
tables!(define);

/// What is folded from events, or says how that was done.
pub(crate) fn folded() -> Vec<&'static str> {
    let projections = ProjectionTable::ALL.iter().map(|table| table.name());
    projections.chain([ProjectionMeta::TABLE]).collect()
}

/// Writes a table in the order of its key.
async fn write<S: Session, R: Row>(
    session: &mut S,
    writer: &mut Writer<'_>,
    name: &'static str,
    keys: usize,
) -> Result<()> {
    writer.table::<R>(name)?;
    let table = R::table();
    let key: Vec<_> = table.columns.iter().take(keys).map(|column| column.name.as_str()).collect();
    let key = key.join(", ");
    let mut after: Option<Vec<Value>> = None;
    loop {
        let mut sql = Sql::new("SELECT ", "back a table up").and(&table.list).and(" FROM ").and(name);
        if let Some(after) = after.take() {
            sql = sql.and(" WHERE (").and(&key).and(") > (").values(after).and(")");
        }
        let rows: Vec<R> = session.fetch(sql.and(" ORDER BY ").and(&key).and(" LIMIT ").arg(&PAGE)).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(last.values().into_iter().take(keys).collect());
        writer.rows(&rows)?;
    }
}

/// The table that begins, if this version has it as it was.
fn known(begin: &Begin) -> Result<&'static str, BackupError> {
    let found = backed_up().into_iter().find(|(name, _)| *name == begin.name);
    let Some((name, columns)) = found else {
        return Err(BackupError::Newer { what: format!("table {}", begin.name) });
    };
    if columns == begin.columns { Ok(name) } else { Err(BackupError::Older { table: begin.name.clone() }) }
}

/// Makes sure that no table has a row.
async fn require_empty<S: Session>(session: &mut S) -> Result<()> {
    for table in backed_up().into_iter().map(|(name, _)| name).chain(folded()) {
        let sql = Sql::new("SELECT count(*) FROM (SELECT 1 FROM ", "look whether the database is empty");
        if count(session, sql.and(table).and(" LIMIT 1) AS found")).await? > 0 {
            return Err(BackupError::NotEmpty { table }.into());
        }
    }
    Ok(())
}

#[async_trait]
impl<E: Engine> Archive for SqlStore<E> {
    async fn back_up(&self, stream: &str, made_ms: i64, to: &mut (dyn Write + Send)) -> Result<BackedUp> {
        let mut session = self.engine.snapshot().await?;
        let state = digest(&mut session, Set::Live, stream).await?;
        let head = BackupHead {
            stream: stream.to_owned(),
            schema: E::schema(),
            made_ms,
            slot: state.cursor,
            state_hash: state.hash,
            state_rows: state.rows,
        };
        let mut writer = Writer::new(to)?;
        writer.mark(Part::Head, &head)?;
        write_all(&mut session, &mut writer).await?;
        let (bytes, rows) = writer.finish()?;
        Ok(BackedUp { head, bytes, rows })
    }

    async fn restore(&self, from: &mut (dyn Read + Send)) -> Result<Restored> {
        let (mut reader, head) = Reader::new(from, E::schema())?;
        let mut session = self.engine.write().await?;
        require_empty(&mut session).await?;
        let (mut table, mut rows, mut cursors) = (None, 0u64, Vec::new());
        loop {
            match reader.next(rows)? {
                Frame::Table(begin) => table = Some(known(&begin)?),
                Frame::Rows(payload) => match table {
                    None => return reader.damaged("rows of no table").map_err(Error::from),
                    Some(Cursor::TABLE) => {
                        cursors.append(&mut payload.rows()?);
                        rows = u64::try_from(cursors.len()).unwrap_or(u64::MAX);
                    }
                    Some(name) => rows = rows.saturating_add(insert(&mut session, name, &payload).await?),
                },
                Frame::End => break,
            }
        }
        session.commit().await?;
        Ok(Restored { head, cursors, rows })
    }

    async fn finish_restore(&self, restored: &Restored, code_version: u32) -> Result<()> {
        let mut session = self.engine.write().await?;
        let BackupHead { stream, slot, state_hash, .. } = &restored.head;
        let folded = digest(&mut session, Set::Shadow, stream).await?;
        if folded.hash != *state_hash {
            let hex = |hash: &Hash| Value::bytes(hash).to_string();
            return Err(BackupError::OtherState { folded: hex(&folded.hash), named: hex(state_hash) }.into());
        }
        batch::insert_new(&mut session, &restored.cursors).await?;
        if let Some(cursor) = *slot {
            let meta = ProjectionMeta { name: stream.clone(), code_version, cursor, state_hash: *state_hash };
            put_live::<E>(&mut session, &meta).await?;
        }
        session.commit().await
    }
}
