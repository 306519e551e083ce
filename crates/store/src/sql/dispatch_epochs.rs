//! Dispatch epochs and blocks of route records.

use async_trait::async_trait;

use super::list::page;
use super::lookup::find;
use super::{Engine, Session, Sql, SqlStore, bounded};
use crate::Result;
use crate::model::{DispatchEpoch, Page, RouteBlock};
use crate::repository::DispatchEpochs;
use crate::row::Value;

#[async_trait]
impl<E: Engine> DispatchEpochs for SqlStore<E> {
    async fn dispatch_epoch(&self, number: u64) -> Result<Option<DispatchEpoch>> {
        find(&mut self.engine.read().await?, "number", &number).await
    }

    async fn dispatch_epochs(&self, before: Option<u64>, limit: u32) -> Result<Page<DispatchEpoch>> {
        let limit = bounded(limit);
        let mut sql = Sql::select::<DispatchEpoch>("read dispatch epochs");
        if let Some(before) = before {
            sql = sql.and(" WHERE number < ").arg(&before);
        }
        let sql = sql.and(" ORDER BY number DESC LIMIT ").values(vec![Value::Int(i64::from(limit) + 1)]);
        Ok(page(self.engine.read().await?.fetch(sql).await?, limit))
    }

    async fn dispatch_epoch_of(&self, input_seq: u64) -> Result<Option<DispatchEpoch>> {
        let sql = Sql::select::<DispatchEpoch>("look an input's epoch up").and(" WHERE last_seq >= ").arg(&input_seq);
        let sql = sql.and(" ORDER BY last_seq LIMIT 1");
        let found: Option<DispatchEpoch> = self.engine.read().await?.fetch_one(sql).await?;
        Ok(found.filter(|epoch| epoch.first_seq <= input_seq))
    }

    async fn dispatch_epoch_of_route(&self, number: u64) -> Result<Option<DispatchEpoch>> {
        let sql = Sql::select::<DispatchEpoch>("look a route's epoch up").and(" WHERE first_route <= ").arg(&number);
        // Of those that begin with the same record only the last can have it.
        let sql = sql.and(" ORDER BY first_route DESC, number DESC LIMIT 1");
        let found: Option<DispatchEpoch> = self.engine.read().await?.fetch_one(sql).await?;
        Ok(found.filter(|epoch| number - epoch.first_route < epoch.routes))
    }

    async fn route_block(&self, number: u64) -> Result<Option<RouteBlock>> {
        let sql = Sql::select::<RouteBlock>("look a route record up").and(" WHERE first <= ").arg(&number);
        let sql = sql.and(" ORDER BY first DESC LIMIT 1");
        let found: Option<RouteBlock> = self.engine.read().await?.fetch_one(sql).await?;
        Ok(found.filter(|block| number - block.first < u64::from(block.records)))
    }

    async fn next_route(&self) -> Result<u64> {
        let sql = Sql::select::<RouteBlock>("look the newest route record up").and(" ORDER BY first DESC LIMIT 1");
        let newest: Option<RouteBlock> = self.engine.read().await?.fetch_one(sql).await?;
        Ok(newest.map_or(0, |block| block.first.saturating_add(u64::from(block.records))))
    }
}
