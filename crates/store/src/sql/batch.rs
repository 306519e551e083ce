//! Writing and looking up many rows with few statements and few different texts, so that prepared
//! statements are found again.

use super::{Session, Sql};
use crate::row::{Row, Value};
use crate::{Error, Result};

/// Rows per statement. Few sizes, so that few texts are prepared; 256 rows of 30 columns stay far
/// below the 32,766 arguments that SQLite takes.
const SIZES: [usize; 9] = [256, 128, 64, 32, 16, 8, 4, 2, 1];

/// Inserts rows into `target` (`table (column, …)`); `tail` says what to do on conflict. Gives how
/// many rows were written.
pub(super) async fn insert<S: Session>(
    session: &mut S,
    table: &'static str,
    columns: &str,
    rows: Vec<Vec<Value>>,
    tail: &str,
) -> Result<u64> {
    let mut rows = rows.into_iter();
    let mut written: u64 = 0;
    for size in SIZES {
        while rows.len() >= size {
            let sql = Sql::new("INSERT INTO ", "insert rows").and(table).and(" (").and(columns).and(") ");
            let sql = sql.tuples(rows.by_ref().take(size)).and(tail);
            written += session.execute(sql).await.map_err(|error| unique(table, error))?;
        }
    }
    Ok(written)
}

/// Inserts rows that must be new.
pub(super) async fn insert_new<S: Session, R: Row>(session: &mut S, rows: &[R]) -> Result<()> {
    let values = rows.iter().map(Row::values).collect();
    insert(session, R::TABLE, &R::table().list, values, "").await.map(|_| ())
}

/// Inserts a row unless its key is taken; `false` if it was.
pub(super) async fn insert_once<S: Session, R: Row>(session: &mut S, row: &R) -> Result<bool> {
    let written = insert(session, R::TABLE, &R::table().list, vec![row.values()], " ON CONFLICT DO NOTHING").await?;
    Ok(written == 1)
}

/// Writes a row over what has its key, if `condition` (` WHERE …` or empty) allows; `false` if not.
pub(super) async fn replace<S: Session, R: Row>(session: &mut S, row: &R, condition: &str) -> Result<bool> {
    let table = R::table();
    let tail = format!(" ON CONFLICT ({}) DO UPDATE SET {}{condition}", table.key_list, table.overwrite);
    Ok(insert(session, R::TABLE, &table.list, vec![row.values()], &tail).await? == 1)
}

/// Cuts keys into pieces that fit a statement, each padded to one of few sizes by repeating its last key.
pub(super) fn padded<K: Clone>(keys: &[K]) -> Vec<Vec<K>> {
    let pad = |piece: &[K]| {
        let size = SIZES.into_iter().rev().find(|size| *size >= piece.len()).unwrap_or(piece.len());
        let last = piece.last().into_iter().cycle();
        piece.iter().chain(last).take(size).cloned().collect()
    };
    keys.chunks(SIZES[0]).map(pad).collect()
}

fn unique(table: &'static str, error: Error) -> Error {
    match error {
        Error::Database { source: sqlx::Error::Database(source), .. } if source.is_unique_violation() => {
            Error::Conflict { table }
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_padded_to_few_sizes() {
        assert!(padded::<u8>(&[]).is_empty());
        assert_eq!(padded(&[1, 2, 3, 4, 5])[0].len(), 8);
        assert_eq!(padded(&[1, 2, 3, 4, 5])[0][4..], [5; 4]);
        let sizes: Vec<_> = padded(&[0; 300]).iter().map(Vec::len).collect();
        assert_eq!(sizes, [256, 64]);
    }
}
