//! All rows of the index.

use mira_store::model::{
    DisputeRow, EpochRow, FeeShardRow, JobRow, LeaseRow, NetworkRow, Projection, ProjectionTable, ProviderRow,
    RewardsRow, Set, StakePositionRow,
};
use mira_store::{Result, Store};

const PAGE: u32 = 2_000;

/// The rows of every projection, each table in key order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// The network, once it exists.
    pub network: Option<NetworkRow>,
    /// All providers.
    pub providers: Vec<ProviderRow>,
    /// All positions, empty ones too.
    pub positions: Vec<StakePositionRow>,
    /// All jobs, closed ones too.
    pub jobs: Vec<JobRow>,
    /// All leases, ended ones too.
    pub leases: Vec<LeaseRow>,
    /// All fee shards.
    pub shards: Vec<FeeShardRow>,
    /// The books of the reward vault and the treasury, once anything happened there.
    pub rewards: Option<RewardsRow>,
    /// All disputes, resolved ones too.
    pub disputes: Vec<DisputeRow>,
    /// All reward epochs.
    pub epochs: Vec<EpochRow>,
}

impl Books {
    /// Reads everything, page by page; rows may change between two pages.
    ///
    /// # Errors
    /// The store's.
    pub async fn load(store: &dyn Store) -> Result<Self> {
        let mut books = Self::default();
        for &table in ProjectionTable::ALL {
            let mut after = None;
            loop {
                let page = store.scan(Set::Live, table, after, PAGE).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.key());
                books.extend(page);
            }
        }
        Ok(books)
    }

    /// Adds rows.
    pub fn extend(&mut self, rows: impl IntoIterator<Item = Projection>) {
        for row in rows {
            match row {
                Projection::Network(row) => self.network = Some(row),
                Projection::Provider(row) => self.providers.push(row),
                Projection::StakePosition(row) => self.positions.push(row),
                Projection::Job(row) => self.jobs.push(row),
                Projection::Lease(row) => self.leases.push(row),
                Projection::FeeShard(row) => self.shards.push(row),
                Projection::Rewards(row) => self.rewards = Some(row),
                Projection::Dispute(row) => self.disputes.push(row),
                Projection::Epoch(row) => self.epochs.push(row),
            }
        }
    }
}
