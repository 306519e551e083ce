//! Every query, once. `SqlStore<E>` implements the repository traits over whatever [`Engine`] it is
//! given; an engine knows its pools, its locks and how a value is stored, and no table.

mod audits;
mod batch;
mod digest;
mod dispatch;
mod engine;
mod fence;
mod intent;
mod ledger;
mod list;
mod lookup;
mod overlay;
mod projection_write;
mod projections;
mod rebuild;
mod recon;
mod requests;
mod statement;
mod usage;
mod vouchers;

pub(crate) use engine::{Cells, Commit, Engine, Session, decode, session};
pub(crate) use statement::Sql;

use async_trait::async_trait;

use crate::repository::Store;
use crate::{Error, Result};

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
        session.execute(Sql::new("SELECT 1", "ping")).await.map(|_| ())
    }

    async fn close(&self) {
        self.engine.close().await;
    }
}

/// A page limit that is at least one row and at most `MAX_PAGE`.
fn bounded(limit: u32) -> u32 {
    limit.clamp(1, crate::model::MAX_PAGE)
}

/// Refuses what is larger than the limit.
fn at_most(what: &'static str, size: usize, limit: usize) -> Result<()> {
    if size > limit { Err(Error::TooLarge { what, size, limit }) } else { Ok(()) }
}
