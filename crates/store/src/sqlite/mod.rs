//! SQLite: the embedded default.
//!
//! One connection writes, so that writers wait in line instead of failing as busy; several read, each
//! seeing the last commit (WAL). `synchronous = FULL`: a commit that was acknowledged survives a power cut.

mod value;

use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::pool::{PoolConnection, PoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection as _, Sqlite, Transaction};

use crate::inspect::newest;
use crate::sql::{Engine, Place, SqlStore, session};
use crate::{Error, Result};

session!(SqliteSession, Sqlite, std::convert::identity, value::bind, is_full);

/// Readers at the same time. More would only wait for the same disk.
const READERS: u32 = 8;
/// What brings the tables up to date.
static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");
/// How long a call waits for its turn.
const WAIT: Duration = Duration::from_secs(30);

/// The pools of one SQLite file.
#[derive(Debug)]
pub struct SqliteEngine {
    writer: SqlitePool,
    readers: SqlitePool,
    place: Arc<Place>,
}

/// The store in one SQLite file.
pub type SqliteStore = SqlStore<SqliteEngine>;

impl SqliteStore {
    /// Opens or creates the file of a `sqlite:PATH` URL and brings its tables up to date.
    ///
    /// # Errors
    /// `Open` if the file cannot be opened or was written by a newer version.
    pub async fn open(url: &str) -> Result<Self> {
        Self::open_with(url, None).await
    }

    /// As [`SqliteStore::open`], with a limit on the file's pages of 4 KiB, which may be moved at any time: a
    /// disk that is full and is not. What there is stays when the limit is below it.
    ///
    /// # Errors
    /// As [`SqliteStore::open`].
    #[cfg(feature = "scratch")]
    pub async fn open_within(url: &str, pages: Arc<AtomicU32>) -> Result<Self> {
        Self::open_with(url, Some(pages)).await
    }

    async fn open_with(url: &str, pages: Option<Arc<AtomicU32>>) -> Result<Self> {
        let open = |source| Error::Open { engine: SqliteEngine::NAME, source };
        let options = SqliteConnectOptions::from_str(url).map_err(|error| open(Box::new(error)))?;
        let options = options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(WAIT);
        // A connection to a file does not break while nobody looks: no need to ask it before each use.
        let options_of = PoolOptions::<Sqlite>::new().test_before_acquire(false).acquire_timeout(WAIT);
        let pool = |size| options_of.clone().max_connections(size);
        let again = pages.clone();
        let guarded = pool(1)
            .after_connect(move |connection, _| Box::pin(limit(connection, pages.clone())))
            .before_acquire(move |connection, _| Box::pin(usable(connection, again.clone())));
        let writer = guarded.connect_with(options.clone()).await.map_err(|error| open(Box::new(error)))?;
        MIGRATIONS.run(&writer).await.map_err(|error| open(Box::new(error)))?;
        let place = Arc::new(Place::new(options.get_filename().display().to_string()));
        let readers = pool(READERS).connect_with(options.pragma("query_only", "ON")).await;
        let readers = readers.map_err(|error| open(Box::new(error)))?;
        Ok(Self::new(SqliteEngine { writer, readers, place }))
    }
}

/// Whether the writing connection may be used again. When the disk is full, SQLite ends a transaction on its
/// own, the driver's rollback then finds none, and the driver goes on believing that there is one.
async fn usable(connection: &mut SqliteConnection, pages: Option<Arc<AtomicU32>>) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        return Ok(false);
    }
    limit(connection, pages).await.map(|()| true)
}

/// Holds a connection to the limit on pages, if there is one.
async fn limit(connection: &mut SqliteConnection, pages: Option<Arc<AtomicU32>>) -> Result<(), sqlx::Error> {
    let Some(pages) = pages else { return Ok(()) };
    let limit = format!("PRAGMA max_page_count = {}", pages.load(Ordering::Acquire));
    sqlx::raw_sql(AssertSqlSafe(limit)).execute(connection).await.map(|_| ())
}

/// `SQLITE_FULL`, and `SQLITE_IOERR_SHMSIZE`: no room for the index of the log.
fn is_full(code: &str) -> bool {
    matches!(code, "13" | "4874")
}

impl Engine for SqliteEngine {
    const NAME: &'static str = "sqlite";
    // There is one writer, and it began with BEGIN IMMEDIATE.
    const LOCK: &'static str = "";
    type Read = SqliteSession<PoolConnection<Sqlite>>;
    type Snapshot = SqliteSession<Transaction<'static, Sqlite>>;
    type Write = SqliteSession<Transaction<'static, Sqlite>>;

    fn schema() -> u64 {
        newest(&MIGRATIONS)
    }

    fn place(&self) -> &Place {
        &self.place
    }

    async fn read(&self) -> Result<Self::Read> {
        SqliteSession::begun(self.readers.acquire().await, &self.place, "get a connection")
    }

    async fn snapshot(&self) -> Result<Self::Snapshot> {
        SqliteSession::begun(self.readers.begin().await, &self.place, "begin a snapshot")
    }

    async fn write(&self) -> Result<Self::Write> {
        SqliteSession::begun(self.writer.begin_with("BEGIN IMMEDIATE").await, &self.place, "begin a transaction")
    }

    async fn brief(&self) -> Result<Self::Write> {
        self.write().await
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
