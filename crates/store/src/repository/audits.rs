//! Audits of results.

use async_trait::async_trait;
use mira_core::Key;

use crate::Result;
use crate::model::{AuditCount, AuditFilter, AuditRow, AuditRun, Page};

/// Sampled results, and what others got for the same.
#[async_trait]
pub trait Audits {
    /// Notes a sampled result; `false` if this shard was sampled before, and then nothing is changed.
    async fn put_audit(&self, audit: AuditRow) -> Result<bool>;

    /// Moves an audit on, together with the run that moved it.
    ///
    /// # Errors
    /// `Invalid` if there is no such audit, if it is decided, or if the run is of another one; `Conflict` if
    /// that run is there already. Nothing is written then.
    async fn move_audit(&self, audit: AuditRow, run: Option<AuditRun>) -> Result<()>;

    /// One audit.
    async fn audit(&self, job: &Key, shard: u32) -> Result<Option<AuditRow>>;

    /// Audits by job and shard after one.
    async fn audits(&self, filter: &AuditFilter, after: Option<(Key, u32)>, limit: u32) -> Result<Page<AuditRow>>;

    /// The runs of one audit, in order.
    async fn audit_runs(&self, job: &Key, shard: u32) -> Result<Vec<AuditRun>>;

    /// The runs that these audit jobs were for, in any order.
    async fn audit_runs_by(&self, audit_jobs: &[Key]) -> Result<Vec<AuditRun>>;

    /// The audits that speak for or against one of these leases, in any order: the audited result was computed
    /// under it, or the one that is wrong was. An audit of two of them may be given twice.
    async fn audits_among(&self, leases: &[Key]) -> Result<Vec<AuditRow>>;

    /// What the audits that were decided in `from_ms ≤ time < until_ms` said, by provider.
    async fn audit_counts(&self, from_ms: i64, until_ms: i64) -> Result<Vec<AuditCount>>;
}
