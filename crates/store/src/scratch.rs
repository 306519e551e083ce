//! Databases of one's own for tests and rehearsals: made anew, used, dropped.

use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

use crate::{Error, Result, Store, open};

/// A database that nobody else uses.
#[derive(Debug)]
pub struct Scratch {
    url: String,
    /// The server's own database and the name of ours, if it must be dropped there.
    server: Option<(PgConnectOptions, String)>,
}

impl Scratch {
    /// The table in which the engine keeps what was applied, by `version`.
    pub const MIGRATIONS: &str = "_sqlx_migrations";

    /// A SQLite file in a folder that the caller deletes.
    pub fn sqlite(folder: &Path) -> Self {
        Self { url: format!("sqlite:{}", folder.join("mira.sqlite").display()), server: None }
    }

    /// A new database on the server of a `postgres://…` URL, whose user may create databases.
    ///
    /// # Errors
    /// `Database` if the server refuses.
    pub async fn postgres(server: &str) -> Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let failed = |source| Error::Database { doing: "create a database", source };
        let options = PgConnectOptions::from_str(server).map_err(failed)?;
        let mut connection = options.connect().await.map_err(failed)?;
        loop {
            // A number that an aborted run left behind is passed over.
            let name = format!("mira_scratch_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
            let made = sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE template0")));
            match made.execute(&mut connection).await {
                Ok(_) => {
                    let url = options.clone().database(&name).to_url_lossy().to_string();
                    return Ok(Self { url, server: Some((options, name)) });
                }
                Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42P04") => continue,
                Err(source) => return Err(failed(source)),
            }
        }
    }

    /// The URL to open it with.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Opens it.
    ///
    /// # Errors
    /// As [`open`].
    pub async fn open(&self) -> Result<Arc<dyn Store>> {
        open(&self.url).await
    }

    /// Runs a statement past the store: how tests break rows.
    ///
    /// # Errors
    /// `Database` with what the engine said.
    pub async fn execute(&self, statement: &str) -> Result<()> {
        let failed = |source| Error::Database { doing: "run a statement", source };
        let query = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()));
        if self.server.is_some() {
            let mut connection = PgConnection::connect(&self.url).await.map_err(failed)?;
            query.execute(&mut connection).await.map_err(failed)?;
            connection.close().await.map_err(failed)
        } else {
            let options = SqliteConnectOptions::from_str(&self.url).map_err(failed)?;
            let mut connection = SqliteConnection::connect_with(&options).await.map_err(failed)?;
            query.execute(&mut connection).await.map_err(failed)?;
            connection.close().await.map_err(failed)
        }
    }

    /// Takes `by` from a number of the rows that `condition` names: how tests let time pass.
    ///
    /// # Errors
    /// `Database` with what the engine said.
    pub async fn lower(&self, table: &str, column: &str, by: i64, condition: &str) -> Result<()> {
        self.execute(&format!("UPDATE {table} SET {column} = {column} - {by} WHERE {condition}")).await
    }

    /// Puts other bytes into the rows that `condition` names.
    ///
    /// # Errors
    /// `Database` with what the engine said.
    pub async fn overwrite(&self, table: &str, column: &str, bytes: &[u8], condition: &str) -> Result<()> {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let bytes = if self.server.is_some() { format!("'\\x{hex}'") } else { format!("x'{hex}'") };
        self.execute(&format!("UPDATE {table} SET {column} = {bytes} WHERE {condition}")).await
    }

    /// Deletes the rows that `condition` names.
    ///
    /// # Errors
    /// `Database` with what the engine said.
    pub async fn delete(&self, table: &str, condition: &str) -> Result<()> {
        self.execute(&format!("DELETE FROM {table} WHERE {condition}")).await
    }

    /// Every table with every column of it, as the engine's own catalog has them.
    ///
    /// # Errors
    /// `Database` with what the engine said.
    pub async fn columns(&self) -> Result<Vec<(String, String)>> {
        let failed = |source| Error::Database { doing: "read the catalog", source };
        if self.server.is_some() {
            let query = "SELECT table_name::text, column_name::text FROM information_schema.columns \
                 WHERE table_schema = current_schema()";
            let mut connection = PgConnection::connect(&self.url).await.map_err(failed)?;
            sqlx::query_as(query).fetch_all(&mut connection).await.map_err(failed)
        } else {
            let query = "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c \
                 WHERE t.type = 'table'";
            let mut connection = SqliteConnection::connect(&self.url).await.map_err(failed)?;
            sqlx::query_as(query).fetch_all(&mut connection).await.map_err(failed)
        }
    }

    /// How many rows a table has; a condition may follow its name.
    ///
    /// # Errors
    /// `Database` with what the engine said.
    pub async fn count(&self, table: &str) -> Result<i64> {
        let failed = |source| Error::Database { doing: "count rows", source };
        let query = AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        if self.server.is_some() {
            let mut connection = PgConnection::connect(&self.url).await.map_err(failed)?;
            sqlx::query_scalar(query).fetch_one(&mut connection).await.map_err(failed)
        } else {
            let mut connection = SqliteConnection::connect(&self.url).await.map_err(failed)?;
            sqlx::query_scalar(query).fetch_one(&mut connection).await.map_err(failed)
        }
    }

    /// Drops the database, also if connections are open.
    ///
    /// # Errors
    /// `Database` if the server refuses.
    pub async fn drop(self) -> Result<()> {
        let failed = |source| Error::Database { doing: "drop a database", source };
        let Some((options, name)) = self.server else { return Ok(()) };
        let mut connection = options.connect().await.map_err(failed)?;
        let query = sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        query.execute(&mut connection).await.map(|_| ()).map_err(failed)
    }
}
