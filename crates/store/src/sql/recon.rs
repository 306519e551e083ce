//! Reconciliation runs.

use async_trait::async_trait;
use mira_core::Key;

use super::list::page;
use super::lookup::one_of;
use super::{Commit as _, Engine, Session, Sql, SqlStore, batch, bounded};
use crate::model::{Page, ReconClass, ReconItem, ReconRun};
use crate::repository::Reconciliations;
use crate::row::Value;
use crate::{Error, Result};

async fn last<S: Session>(session: &mut S) -> Result<Option<ReconRun>> {
    session.fetch_one(Sql::select::<ReconRun>("read the newest run").and(" ORDER BY run DESC LIMIT 1")).await
}

/// The limit with the row that shows that there are more.
fn one_more(sql: Sql, limit: u32) -> Sql {
    sql.and(" LIMIT ").values(vec![Value::Int(i64::from(limit) + 1)])
}

#[async_trait]
impl<E: Engine> Reconciliations for SqlStore<E> {
    async fn put_recon(&self, run: ReconRun, items: Vec<ReconItem>) -> Result<()> {
        if items.iter().any(|item| item.run != run.run) {
            return Err(Error::Invalid(format!("an item of another run than {}", run.run)));
        }
        let mut session = self.engine.write().await?;
        let expected = last(&mut session).await?.map_or(0, |last| last.run).saturating_add(1);
        if run.run != expected {
            let found = run.run;
            return Err(Error::Invalid(format!(
                "run {found} does not follow, expected {expected}: another reconciliation ran meanwhile, run it again"
            )));
        }
        batch::insert_new(&mut session, &[run]).await?;
        batch::insert_new(&mut session, &items).await?;
        session.commit().await
    }

    async fn last_recon(&self) -> Result<Option<ReconRun>> {
        last(&mut self.engine.read().await?).await
    }

    async fn recon_runs(&self, before: Option<u64>, limit: u32) -> Result<Page<ReconRun>> {
        let limit = bounded(limit);
        let mut sql = Sql::select::<ReconRun>("read runs");
        if let Some(before) = before {
            sql = sql.and(" WHERE run < ").arg(&before);
        }
        let sql = one_more(sql.and(" ORDER BY run DESC"), limit);
        Ok(page(self.engine.read().await?.fetch(sql).await?, limit))
    }

    async fn recon_items(
        &self,
        run: u64,
        class: Option<ReconClass>,
        after: Option<(Key, ReconClass)>,
        limit: u32,
    ) -> Result<Page<ReconItem>> {
        let limit = bounded(limit);
        let mut sql = Sql::select::<ReconItem>("read a run's items").and(" WHERE run = ").arg(&run);
        if let Some(class) = class {
            sql = sql.and(" AND class = ").arg(&class);
        }
        if let Some((lease, class)) = after {
            sql = sql.and(" AND (lease, class) > (").arg(&lease).and(", ").arg(&class).and(")");
        }
        let sql = one_more(sql.and(" ORDER BY lease, class"), limit);
        Ok(page(self.engine.read().await?.fetch(sql).await?, limit))
    }

    async fn recon_items_among(&self, run: u64, leases: &[Key]) -> Result<Vec<ReconItem>> {
        let mut session = self.engine.read().await?;
        let mut items = Vec::new();
        for leases in batch::padded(leases) {
            let sql = Sql::select::<ReconItem>("read leases' items").and(" WHERE run = ").arg(&run);
            items.append(&mut session.fetch(one_of(sql.and(" AND lease IN ("), &leases).and(")")).await?);
        }
        Ok(items)
    }

    async fn recon_items_of(&self, lease: &Key, limit: u32) -> Result<Vec<ReconItem>> {
        let sql = Sql::select::<ReconItem>("read a lease's items").and(" WHERE lease = ").arg(lease);
        let sql = sql.and(" ORDER BY run DESC, class LIMIT ").arg(&bounded(limit));
        self.engine.read().await?.fetch(sql).await
    }

    async fn forget_recon(&self, before: u64) -> Result<u64> {
        let mut session = self.engine.write().await?;
        let newest = last(&mut session).await?.map_or(0, |last| last.run);
        let before = before.min(newest);
        session.execute(Sql::new("DELETE FROM recon_item WHERE run < ", "forget items").arg(&before)).await?;
        let runs = session.execute(Sql::new("DELETE FROM recon_run WHERE run < ", "forget runs").arg(&before)).await?;
        session.commit().await?;
        Ok(runs)
    }
}
