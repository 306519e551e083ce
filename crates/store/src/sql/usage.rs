//! Usage reports.

use async_trait::async_trait;
use mira_core::Key;

use super::lookup::one_of;
use super::{Commit as _, Engine, Session as _, Sql, SqlStore, batch, bounded};
use crate::Result;
use crate::model::{Put, QuarantineSum, QuarantinedUsage, UsageReport};
use crate::repository::UsageBook;

/// Columns in the order of [`QuarantineSum`], up to the leases.
const SUMS: &str = "SELECT lease, reason, taken, count(*), max(cumulative_units), min(received_ms) FROM ( \
     SELECT q.lease, q.reason, q.cumulative_units, q.received_ms, CAST(CASE WHEN q.seq <= coalesce( \
     (SELECT max(n.seq) FROM usage_report n WHERE n.lease = q.lease), 0) THEN 1 ELSE 0 END AS BIGINT) AS taken \
     FROM usage_quarantine q WHERE q.lease IN (";
/// What follows them.
const SUMS_BY: &str = ") AND NOT EXISTS (SELECT 1 FROM usage_report u WHERE (u.lease, u.seq, u.cumulative_units, \
     u.items, u.outputs_hash, u.signer) = (q.lease, q.seq, q.cumulative_units, q.items, q.outputs_hash, q.signer)) \
     ) AS aside GROUP BY lease, reason, taken ORDER BY lease, reason, taken";

#[async_trait]
impl<E: Engine> UsageBook for SqlStore<E> {
    async fn put_usage(&self, report: UsageReport) -> Result<Put> {
        let mut session = self.engine.write().await?;
        if batch::insert_once(&mut session, &report).await? {
            session.commit().await?;
            return Ok(Put::Stored);
        }
        let sql = Sql::select::<UsageReport>("compare usage").and(" WHERE lease = ").arg(&report.lease);
        let stored = session.fetch_one::<UsageReport>(sql.and(" AND seq = ").arg(&report.seq)).await?;
        // The same statement may come again with another time or, from another signer's library,
        // another valid signature.
        let same = |stored: UsageReport| {
            UsageReport { received_ms: report.received_ms, signature: report.signature, ..stored } == report
        };
        Ok(if stored.is_some_and(same) { Put::Duplicate } else { Put::Conflict })
    }

    async fn usage(&self, lease: &Key, after_seq: u64, limit: u32) -> Result<Vec<UsageReport>> {
        let sql = Sql::select::<UsageReport>("read usage").and(" WHERE lease = ").arg(lease);
        let sql = sql.and(" AND seq > ").arg(&after_seq).and(" ORDER BY seq LIMIT ").arg(&bounded(limit));
        self.engine.read().await?.fetch(sql).await
    }

    async fn newest_usage(&self, leases: &[Key]) -> Result<Vec<UsageReport>> {
        let mut session = self.engine.read().await?;
        let mut reports = Vec::new();
        for leases in batch::padded(leases) {
            let sql = Sql::select::<UsageReport>("read the newest usage")
                .and(" WHERE (lease, seq) IN (SELECT lease, max(seq) FROM usage_report WHERE lease IN (");
            let sql = one_of(sql, &leases).and(") GROUP BY lease)");
            reports.append(&mut session.fetch(sql).await?);
        }
        Ok(reports)
    }

    async fn quarantine_usage(&self, report: QuarantinedUsage) -> Result<Put> {
        let mut session = self.engine.write().await?;
        let stored = batch::insert_once(&mut session, &report).await?;
        session.commit().await?;
        Ok(if stored { Put::Stored } else { Put::Duplicate })
    }

    async fn quarantined_usage(&self, lease: &Key, limit: u32) -> Result<Vec<QuarantinedUsage>> {
        let sql = Sql::select::<QuarantinedUsage>("read quarantined usage").and(" WHERE lease = ").arg(lease);
        let sql = sql.and(" ORDER BY seq, signature LIMIT ").arg(&bounded(limit));
        self.engine.read().await?.fetch(sql).await
    }

    async fn quarantine_sums(&self, leases: &[Key]) -> Result<Vec<QuarantineSum>> {
        let mut session = self.engine.read().await?;
        let mut sums = Vec::new();
        for leases in batch::padded(leases) {
            let sql = one_of(Sql::new(SUMS, "sum up quarantined usage"), &leases).and(SUMS_BY);
            sums.append(&mut session.fetch(sql).await?);
        }
        Ok(sums)
    }
}
