//! Reading projections.

use async_trait::async_trait;
use mira_core::Key;

use super::digest::digest;
use super::list::{Filter, list};
use super::projection_write::{flag, key_values, table};
use super::{Engine, Session, Sql, SqlStore, batch, bounded};
use crate::model::projection::projections;
use crate::model::{
    DisputeFilter, DisputeRow, EpochRow, FeeShardRow, JobFilter, JobRow, LeaseFilter, LeaseRow, NetworkRow, Page,
    PageRequest, Projection, ProjectionKey, ProjectionTable, ProviderFilter, ProviderRow, RewardsRow, Set,
    StakePositionRow, StateDigest,
};
use crate::repository::Projections;
use crate::row::{Row, Value};
use crate::{Error, Result};

/// `SELECT … WHERE shadow = 0`: the live rows of a table.
pub(super) fn live<R: Row>() -> Sql {
    Sql::select::<R>("read projections").and(" WHERE shadow = 0")
}

/// Runs a query over a table that is known only at run time.
pub(super) async fn fetch<S: Session>(session: &mut S, of: ProjectionTable, sql: Sql) -> Result<Vec<Projection>> {
    macro_rules! arms {
        ($($(#[$meta:meta])* $variant:ident($row:ident) by ($($key:ident),+),)*) => {
            match of {
                $(ProjectionTable::$variant => {
                    Ok(session.fetch::<$row>(sql).await?.into_iter().map(Projection::from).collect())
                })*
            }
        };
    }
    projections!(arms)
}

/// A page of a table in key order.
pub(super) async fn scan<S: Session>(
    session: &mut S,
    set: Set,
    of: ProjectionTable,
    after: Option<ProjectionKey>,
    limit: u32,
) -> Result<Vec<Projection>> {
    let table = table(of);
    let mut sql = Sql::new(&table.select(), "scan a projection").and(" WHERE shadow = ").arg(&flag(set));
    if let Some(after) = after {
        if after.table() != of {
            return Err(Error::Invalid(format!("the key is of table {}, not {}", after.table().name(), of.name())));
        }
        sql = sql.and(" AND (").and(&table.key_list).and(") > (").values(key_values(&after)).and(")");
    }
    let sql = sql.and(" ORDER BY ").and(&table.key_list).and(" LIMIT ").arg(&bounded(limit));
    fetch(session, of, sql).await
}

#[async_trait]
impl<E: Engine> Projections for SqlStore<E> {
    async fn load(&self, set: Set, keys: &[ProjectionKey]) -> Result<Vec<Projection>> {
        let mut session = self.engine.read().await?;
        let mut rows = Vec::new();
        for of in ProjectionTable::ALL {
            let keys: Vec<_> = keys.iter().filter(|key| key.table() == *of).map(key_values).collect();
            let table = table(*of);
            for keys in batch::padded(&keys) {
                let sql = Sql::new(&table.select(), "load projections").and(" WHERE shadow = ").arg(&flag(set));
                let sql = sql.and(" AND (").and(&table.key_list).and(") IN (").tuples(keys).and(")");
                rows.append(&mut fetch(&mut session, *of, sql).await?);
            }
        }
        Ok(rows)
    }

    async fn scan(
        &self,
        set: Set,
        table: ProjectionTable,
        after: Option<ProjectionKey>,
        limit: u32,
    ) -> Result<Vec<Projection>> {
        scan(&mut self.engine.read().await?, set, table, after, limit).await
    }

    async fn state_digest(&self, set: Set, stream: &str) -> Result<StateDigest> {
        digest(&mut self.engine.snapshot().await?, set, stream).await
    }

    async fn network(&self) -> Result<Option<NetworkRow>> {
        self.engine.read().await?.fetch_one(live::<NetworkRow>().and(" LIMIT 1")).await
    }

    async fn rewards(&self) -> Result<Option<RewardsRow>> {
        self.engine.read().await?.fetch_one(live::<RewardsRow>().and(" LIMIT 1")).await
    }

    async fn fee_shards(&self) -> Result<Vec<FeeShardRow>> {
        self.engine.read().await?.fetch(live::<FeeShardRow>().and(" ORDER BY shard")).await
    }

    async fn provider(&self, provider: &Key) -> Result<Option<ProviderRow>> {
        self.engine.read().await?.fetch_one(live::<ProviderRow>().and(" AND provider = ").arg(provider)).await
    }

    async fn providers(&self, filter: &ProviderFilter, page: PageRequest) -> Result<Page<ProviderRow>> {
        let filter = Filter::default()
            .equal("status", &filter.status)
            .equal("region", &filter.region)
            .equal("resource_class", &filter.resource_class)
            .equal("owner", &filter.owner)
            .equal("operator", &filter.operator);
        list(&mut self.engine.read().await?, filter, page).await
    }

    async fn stake_position(&self, provider: &Key, staker: &Key) -> Result<Option<StakePositionRow>> {
        let sql = live::<StakePositionRow>().and(" AND provider = ").arg(provider).and(" AND staker = ").arg(staker);
        self.engine.read().await?.fetch_one(sql).await
    }

    async fn stake_positions(&self, provider: &Key, after: Option<Key>, limit: u32) -> Result<Page<StakePositionRow>> {
        let limit = bounded(limit);
        let mut sql = live::<StakePositionRow>().and(" AND provider = ").arg(provider);
        if let Some(after) = after {
            sql = sql.and(" AND staker > ").arg(&after);
        }
        let sql = sql.and(" ORDER BY staker LIMIT ").values(vec![Value::Int(i64::from(limit) + 1)]);
        Ok(super::list::page(self.engine.read().await?.fetch(sql).await?, limit))
    }

    async fn job(&self, job: &Key) -> Result<Option<JobRow>> {
        self.engine.read().await?.fetch_one(live::<JobRow>().and(" AND job = ").arg(job)).await
    }

    async fn jobs(&self, filter: &JobFilter, page: PageRequest) -> Result<Page<JobRow>> {
        let filter = Filter::default()
            .equal("requester", &filter.requester)
            .equal("dispatcher", &filter.dispatcher)
            .equal("status", &filter.status)
            .equal("tier", &filter.tier);
        list(&mut self.engine.read().await?, filter, page).await
    }

    async fn lease(&self, lease: &Key) -> Result<Option<LeaseRow>> {
        self.engine.read().await?.fetch_one(live::<LeaseRow>().and(" AND lease = ").arg(lease)).await
    }

    async fn leases(&self, filter: &LeaseFilter, page: PageRequest) -> Result<Page<LeaseRow>> {
        let filter = Filter::default()
            .equal("job", &filter.job)
            .equal("provider", &filter.provider)
            .equal("released", &filter.released)
            .equal("ended", &filter.ended);
        list(&mut self.engine.read().await?, filter, page).await
    }

    async fn dispute(&self, dispute: &Key) -> Result<Option<DisputeRow>> {
        self.engine.read().await?.fetch_one(live::<DisputeRow>().and(" AND dispute = ").arg(dispute)).await
    }

    async fn disputes(&self, filter: &DisputeFilter, page: PageRequest) -> Result<Page<DisputeRow>> {
        let filter = Filter::default()
            .equal("lease", &filter.lease)
            .equal("provider", &filter.provider)
            .equal("challenger", &filter.challenger)
            .equal("status", &filter.status);
        list(&mut self.engine.read().await?, filter, page).await
    }

    async fn epoch(&self, number: u64) -> Result<Option<EpochRow>> {
        self.engine.read().await?.fetch_one(live::<EpochRow>().and(" AND number = ").arg(&number)).await
    }

    async fn epochs(&self, before: Option<u64>, limit: u32) -> Result<Page<EpochRow>> {
        let limit = bounded(limit);
        let mut sql = live::<EpochRow>();
        if let Some(before) = before {
            sql = sql.and(" AND number < ").arg(&before);
        }
        let sql = sql.and(" ORDER BY number DESC LIMIT ").values(vec![Value::Int(i64::from(limit) + 1)]);
        Ok(super::list::page(self.engine.read().await?.fetch(sql).await?, limit))
    }
}
