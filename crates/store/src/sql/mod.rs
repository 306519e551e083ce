//! Every query, once. `SqlStore<E>` implements the repository traits over whatever [`Engine`] it is
//! given; an engine knows its pools, its locks and how a value is stored, and no table.

mod archive;
mod audits;
mod batch;
mod digest;
mod dispatch;
mod dispatch_epochs;
mod dispatch_snapshots;
mod engine;
mod fence;
mod intent;
mod ledger;
mod list;
mod lookup;
mod overlay;
mod place;
mod projection_write;
mod projections;
mod rebuild;
mod recon;
mod requests;
mod retention;
mod statement;
mod usage;
mod vouchers;

#[cfg(feature = "scratch")]
pub(crate) use archive::{backed_up, folded};
pub(crate) use engine::{Cells, Commit, Engine, Session, decode, session};
pub(crate) use place::Place;
pub(crate) use statement::Sql;

use async_trait::async_trait;
use mira_core::hash::{Sha2, Sha256 as _};

use crate::model::Idempotent;
use crate::repository::Store;
use crate::{Error, Result};

/// How large a probe is: 64 KiB, some pages of either engine.
const PROBE_HASHES: u32 = 2_048;

/// The store over one engine.
#[derive(Debug)]
pub struct SqlStore<E> {
    engine: E,
}

impl<E> SqlStore<E> {
    pub(crate) fn new(engine: E) -> Self {
        Self { engine }
    }
}

#[async_trait]
impl<E: Engine> Store for SqlStore<E> {
    fn engine(&self) -> &'static str {
        E::NAME
    }

    async fn ping(&self) -> Result<()> {
        let mut session = self.engine.read().await?;
        session.execute(Sql::new("SELECT 1", "ping")).await?;
        if self.engine.place().is_full() {
            // A small write may fit where the next one does not.
            probe(&self.engine).await?;
            self.engine.place().has_room();
        }
        Ok(())
    }

    async fn close(&self) {
        self.engine.close().await;
    }
}

/// Writes and deletes something that needs room. Whoever waits for readiness sends no writes by which the
/// end of a full disk would show.
async fn probe<E: Engine>(engine: &E) -> Result<()> {
    // Of no principal and as old as can be, so that it is forgotten as old requests are, should it stay. Hashes,
    // because an engine that compresses would find room for zeros.
    let body = (0..PROBE_HASHES).flat_map(|n| Sha2::hashv(&[&n.to_be_bytes()])).collect();
    let (principal, key) = ([0; 32], "probe".to_owned());
    let row = Idempotent {
        principal,
        key,
        request_hash: [0; 32],
        status: Some(0),
        content_type: String::new(),
        body,
        created_ms: 0,
    };
    let mut session = engine.write().await?;
    batch::replace(&mut session, &row, "").await?;
    session.commit().await?;
    let mut session = engine.write().await?;
    let sql = Sql::new("DELETE FROM idempotency WHERE principal = ", "take the probe back").arg(&principal);
    session.execute(sql).await?;
    session.commit().await
}

/// A page limit that is at least one row and at most `MAX_PAGE`.
fn bounded(limit: u32) -> u32 {
    limit.clamp(1, crate::model::MAX_PAGE)
}

/// Refuses what is larger than the limit.
fn at_most(what: &'static str, size: usize, limit: usize) -> Result<()> {
    if size > limit { Err(Error::TooLarge { what, size, limit }) } else { Ok(()) }
}
