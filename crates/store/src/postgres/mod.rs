//! PostgreSQL: what several replicas share.

mod numeric;
mod value;

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::pool::{PoolConnection, PoolOptions};
use sqlx::postgres::{PgConnectOptions, PgPool};
use sqlx::{Postgres, Transaction};

use crate::sql::{Engine, SqlStore, session};
use crate::{Error, Result};

session!(PgSession, Postgres, value::numbered, value::bind);

/// Connections of one process. A server has 100 by default, and replicas share them.
const CONNECTIONS: u32 = 16;
/// How long a call waits for a connection.
const WAIT: Duration = Duration::from_secs(30);

/// The pool of one PostgreSQL database.
#[derive(Debug)]
pub struct PgEngine {
    pool: PgPool,
}

/// The store in one PostgreSQL database.
pub type PgStore = SqlStore<PgEngine>;

impl PgStore {
    /// Connects to the database of a `postgres://…` URL and brings its tables up to date.
    ///
    /// # Errors
    /// `Open` if it cannot be reached or was written by a newer version.
    pub async fn open(url: &str) -> Result<Self> {
        let open = |source| Error::Open { engine: PgEngine::NAME, source };
        let options = PgConnectOptions::from_str(url).map_err(|error| open(Box::new(error)))?;
        let pool = PoolOptions::<Postgres>::new().max_connections(CONNECTIONS).acquire_timeout(WAIT);
        let pool = pool.connect_with(options.application_name("mira")).await.map_err(|error| open(Box::new(error)))?;
        sqlx::migrate!("../../migrations/postgres").run(&pool).await.map_err(|error| open(Box::new(error)))?;
        Ok(Self::new(PgEngine { pool }))
    }
}

impl Engine for PgEngine {
    const NAME: &'static str = "postgres";
    const LOCK: &'static str = " FOR UPDATE";
    type Read = PgSession<PoolConnection<Postgres>>;
    type Snapshot = PgSession<Transaction<'static, Postgres>>;
    type Write = PgSession<Transaction<'static, Postgres>>;

    async fn read(&self) -> Result<Self::Read> {
        let connection = self.pool.acquire().await;
        connection.map(PgSession).map_err(|source| Error::Database { doing: "get a connection", source })
    }

    async fn snapshot(&self) -> Result<Self::Snapshot> {
        let transaction = self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await;
        transaction.map(PgSession).map_err(|source| Error::Database { doing: "begin a snapshot", source })
    }

    async fn write(&self) -> Result<Self::Write> {
        let transaction = self.pool.begin().await;
        transaction.map(PgSession).map_err(|source| Error::Database { doing: "begin a transaction", source })
    }

    async fn close(&self) {
        self.pool.close().await;
    }
}
