//! PostgreSQL: what several replicas share.

mod numeric;
mod value;

use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::pool::{PoolConnection, PoolOptions};
use sqlx::postgres::{PgConnectOptions, PgPool};
use sqlx::{Postgres, Transaction};

use crate::inspect::newest;
use crate::sql::{Engine, Place, SqlStore, session};
use crate::{Error, Result};

session!(PgSession, Postgres, value::numbered, value::bind, is_full);

/// Connections of one process. A server has 100 by default, and replicas share them.
const CONNECTIONS: u32 = 16;
/// What brings the tables up to date.
static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");
/// How long a call waits for a connection. While the server is away the pool asks again at intervals that grow to a
/// fifth of this, so it also bounds how late a server that is back is noticed.
const WAIT: Duration = Duration::from_secs(5);
/// A transaction in which nothing is asked for so long is rolled back by the server: a process that stands still, or
/// a host that is gone, must not keep the locks that others wait for.
const IDLE_IN_TRANSACTION: &str = "10s";

/// The same for a transaction that others wait for: in one round trip, and not for the transactions after it.
const BRIEF: &str = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = '1s'";

/// The pool of one PostgreSQL database.
#[derive(Debug)]
pub struct PgEngine {
    pool: PgPool,
    place: Arc<Place>,
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
        let place = format!("{} on {}", options.get_database().unwrap_or("of the user's name"), options.get_host());
        let options = options.application_name("mira");
        let options = options.options([("idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION)]);
        let pool = PoolOptions::<Postgres>::new().max_connections(CONNECTIONS).acquire_timeout(WAIT);
        let pool = pool.connect_with(options).await.map_err(|error| open(Box::new(error)))?;
        MIGRATIONS.run(&pool).await.map_err(|error| open(Box::new(error)))?;
        Ok(Self::new(PgEngine { pool, place: Arc::new(Place::new(place)) }))
    }
}

/// `disk_full`.
fn is_full(code: &str) -> bool {
    code == "53100"
}

impl Engine for PgEngine {
    const NAME: &'static str = "postgres";
    const LOCK: &'static str = " FOR UPDATE";
    type Read = PgSession<PoolConnection<Postgres>>;
    type Snapshot = PgSession<Transaction<'static, Postgres>>;
    type Write = PgSession<Transaction<'static, Postgres>>;

    fn schema() -> u64 {
        newest(&MIGRATIONS)
    }

    fn place(&self) -> &Place {
        &self.place
    }

    async fn read(&self) -> Result<Self::Read> {
        PgSession::begun(self.pool.acquire().await, &self.place, "get a connection")
    }

    async fn snapshot(&self) -> Result<Self::Snapshot> {
        let begun = self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await;
        PgSession::begun(begun, &self.place, "begin a snapshot")
    }

    async fn write(&self) -> Result<Self::Write> {
        PgSession::begun(self.pool.begin().await, &self.place, "begin a transaction")
    }

    async fn brief(&self) -> Result<Self::Write> {
        PgSession::begun(self.pool.begin_with(BRIEF).await, &self.place, "begin a transaction")
    }

    async fn close(&self) {
        self.pool.close().await;
    }
}
