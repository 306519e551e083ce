//! Audits of results.

use std::collections::BTreeMap;

use async_trait::async_trait;
use mira_core::Key;

use super::list::{Filter, page};
use super::lookup::find_all;
use super::{Commit as _, Engine, Session, Sql, SqlStore, batch, bounded};
use crate::model::{AuditCount, AuditFilter, AuditRow, AuditRun, AuditState, Page};
use crate::repository::Audits;
use crate::row::{Value, row};
use crate::{Error, Result};

row! {
    /// How often a provider is named.
    struct Named in "(count)" keyed 1 {
        provider: Key,
        n: u64,
    }
}

async fn find<S: Session>(session: &mut S, job: &Key, shard: u32) -> Result<Option<AuditRow>> {
    let sql = Sql::select::<AuditRow>("look an audit up").and(" WHERE job = ").arg(job);
    session.fetch_one(sql.and(" AND shard = ").arg(&shard)).await
}

/// Ends a query over the audits of a time.
fn decided(sql: Sql, from_ms: i64, until_ms: i64) -> Sql {
    sql.and(" AND decided_ms >= ").arg(&from_ms).and(" AND decided_ms < ").arg(&until_ms)
}

#[async_trait]
impl<E: Engine> Audits for SqlStore<E> {
    async fn put_audit(&self, audit: AuditRow) -> Result<bool> {
        let mut session = self.engine.write().await?;
        let new = batch::insert_once(&mut session, &audit).await?;
        session.commit().await?;
        Ok(new)
    }

    async fn move_audit(&self, audit: AuditRow, run: Option<AuditRun>) -> Result<()> {
        let (job, shard) = (audit.job, audit.shard);
        if run.as_ref().is_some_and(|run| (run.job, run.shard) != (job, shard)) {
            return Err(Error::Invalid("a run of another audit".to_owned()));
        }
        let mut session = self.engine.write().await?;
        match find(&mut session, &job, shard).await? {
            None => return Err(Error::Invalid("an audit that was not sampled".to_owned())),
            Some(before) if before.state.is_decided() => {
                let message = "the audit is decided: another auditor works on the same database, stop one";
                return Err(Error::Invalid(message.to_owned()));
            }
            Some(_) => {}
        }
        batch::replace(&mut session, &audit, "").await?;
        if let Some(run) = run {
            batch::insert_new(&mut session, &[run]).await?;
        }
        session.commit().await
    }

    async fn audit(&self, job: &Key, shard: u32) -> Result<Option<AuditRow>> {
        find(&mut self.engine.read().await?, job, shard).await
    }

    async fn audits(&self, filter: &AuditFilter, after: Option<(Key, u32)>, limit: u32) -> Result<Page<AuditRow>> {
        let limit = bounded(limit);
        let equal = Filter::default().equal("job", &filter.job).equal("lease", &filter.lease);
        let equal = equal.equal("provider", &filter.provider).equal("wrong_provider", &filter.wrong_provider);
        let mut sql =
            equal.equal("state", &filter.state).apply(Sql::select::<AuditRow>("read audits").and(" WHERE 1 = 1"));
        if let Some(since_ms) = filter.decided_since_ms {
            sql = sql.and(" AND decided_ms >= ").arg(&since_ms);
        }
        if let Some((job, shard)) = after {
            sql = sql.and(" AND (job, shard) > (").arg(&job).and(", ").arg(&shard).and(")");
        }
        let sql = sql.and(" ORDER BY job, shard LIMIT ").values(vec![Value::Int(i64::from(limit) + 1)]);
        Ok(page(self.engine.read().await?.fetch(sql).await?, limit))
    }

    async fn audit_runs(&self, job: &Key, shard: u32) -> Result<Vec<AuditRun>> {
        let sql = Sql::select::<AuditRun>("read an audit's runs").and(" WHERE job = ").arg(job);
        self.engine.read().await?.fetch(sql.and(" AND shard = ").arg(&shard).and(" ORDER BY run")).await
    }

    async fn audit_runs_by(&self, audit_jobs: &[Key]) -> Result<Vec<AuditRun>> {
        find_all(&mut self.engine.read().await?, "audit_job", audit_jobs).await
    }

    async fn audits_among(&self, leases: &[Key]) -> Result<Vec<AuditRow>> {
        let mut session = self.engine.read().await?;
        let mut found = find_all(&mut session, "lease", leases).await?;
        found.append(&mut find_all(&mut session, "wrong_lease", leases).await?);
        Ok(found)
    }

    async fn audit_counts(&self, from_ms: i64, until_ms: i64) -> Result<Vec<AuditCount>> {
        let mut session = self.engine.read().await?;
        let sql = Sql::new("SELECT provider, COUNT(*) FROM audit WHERE state IN (", "count audits that passed");
        let sql = sql.arg(&AuditState::Passed).and(", ").arg(&AuditState::Cleared).and(")");
        let passed: Vec<Named> = session.fetch(decided(sql, from_ms, until_ms).and(" GROUP BY provider")).await?;
        let sql = "SELECT wrong_provider, COUNT(*) FROM audit WHERE wrong_provider IS NOT NULL";
        let sql = decided(Sql::new(sql, "count audits that failed"), from_ms, until_ms);
        let failed: Vec<Named> = session.fetch(sql.and(" GROUP BY wrong_provider")).await?;
        let mut counts: BTreeMap<Key, AuditCount> = BTreeMap::new();
        let named = passed.iter().map(|named| (named, false)).chain(failed.iter().map(|named| (named, true)));
        for (named, wrong) in named {
            let new = AuditCount { provider: named.provider, passed: 0, failed: 0 };
            let count = counts.entry(named.provider).or_insert(new);
            *(if wrong { &mut count.failed } else { &mut count.passed }) = named.n;
        }
        Ok(counts.into_values().collect())
    }
}
