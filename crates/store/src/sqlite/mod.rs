//! SQLite: the embedded default.
//!
//! One connection writes, so that writers wait in line instead of failing as busy; several read, each
//! seeing the last commit (WAL). `synchronous = FULL`: a commit that was acknowledged survives a power cut.

mod value;

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::pool::{PoolConnection, PoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous};
use sqlx::{Sqlite, Transaction};

use crate::sql::{Engine, SqlStore, session};
use crate::{Error, Result};

session!(SqliteSession, Sqlite, std::convert::identity, value::bind);

/// Readers at the same time. More would only wait for the same disk.
const READERS: u32 = 8;
/// How long a call waits for its turn.
const WAIT: Duration = Duration::from_secs(30);

/// The pools of one SQLite file.
#[derive(Debug)]
pub struct SqliteEngine {
    writer: SqlitePool,
    readers: SqlitePool,
}

/// The store in one SQLite file.
pub type SqliteStore = SqlStore<SqliteEngine>;

impl SqliteStore {
    /// Opens or creates the file of a `sqlite:PATH` URL and brings its tables up to date.
    ///
    /// # Errors
    /// `Open` if the file cannot be opened or was written by a newer version.
    pub async fn open(url: &str) -> Result<Self> {
        let open = |source| Error::Open { engine: SqliteEngine::NAME, source };
        let options = SqliteConnectOptions::from_str(url).map_err(|error| open(Box::new(error)))?;
        let options = options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(WAIT);
        let pool = |size| PoolOptions::<Sqlite>::new().max_connections(size).acquire_timeout(WAIT);
        let writer = pool(1).connect_with(options.clone()).await.map_err(|error| open(Box::new(error)))?;
        sqlx::migrate!("../../migrations/sqlite").run(&writer).await.map_err(|error| open(Box::new(error)))?;
        let readers = pool(READERS).connect_with(options.pragma("query_only", "ON")).await;
        let readers = readers.map_err(|error| open(Box::new(error)))?;
        Ok(Self::new(SqliteEngine { writer, readers }))
    }
}

impl Engine for SqliteEngine {
    const NAME: &'static str = "sqlite";
    // There is one writer, and it began with BEGIN IMMEDIATE.
    const LOCK: &'static str = "";
    type Read = SqliteSession<PoolConnection<Sqlite>>;
    type Snapshot = SqliteSession<Transaction<'static, Sqlite>>;
    type Write = SqliteSession<Transaction<'static, Sqlite>>;

    async fn read(&self) -> Result<Self::Read> {
        let connection = self.readers.acquire().await;
        connection.map(SqliteSession).map_err(|source| Error::Database { doing: "get a connection", source })
    }

    async fn snapshot(&self) -> Result<Self::Snapshot> {
        let transaction = self.readers.begin().await;
        transaction.map(SqliteSession).map_err(|source| Error::Database { doing: "begin a snapshot", source })
    }

    async fn write(&self) -> Result<Self::Write> {
        let transaction = self.writer.begin_with("BEGIN IMMEDIATE").await;
        transaction.map(SqliteSession).map_err(|source| Error::Database { doing: "begin a transaction", source })
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
