//! Idempotency keys and nonces.

use async_trait::async_trait;
use mira_core::{Hash, Key};

use super::{Commit as _, Engine, Session as _, Sql, SqlStore, at_most, batch};
use crate::model::{
    Begin, Idempotent, MAX_IDEMPOTENCY_KEY_BYTES, MAX_RESPONSE_BYTES, NodeNonce, REQUEST_TIMEOUT_MS, Response,
};
use crate::repository::Requests;
use crate::{Error, Result};

/// ` WHERE` the row is this principal's key.
fn of(sql: Sql, principal: &Key, key: &str) -> Sql {
    sql.and(" WHERE principal = ").arg(principal).and(" AND key = ").arg(&key.to_owned())
}

#[async_trait]
impl<E: Engine> Requests for SqlStore<E> {
    async fn begin_request(&self, principal: &Key, key: &str, request_hash: &Hash, now_ms: i64) -> Result<Begin> {
        at_most("the idempotency key", key.len(), MAX_IDEMPOTENCY_KEY_BYTES)?;
        let row = Idempotent {
            principal: *principal,
            key: key.to_owned(),
            request_hash: *request_hash,
            status: None,
            content_type: String::new(),
            body: Vec::new(),
            created_ms: now_ms,
        };
        let mut session = self.engine.write().await?;
        if batch::insert_once(&mut session, &row).await? {
            session.commit().await?;
            return Ok(Begin::New);
        }
        let sql = of(Sql::select::<Idempotent>("look a request up"), principal, key).and(E::LOCK);
        // No row: it was forgotten this moment, and the caller may try again.
        let Some(stored) = session.fetch_one::<Idempotent>(sql).await? else { return Ok(Begin::InFlight) };
        if stored.request_hash != *request_hash {
            return Ok(Begin::Mismatch);
        }
        if stored.status.is_none() && now_ms.saturating_sub(stored.created_ms) > REQUEST_TIMEOUT_MS {
            batch::replace(&mut session, &row, "").await?;
            session.commit().await?;
            return Ok(Begin::New);
        }
        let Some(status) = stored.status else { return Ok(Begin::InFlight) };
        Ok(Begin::Replay(Response { status, content_type: stored.content_type, body: stored.body }))
    }

    async fn finish_request(&self, principal: &Key, key: &str, response: Response) -> Result<()> {
        at_most("the response", response.body.len(), MAX_RESPONSE_BYTES)?;
        let mut session = self.engine.write().await?;
        let sql = Sql::new("UPDATE idempotency SET status = ", "keep a response").arg(&response.status);
        let sql = sql.and(", content_type = ").arg(&response.content_type).and(", body = ").arg(&response.body);
        if session.execute(of(sql, principal, key).and(" AND status IS NULL")).await? == 0 {
            return Err(Error::Invalid("the request was not begun, or is finished".into()));
        }
        session.commit().await
    }

    async fn forget_request(&self, principal: &Key, key: &str) -> Result<()> {
        let mut session = self.engine.write().await?;
        let sql = of(Sql::new("DELETE FROM idempotency", "forget a request"), principal, key);
        session.execute(sql.and(" AND status IS NULL")).await?;
        session.commit().await
    }

    async fn use_nonce(&self, nonce: NodeNonce) -> Result<bool> {
        let mut session = self.engine.write().await?;
        let fresh = batch::insert_once(&mut session, &nonce).await?;
        session.commit().await?;
        Ok(fresh)
    }

    async fn forget_old(&self, requests_before_ms: i64, now_ms: i64) -> Result<u64> {
        let mut session = self.engine.write().await?;
        let sql = Sql::new("DELETE FROM idempotency WHERE created_ms < ", "forget requests").arg(&requests_before_ms);
        let requests = session.execute(sql).await?;
        let sql = Sql::new("DELETE FROM node_nonce WHERE expires_ms < ", "forget nonces").arg(&now_ms);
        let nonces = session.execute(sql).await?;
        session.commit().await?;
        Ok(requests + nonces)
    }
}
