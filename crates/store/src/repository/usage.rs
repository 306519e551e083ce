//! Usage reports: the providers' book.

use async_trait::async_trait;
use mira_core::Key;

use crate::Result;
use crate::model::{Put, QuarantineSum, QuarantinedUsage, UsageReport};

/// Signed usage, counted or set aside.
#[async_trait]
pub trait UsageBook {
    /// Stores a report. `Duplicate` if the very report is there (whenever it came), `Conflict` if
    /// another one has its lease and number.
    async fn put_usage(&self, report: UsageReport) -> Result<Put>;

    /// A lease's reports after a number, ascending.
    async fn usage(&self, lease: &Key, after_seq: u64, limit: u32) -> Result<Vec<UsageReport>>;

    /// The newest report of each of these leases that has one.
    async fn newest_usage(&self, leases: &[Key]) -> Result<Vec<UsageReport>>;

    /// Sets a report aside as evidence. `Duplicate` if it was.
    async fn quarantine_usage(&self, report: QuarantinedUsage) -> Result<Put>;

    /// A lease's reports that were set aside.
    async fn quarantined_usage(&self, lease: &Key, limit: u32) -> Result<Vec<QuarantinedUsage>>;

    /// What was set aside of these leases, summed up by reason, without the reports that count by now:
    /// one that came before its turn and again when it was due is no evidence of anything.
    async fn quarantine_sums(&self, leases: &[Key]) -> Result<Vec<QuarantineSum>>;
}
