//! The state as folded: reads only. `Ledger::commit_slot` writes it.

use async_trait::async_trait;
use mira_core::Key;

use crate::Result;
use crate::model::{
    DisputeFilter, DisputeRow, EpochRow, FeeShardRow, JobFilter, JobRow, LeaseFilter, LeaseRow, NetworkRow, Page,
    PageRequest, Projection, ProjectionKey, ProjectionTable, ProviderFilter, ProviderRow, RewardsRow, Set,
    StakePositionRow, StateDigest,
};

/// The projections.
#[async_trait]
pub trait Projections {
    /// The rows that exist among these keys, in any order.
    async fn load(&self, set: Set, keys: &[ProjectionKey]) -> Result<Vec<Projection>>;

    /// A table's rows after a key, in key order.
    ///
    /// # Errors
    /// `Invalid` if `after` is the key of another table.
    async fn scan(
        &self,
        set: Set,
        table: ProjectionTable,
        after: Option<ProjectionKey>,
        limit: u32,
    ) -> Result<Vec<Projection>>;

    /// The hash of all rows of a set with the cursor of `stream`, in one snapshot.
    async fn state_digest(&self, set: Set, stream: &str) -> Result<StateDigest>;

    /// The network, once initialized.
    async fn network(&self) -> Result<Option<NetworkRow>>;

    /// The reward vault's books, once initialized.
    async fn rewards(&self) -> Result<Option<RewardsRow>>;

    /// All fee shards.
    async fn fee_shards(&self) -> Result<Vec<FeeShardRow>>;

    /// One provider.
    async fn provider(&self, provider: &Key) -> Result<Option<ProviderRow>>;

    /// A list of providers.
    async fn providers(&self, filter: &ProviderFilter, page: PageRequest) -> Result<Page<ProviderRow>>;

    /// One position.
    async fn stake_position(&self, provider: &Key, staker: &Key) -> Result<Option<StakePositionRow>>;

    /// A provider's positions after a staker, by staker.
    async fn stake_positions(&self, provider: &Key, after: Option<Key>, limit: u32) -> Result<Page<StakePositionRow>>;

    /// One job.
    async fn job(&self, job: &Key) -> Result<Option<JobRow>>;

    /// A list of jobs.
    async fn jobs(&self, filter: &JobFilter, page: PageRequest) -> Result<Page<JobRow>>;

    /// One lease.
    async fn lease(&self, lease: &Key) -> Result<Option<LeaseRow>>;

    /// A list of leases.
    async fn leases(&self, filter: &LeaseFilter, page: PageRequest) -> Result<Page<LeaseRow>>;

    /// One dispute.
    async fn dispute(&self, dispute: &Key) -> Result<Option<DisputeRow>>;

    /// A list of disputes.
    async fn disputes(&self, filter: &DisputeFilter, page: PageRequest) -> Result<Page<DisputeRow>>;

    /// One reward epoch.
    async fn epoch(&self, number: u64) -> Result<Option<EpochRow>>;

    /// Reward epochs before a number, newest first.
    async fn epochs(&self, before: Option<u64>, limit: u32) -> Result<Page<EpochRow>>;
}
