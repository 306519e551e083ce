//! What an engine is: pools that give sessions, and values as it stores them.

use std::future::Future;

use super::{Place, Sql};
use crate::row::{Bad, Kind, Row, Taker, Value};
use crate::{Error, Result};

/// A database engine with its pools.
pub(crate) trait Engine: Send + Sync + 'static {
    /// Its name in messages and metrics.
    const NAME: &'static str;
    /// Follows a SELECT whose rows must not change until the transaction ends.
    const LOCK: &'static str;
    /// One statement at a time.
    type Read: Session;
    /// Many statements that all see the same state.
    type Snapshot: Session;
    /// A transaction; dropping it rolls it back.
    type Write: Session + Commit;

    /// The number of the newest migration that this version knows.
    fn schema() -> u64;
    /// Where the database is.
    fn place(&self) -> &Place;
    /// A connection to read from.
    fn read(&self) -> impl Future<Output = Result<Self::Read>> + Send;
    /// A transaction that only reads.
    fn snapshot(&self) -> impl Future<Output = Result<Self::Snapshot>> + Send;
    /// A transaction that writes.
    fn write(&self) -> impl Future<Output = Result<Self::Write>> + Send;
    /// A transaction that writes what others wait for: a process that stands still in the middle of it keeps its
    /// locks for a second at most, where the engine can see to that.
    fn brief(&self) -> impl Future<Output = Result<Self::Write>> + Send;
    /// Closes all connections.
    fn close(&self) -> impl Future<Output = ()> + Send;
}

/// A connection that runs statements.
pub(crate) trait Session: Send {
    /// Runs a statement; gives how many rows it changed.
    fn execute(&mut self, sql: Sql) -> impl Future<Output = Result<u64>> + Send;
    /// Runs a query; gives its rows.
    fn fetch<R: Row>(&mut self, sql: Sql) -> impl Future<Output = Result<Vec<R>>> + Send;

    /// Runs a query of at most one row.
    fn fetch_one<R: Row>(&mut self, sql: Sql) -> impl Future<Output = Result<Option<R>>> + Send {
        async move { Ok(self.fetch(sql).await?.into_iter().next()) }
    }
}

/// A session whose changes can be made to last.
pub(crate) trait Commit {
    /// Makes the changes durable.
    fn commit(self) -> impl Future<Output = Result<()>> + Send;
}

/// A row as the driver gives it.
pub(crate) trait Cells {
    /// The value of a column, or what is wrong with it.
    fn cell(&self, index: usize, kind: Kind) -> Result<Value, String>;
}

/// Reads a row, or says which column of which row is corrupt.
pub(crate) fn decode<R: Row>(cells: &impl Cells) -> Result<R> {
    let columns = &R::table().columns;
    let read = || -> Result<R, Bad> {
        let mut values = Vec::with_capacity(columns.len());
        for (column, spec) in columns.iter().enumerate() {
            values.push(cells.cell(column, spec.kind).map_err(|why| Bad { column, why })?);
        }
        R::take(&mut Taker::new(values))
    };
    read().map_err(|bad| {
        let part = |(index, spec): (usize, &crate::row::Column)| {
            cells.cell(index, spec.kind).map_or_else(|_| "?".to_owned(), |value| value.to_string())
        };
        let key: Vec<_> = columns.iter().enumerate().take(R::KEYS).map(part).collect();
        let column = columns.get(bad.column).map_or_else(|| "?".to_owned(), |spec| spec.name.clone());
        Error::Corrupt { table: R::TABLE, column, key: key.join("/"), why: bad.why }
    })
}

/// Declares an engine's session over whatever derefs to its connection, with `text` to write a statement's
/// placeholders as the engine does, `bind` to turn a value into an argument, and `full` to tell by an error's
/// code that the disk is full. The drivers have the same methods but no common trait that a generic could use
/// across await points.
macro_rules! session {
    ($name:ident, $database:ty, $text:path, $bind:path, $full:path) => {
        /// A connection or transaction of this engine.
        pub(crate) struct $name<C> {
            connection: C,
            place: std::sync::Arc<$crate::sql::Place>,
        }

        impl<C> $name<C> {
            fn query(
                sql: $crate::sql::Sql,
            ) -> $crate::Result<(
                sqlx::query::Query<'static, $database, <$database as sqlx::Database>::Arguments>,
                &'static str,
            )> {
                let mut args = <$database as sqlx::Database>::Arguments::default();
                for value in sql.args {
                    $bind(&mut args, value, sql.doing)?;
                }
                Ok((sqlx::query_with(sqlx::AssertSqlSafe($text(sql.text)), args), sql.doing))
            }

            /// A session, or why there is none.
            fn begun(
                connection: Result<C, sqlx::Error>,
                place: &std::sync::Arc<$crate::sql::Place>,
                doing: &'static str,
            ) -> $crate::Result<Self> {
                let connection = connection.map_err(|source| place.failed($full, doing, source))?;
                Ok(Self { connection, place: std::sync::Arc::clone(place) })
            }
        }

        impl<C> $crate::sql::Session for $name<C>
        where
            C: std::ops::DerefMut<Target = <$database as sqlx::Database>::Connection> + Send,
        {
            async fn execute(&mut self, sql: $crate::sql::Sql) -> $crate::Result<u64> {
                let (query, doing) = Self::query(sql)?;
                let done = query.execute(&mut *self.connection).await;
                done.map(|done| done.rows_affected()).map_err(|source| self.place.failed($full, doing, source))
            }

            async fn fetch<R: $crate::row::Row>(&mut self, sql: $crate::sql::Sql) -> $crate::Result<Vec<R>> {
                let (query, doing) = Self::query(sql)?;
                let rows = query.fetch_all(&mut *self.connection).await;
                let rows = rows.map_err(|source| self.place.failed($full, doing, source))?;
                rows.iter().map(|row| $crate::sql::decode(row)).collect()
            }
        }

        impl $crate::sql::Commit for $name<sqlx::Transaction<'static, $database>> {
            async fn commit(self) -> $crate::Result<()> {
                let committed = self.connection.commit().await;
                committed.map_err(|source| self.place.failed($full, "commit", source))
            }
        }
    };
}
pub(crate) use session;
