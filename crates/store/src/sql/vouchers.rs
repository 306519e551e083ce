//! Vouchers.

use async_trait::async_trait;
use mira_core::Key;

use super::{Commit as _, Engine, Session as _, Sql, SqlStore, batch, bounded, lookup};
use crate::model::{PutVoucher, Voucher};
use crate::repository::VoucherBook;
use crate::row::Row as _;
use crate::{Error, Result};

#[async_trait]
impl<E: Engine> VoucherBook for SqlStore<E> {
    async fn put_voucher(&self, voucher: Voucher) -> Result<PutVoucher> {
        let mut session = self.engine.write().await?;
        let larger = " WHERE voucher.cumulative_amount < excluded.cumulative_amount";
        if batch::replace(&mut session, &voucher, larger).await? {
            let columns = &Voucher::table().list;
            batch::insert(&mut session, "voucher_history", columns, vec![voucher.values()], "").await?;
            session.commit().await?;
            return Ok(PutVoucher::Stored);
        }
        let newest: Option<Voucher> = lookup::find(&mut session, "lease", &voucher.lease).await?;
        let newest = newest.ok_or_else(|| Error::Invalid("the voucher was not written".into()))?;
        let worth = |voucher: &Voucher| (voucher.cumulative_amount, voucher.cumulative_units, voucher.signer);
        Ok(if worth(&newest) == worth(&voucher) { PutVoucher::Duplicate } else { PutVoucher::Stale { newest } })
    }

    async fn voucher(&self, lease: &Key) -> Result<Option<Voucher>> {
        lookup::find(&mut self.engine.read().await?, "lease", lease).await
    }

    async fn vouchers(&self, leases: &[Key]) -> Result<Vec<Voucher>> {
        lookup::find_all(&mut self.engine.read().await?, "lease", leases).await
    }

    async fn vouchers_of_provider(&self, provider: &Key, after: Option<Key>, limit: u32) -> Result<Vec<Voucher>> {
        let mut sql = Sql::select::<Voucher>("read a provider's vouchers")
            .and(" WHERE lease IN (SELECT lease FROM lease WHERE shadow = 0 AND released = 0 AND provider = ")
            .arg(provider)
            .and(")");
        if let Some(after) = after {
            sql = sql.and(" AND lease > ").arg(&after);
        }
        self.engine.read().await?.fetch(sql.and(" ORDER BY lease LIMIT ").arg(&bounded(limit))).await
    }

    async fn voucher_history(&self, lease: &Key, limit: u32) -> Result<Vec<Voucher>> {
        let sql = Sql::new("SELECT ", "read vouchers").and(&Voucher::table().list);
        let sql = sql.and(" FROM voucher_history WHERE lease = ").arg(lease);
        let sql = sql.and(" ORDER BY cumulative_amount DESC LIMIT ").arg(&bounded(limit));
        self.engine.read().await?.fetch(sql).await
    }
}
