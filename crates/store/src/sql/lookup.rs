//! Looking one row up, or several by their keys.

use super::{Session, Sql, batch};
use crate::Result;
use crate::row::{Field, Row, row};

row! {
    /// The result of a count.
    pub(super) struct Count in "(count)" keyed 0 {
        n: u64,
    }
}

/// The row whose `column` is this, if there is one.
pub(super) async fn find<S: Session, R: Row>(session: &mut S, column: &str, key: &impl Field) -> Result<Option<R>> {
    let sql = Sql::select::<R>("look a row up").and(" WHERE ").and(column).and(" = ").arg(key);
    session.fetch_one(sql).await
}

/// The rows whose `column` is one of these.
pub(super) async fn find_all<S: Session, R: Row, K: Field + Clone>(
    session: &mut S,
    column: &str,
    keys: &[K],
) -> Result<Vec<R>> {
    let mut rows = Vec::new();
    for keys in batch::padded(keys) {
        let sql = Sql::select::<R>("look rows up").and(" WHERE ").and(column).and(" IN (");
        rows.append(&mut session.fetch(one_of(sql, &keys).and(")")).await?);
    }
    Ok(rows)
}

/// Appends `VALUES (?), (?), …`.
pub(super) fn one_of<K: Field>(sql: Sql, keys: &[K]) -> Sql {
    sql.tuples(keys.iter().map(|key| {
        let mut values = Vec::new();
        key.put(&mut values);
        values
    }))
}

/// The number that a query of one number gives; 0 without a row.
pub(super) async fn count<S: Session>(session: &mut S, sql: Sql) -> Result<u64> {
    Ok(session.fetch_one::<Count>(sql).await?.map_or(0, |count| count.n))
}
