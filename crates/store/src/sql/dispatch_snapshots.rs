//! Snapshots of the dispatch engine, and pruning behind them.

use async_trait::async_trait;

use super::dispatch::hold;
use super::lookup::count;
use super::{Commit as _, Engine, Session, Sql, SqlStore, batch, bounded};
use crate::model::{DispatchSnapshot, MAX_PAGE, SnapshotPart};
use crate::repository::DispatchSnapshots;
use crate::row::Row as _;
use crate::{Error, Result};

/// Pieces read or deleted at a time: a mebibyte.
const PIECES: u32 = 16;

/// How many pieces of a snapshot are there, and how many bytes.
async fn found<S: Session>(session: &mut S, snapshot: &DispatchSnapshot) -> Result<(u64, u64)> {
    let of = |what: &str| {
        let sql = Sql::new("SELECT ", "look a snapshot's pieces up").and(what);
        let sql = sql.and(" FROM dispatch_snapshot_part WHERE seq = ").arg(&snapshot.seq);
        sql.and(" AND part < ").arg(&snapshot.parts)
    };
    let parts = count(session, of("count(*)")).await?;
    Ok((parts, count(session, of("coalesce(sum(length(bytes)), 0)")).await?))
}

/// The number of the input that the `keep`th newest snapshot is of; 0 if there are not so many.
async fn covered<S: Session>(session: &mut S, keep: u32) -> Result<u64> {
    let sql = Sql::new("SELECT seq FROM dispatch_snapshot ORDER BY seq DESC LIMIT 1 OFFSET ", "look snapshots up");
    count(session, sql.arg(&keep.saturating_sub(1))).await
}

/// Deletes snapshots from before an input.
async fn delete_snapshots<S: Session>(session: &mut S, seq: u64) -> Result<u64> {
    session.execute(Sql::new("DELETE FROM dispatch_snapshot WHERE seq < ", "delete old snapshots").arg(&seq)).await
}

/// Deletes pieces of no snapshot, a few at a time.
async fn delete_pieces<S: Session>(session: &mut S) -> Result<u64> {
    let sql = Sql::new(
        "DELETE FROM dispatch_snapshot_part WHERE (seq, part) IN (SELECT seq, part FROM dispatch_snapshot_part \
         WHERE seq NOT IN (SELECT seq FROM dispatch_snapshot) ORDER BY seq, part LIMIT ",
        "delete pieces of snapshots",
    );
    session.execute(sql.arg(&PIECES).and(")")).await
}

/// Deletes inputs up to one of them, a few at a time.
async fn delete_inputs<S: Session>(session: &mut S, seq: u64, limit: u32) -> Result<u64> {
    let first = Sql::new("SELECT coalesce(min(seq), 0) FROM dispatch_input", "read the oldest dispatch input");
    let first = count(session, first).await?;
    let last = seq.min(first.saturating_add(u64::from(limit.max(1)) - 1));
    session.execute(Sql::new("DELETE FROM dispatch_input WHERE seq <= ", "delete dispatch inputs").arg(&last)).await
}

#[async_trait]
impl<E: Engine> DispatchSnapshots for SqlStore<E> {
    async fn put_snapshot_parts(&self, fence: u64, parts: &[SnapshotPart]) -> Result<()> {
        let mut session = self.engine.brief().await?;
        hold::<E>(&mut session, fence).await?;
        for part in parts {
            // One that was abandoned may have left a piece.
            batch::replace(&mut session, part, "").await?;
        }
        session.commit().await
    }

    async fn put_snapshot(&self, fence: u64, snapshot: &DispatchSnapshot) -> Result<()> {
        let mut session = self.engine.brief().await?;
        let seq = hold::<E>(&mut session, fence).await?.seq;
        let of = snapshot.seq;
        if of == 0 || of > seq {
            return Err(Error::Invalid(format!("a snapshot of dispatch input {of}, the newest recorded one is {seq}")));
        }
        let whole = (u64::from(snapshot.parts), snapshot.bytes);
        let found = found(&mut session, snapshot).await?;
        if found != whole {
            let what = format!("the snapshot of dispatch input {of} has {found:?} pieces and bytes, not {whole:?}");
            return Err(Error::Invalid(what));
        }
        batch::replace(&mut session, snapshot, "").await?;
        session.commit().await
    }

    async fn dispatch_snapshots(&self) -> Result<Vec<DispatchSnapshot>> {
        let sql = Sql::select::<DispatchSnapshot>("read snapshots").and(" ORDER BY seq DESC LIMIT ").arg(&MAX_PAGE);
        self.engine.read().await?.fetch(sql).await
    }

    async fn snapshot_bytes(&self, snapshot: &DispatchSnapshot) -> Result<Vec<u8>> {
        // One moment: whoever prunes takes pieces away one after the other.
        let mut session = self.engine.snapshot().await?;
        let (mut bytes, mut next) = (Vec::new(), 0);
        while next < snapshot.parts {
            let end = snapshot.parts.min(next.saturating_add(PIECES));
            let sql = Sql::select::<SnapshotPart>("read a snapshot").and(" WHERE seq = ").arg(&snapshot.seq);
            let sql = sql.and(" AND part >= ").arg(&next).and(" AND part < ").arg(&end).and(" ORDER BY ");
            let parts: Vec<SnapshotPart> = session.fetch(sql.and(&SnapshotPart::table().key_list)).await?;
            parts.into_iter().for_each(|part| bytes.extend(part.bytes));
            next = end;
        }
        Ok(bytes)
    }

    async fn prune_dispatch(&self, fence: u64, keep: u32, limit: u32) -> Result<u64> {
        let mut session = self.engine.brief().await?;
        hold::<E>(&mut session, fence).await?;
        // What is kept is decided here, under the lock, and not by the caller.
        let covered = covered(&mut session, keep).await?;
        let mut gone = delete_snapshots(&mut session, covered).await?;
        gone = gone.saturating_add(delete_pieces(&mut session).await?);
        gone = gone.saturating_add(delete_inputs(&mut session, covered, bounded(limit)).await?);
        session.commit().await?;
        Ok(gone)
    }
}
