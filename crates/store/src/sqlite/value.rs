//! Values in SQLite: amounts are big-endian blobs of fixed length, which sort as the numbers do and
//! lose nothing; SQLite's own integers end at i64.

use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments as _, Decode, Row as _, Sqlite, Type, TypeInfo as _, ValueRef as _};

use crate::row::{Kind, Value};
use crate::sql::Cells;
use crate::{Error, Result};

/// Appends a value to a statement's arguments.
pub(super) fn bind(args: &mut SqliteArguments, value: Value, doing: &'static str) -> Result<()> {
    let added = match value {
        Value::Null(_) => args.add(None::<i64>),
        Value::Int(n) => args.add(n),
        Value::Uint(n) => args.add(i64::try_from(n).map_err(|_| Error::OutOfRange { value: n })?),
        Value::Amount(n) => args.add(n.to_be_bytes().to_vec()),
        Value::Wide(n) => args.add(n.to_be_bytes().to_vec()),
        Value::Bytes(bytes) => args.add(bytes),
        Value::Text(text) => args.add(text),
    };
    added.map_err(|source| Error::Database { doing, source: sqlx::Error::Encode(source) })
}

impl Cells for SqliteRow {
    fn cell(&self, index: usize, kind: Kind) -> Result<Value, String> {
        let blob = || get::<Vec<u8>>(self, index);
        let raw = self.try_get_raw(index).map_err(|error| error.to_string())?;
        if raw.is_null() {
            return Ok(Value::Null(kind));
        }
        match kind {
            Kind::Int => get(self, index).map(Value::Int),
            Kind::Amount => fixed(&blob()?).map(u64::from_be_bytes).map(Value::Amount),
            Kind::Wide => fixed(&blob()?).map(u128::from_be_bytes).map(Value::Wide),
            Kind::Bytes => blob().map(Value::Bytes),
            Kind::Text => get(self, index).map(Value::Text),
        }
    }
}

/// A cell as one of SQLite's own types, refusing any other: SQLite would convert silently.
fn get<'r, T: Decode<'r, Sqlite> + Type<Sqlite>>(row: &'r SqliteRow, index: usize) -> Result<T, String> {
    let raw = row.try_get_raw(index).map_err(|error| error.to_string())?;
    let found = raw.type_info();
    if !T::compatible(&found) {
        return Err(format!("{} where {} must be", found.name(), T::type_info().name()));
    }
    T::decode(raw).map_err(|error| error.to_string())
}

/// Exactly `N` bytes.
fn fixed<const N: usize>(bytes: &[u8]) -> Result<[u8; N], String> {
    bytes.try_into().map_err(|_| format!("{} bytes where {N} must be", bytes.len()))
}
