//! The shadow set and its swap.

use async_trait::async_trait;

use super::digest::digest;
use super::projection_write::{self, flag};
use super::{Commit as _, Engine, Session as _, Sql, SqlStore, batch, fence, lookup};
use crate::model::{Projection, ProjectionMeta, ProjectionTable, Set, Swap, SwapReport};
use crate::repository::Rebuild;
use crate::{Error, Result};

/// Deletes a set's rows.
pub(super) async fn clear<E: Engine>(session: &mut E::Write, set: Set) -> Result<()> {
    for table in ProjectionTable::ALL {
        let sql = Sql::new("DELETE FROM ", "clear projections").and(table.name()).and(" WHERE shadow = ");
        session.execute(sql.arg(&flag(set))).await?;
    }
    Ok(())
}

/// Puts the shadow set in the live one's place and notes what made it.
pub(super) async fn put_live<E: Engine>(session: &mut E::Write, meta: &ProjectionMeta) -> Result<()> {
    clear::<E>(session, Set::Live).await?;
    for table in ProjectionTable::ALL {
        let sql = Sql::new("UPDATE ", "swap projections").and(table.name()).and(" SET shadow = 0 WHERE shadow = ");
        session.execute(sql.arg(&flag(Set::Shadow))).await?;
    }
    batch::replace(session, meta, "").await.map(|_| ())
}

#[async_trait]
impl<E: Engine> Rebuild for SqlStore<E> {
    async fn clear_shadow(&self) -> Result<()> {
        let mut session = self.engine.write().await?;
        clear::<E>(&mut session, Set::Shadow).await?;
        session.commit().await
    }

    async fn write_shadow(&self, rows: &[Projection]) -> Result<()> {
        let mut session = self.engine.write().await?;
        projection_write::write(&self.engine, &mut session, Set::Shadow, rows).await?;
        session.commit().await
    }

    async fn swap_shadow(&self, swap: Swap) -> Result<SwapReport> {
        let mut session = self.engine.write().await?;
        let cursor = fence::hold::<E>(&mut session, &swap.claim).await?;
        let Some(slot) = cursor.slot else {
            return Err(Error::Invalid("nothing was indexed yet, so there is nothing to rebuild".into()));
        };
        let before = digest(&mut session, Set::Live, &cursor.stream).await?;
        let after = digest(&mut session, Set::Shadow, &cursor.stream).await?;
        let meta = ProjectionMeta {
            name: cursor.stream,
            code_version: swap.code_version,
            cursor: slot,
            state_hash: after.hash,
        };
        put_live::<E>(&mut session, &meta).await?;
        session.commit().await?;
        Ok(SwapReport { before: before.hash, after: after.hash, rows: after.rows })
    }

    async fn projection_meta(&self, name: &str) -> Result<Option<ProjectionMeta>> {
        lookup::find(&mut self.engine.read().await?, "name", &name.to_owned()).await
    }
}
