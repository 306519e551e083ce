//! The dispatch log.

use async_trait::async_trait;

use super::lookup::{count, find};
use super::{Commit as _, Engine, Session, Sql, SqlStore, batch, bounded};
use crate::model::{DispatchCommit, DispatchInput, DispatchRecord};
use crate::repository::DispatchLog;
use crate::{Error, Result};

async fn last_seq<S: Session>(session: &mut S) -> Result<u64> {
    let sql = Sql::new("SELECT coalesce(max(seq), 0) FROM dispatch_input", "read the newest dispatch input");
    count(session, sql).await
}

#[async_trait]
impl<E: Engine> DispatchLog for SqlStore<E> {
    async fn append_dispatch(&self, commit: DispatchCommit) -> Result<()> {
        let mut session = self.engine.write().await?;
        let last = last_seq(&mut session).await?;
        let mut expected = last;
        for input in &commit.inputs {
            expected += 1;
            if input.seq != expected {
                let found = input.seq;
                return Err(Error::Invalid(format!("dispatch input {found} does not follow, expected {expected}")));
            }
        }
        batch::insert_new(&mut session, &commit.inputs).await?;
        batch::insert_new(&mut session, &commit.records).await?;
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
