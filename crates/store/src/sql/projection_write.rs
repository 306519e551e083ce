//! Writing projection rows: whole rows, each newer than the one it replaces.

use std::collections::BTreeMap;

use super::{Engine, Session, Sql, batch};
use crate::model::projection::projections;
use crate::model::{KeyPart, Projection, ProjectionKey, ProjectionTable, Set};
use crate::row::{Row as _, Table, Value, row};
use crate::{Error, Result};

/// The values of a row of any table.
fn values(row: &Projection) -> Vec<Value> {
    macro_rules! arms {
        ($($(#[$meta:meta])* $variant:ident($row:ident) by ($($key:ident),+),)*) => {
            match row { $(Projection::$variant(row) => row.values(),)* }
        };
    }
    projections!(arms)
}

/// A projection's table.
pub(super) fn table(of: ProjectionTable) -> &'static Table {
    macro_rules! arms {
        ($($(#[$meta:meta])* $variant:ident($row:ident) by ($($key:ident),+),)*) => {
            match of { $(ProjectionTable::$variant => crate::model::$row::table(),)* }
        };
    }
    projections!(arms)
}

/// A key's parts as values.
pub(super) fn key_values(key: &ProjectionKey) -> Vec<Value> {
    key.parts().into_iter().map(KeyPart::value).collect()
}

/// The number that says which set a row belongs to.
pub(super) fn flag(set: Set) -> i64 {
    match set {
        Set::Live => 0,
        Set::Shadow => 1,
        Set::Confirmed => 2,
    }
}

/// Writes rows in the order of their keys, so that two writers cannot lock each other out.
///
/// # Errors
/// `SeqGap` if a row is not newer than the stored one, `Invalid` if there are two versions of one.
pub(super) async fn write<E: Engine>(engine: &E, session: &mut E::Write, set: Set, rows: &[Projection]) -> Result<()> {
    let mut tables: BTreeMap<ProjectionTable, BTreeMap<ProjectionKey, &Projection>> = BTreeMap::new();
    for row in rows {
        let key = row.key();
        if tables.entry(key.table()).or_default().insert(key, row).is_some() {
            return Err(Error::Invalid(format!("two versions of one row of table {}", key.table().name())));
        }
    }
    for (of, rows) in tables {
        let table = table(of);
        let offered = rows.len() as u64;
        let values = rows.values().map(|row| [vec![Value::Int(flag(set))], values(row)].concat()).collect();
        let columns = format!("shadow, {}", table.list);
        let tail = format!(
            " ON CONFLICT (shadow, {}) DO UPDATE SET {} WHERE {}.seq < excluded.seq",
            table.key_list, table.overwrite, table.name
        );
        if batch::insert(session, table.name, &columns, values, &tail).await? != offered {
            return Err(refused(&mut engine.read().await?, set, &rows).await?);
        }
    }
    Ok(())
}

row! {
    /// What a refused write is compared with.
    struct Seq in "(seq)" keyed 0 {
        seq: u64,
    }
}

/// Finds the row that was not newer, in a session that does not see what the transaction wrote.
async fn refused<S: Session>(session: &mut S, set: Set, rows: &BTreeMap<ProjectionKey, &Projection>) -> Result<Error> {
    for (key, row) in rows {
        let table = table(key.table());
        let parts = key_values(key);
        let name = parts.iter().map(ToString::to_string).collect::<Vec<_>>().join("/");
        let sql = Sql::new("SELECT seq FROM ", "find a refused row").and(table.name).and(" WHERE shadow = ");
        let sql = sql.values(vec![Value::Int(flag(set))]).and(" AND (").and(&table.key_list).and(") = (");
        let stored = session.fetch_one::<Seq>(sql.values(parts).and(")")).await?.map(|row| row.seq);
        if stored.is_some_and(|stored| stored >= row.seq()) {
            return Ok(Error::SeqGap { table: table.name, key: name, offered: row.seq(), stored });
        }
    }
    Ok(Error::Invalid("a projection row was not written".into()))
}
