//! Looking at a database without changing it: not even its tables are brought up to date.

use std::path::PathBuf;
use std::str::FromStr as _;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::postgres::PgEngine;
use crate::sql::Engine;
use crate::sqlite::SqliteEngine;
use crate::{Error, Result};

/// How both engines' migration tables are asked.
const APPLIED: &str = "SELECT coalesce(max(version), 0) FROM _sqlx_migrations WHERE success";

/// What a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// `sqlite` or `postgres`.
    pub engine: &'static str,
    /// The number of the newest migration applied; 0 if there is none.
    pub applied: u64,
    /// The number of the newest one that this version has.
    pub newest: u64,
    /// The file, if the database is one.
    pub file: Option<PathBuf>,
}

/// Looks at the database of a `sqlite:PATH` or `postgres://…` URL.
///
/// # Errors
/// `UnknownScheme`, or `Open` if it does not exist or cannot be reached.
pub async fn inspect(url: &str) -> Result<Inspection> {
    match url.split_once(':') {
        Some(("sqlite", _)) => sqlite(url).await.map_err(|source| open(SqliteEngine::NAME, source)),
        Some(("postgres" | "postgresql", _)) => postgres(url).await.map_err(|source| open(PgEngine::NAME, source)),
        scheme => Err(Error::UnknownScheme { url: scheme.map_or("", |(scheme, _)| scheme).to_owned() }),
    }
}

/// The number of the newest of these migrations.
pub(crate) fn newest(migrations: &Migrator) -> u64 {
    migrations.iter().filter_map(|migration| u64::try_from(migration.version).ok()).max().unwrap_or(0)
}

fn open(engine: &'static str, source: sqlx::Error) -> Error {
    Error::Open { engine, source: Box::new(source) }
}

async fn sqlite(url: &str) -> Result<Inspection, sqlx::Error> {
    let options = SqliteConnectOptions::from_str(url)?.create_if_missing(false);
    let file = options.clone().get_filename().to_path_buf();
    let mut connection: SqliteConnection = options.connect().await?;
    let known = "SELECT count(*) FROM sqlite_master WHERE name = '_sqlx_migrations'";
    let known: i64 = sqlx::query_scalar(known).fetch_one(&mut connection).await?;
    let applied: i64 = if known > 0 { sqlx::query_scalar(APPLIED).fetch_one(&mut connection).await? } else { 0 };
    connection.close().await?;
    let applied = u64::try_from(applied).unwrap_or(0);
    Ok(Inspection { engine: SqliteEngine::NAME, applied, newest: SqliteEngine::schema(), file: Some(file) })
}

async fn postgres(url: &str) -> Result<Inspection, sqlx::Error> {
    let mut connection: PgConnection = PgConnectOptions::from_str(url)?.connect().await?;
    let known = "SELECT count(*) FROM information_schema.tables WHERE table_name = '_sqlx_migrations'";
    let known: i64 = sqlx::query_scalar(known).fetch_one(&mut connection).await?;
    let applied: i64 = if known > 0 { sqlx::query_scalar(APPLIED).fetch_one(&mut connection).await? } else { 0 };
    connection.close().await?;
    let applied = u64::try_from(applied).unwrap_or(0);
    Ok(Inspection { engine: PgEngine::NAME, applied, newest: PgEngine::schema(), file: None })
}
