//! Values in PostgreSQL: amounts are `NUMERIC`, everything whole is `BIGINT`, keys are `BYTEA`.

use std::fmt::Write as _;

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{Arguments as _, Decode, Postgres, Row as _, Type, TypeInfo as _, ValueRef as _};

use super::numeric::Numeric;
use crate::row::{Kind, Value};
use crate::sql::Cells;
use crate::{Error, Result};

/// A statement with its placeholders numbered: `$1`, `$2`, …
pub(super) fn numbered(text: String) -> String {
    let mut pieces = text.split('?');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for (index, piece) in pieces.enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(out, "${}{piece}", index + 1);
    }
    out
}

/// Appends a value to a statement's arguments.
pub(super) fn bind(args: &mut PgArguments, value: Value, doing: &'static str) -> Result<()> {
    let added = match value {
        Value::Null(Kind::Int) => args.add(None::<i64>),
        Value::Null(Kind::Amount | Kind::Wide) => args.add(None::<Numeric>),
        Value::Null(Kind::Bytes) => args.add(None::<Vec<u8>>),
        Value::Null(Kind::Text) => args.add(None::<String>),
        Value::Int(n) => args.add(n),
        Value::Uint(n) => args.add(i64::try_from(n).map_err(|_| Error::OutOfRange { value: n })?),
        Value::Amount(n) => args.add(Numeric(u128::from(n))),
        Value::Wide(n) => args.add(Numeric(n)),
        Value::Bytes(bytes) => args.add(bytes),
        Value::Text(text) => args.add(text),
    };
    added.map_err(|source| Error::Database { doing, source: sqlx::Error::Encode(source) })
}

impl Cells for PgRow {
    fn cell(&self, index: usize, kind: Kind) -> Result<Value, String> {
        let raw = self.try_get_raw(index).map_err(|error| error.to_string())?;
        if raw.is_null() {
            return Ok(Value::Null(kind));
        }
        let wide = || get::<Numeric>(self, index).map(|number| number.0);
        match kind {
            Kind::Int => get(self, index).map(Value::Int),
            Kind::Amount => {
                let n = wide()?;
                u64::try_from(n).map(Value::Amount).map_err(|_| format!("{n} is more than an amount can be"))
            }
            Kind::Wide => wide().map(Value::Wide),
            Kind::Bytes => get(self, index).map(Value::Bytes),
            Kind::Text => get(self, index).map(Value::Text),
        }
    }
}

fn get<'r, T: Decode<'r, Postgres> + Type<Postgres>>(row: &'r PgRow, index: usize) -> Result<T, String> {
    let raw = row.try_get_raw(index).map_err(|error| error.to_string())?;
    let found = raw.type_info();
    if !T::compatible(&found) {
        return Err(format!("{} where {} must be", found.name(), T::type_info().name()));
    }
    T::decode(raw).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_in_order() {
        let text = "SELECT a FROM t WHERE b = ? AND (c, d) > (?, ?) LIMIT ?".to_owned();
        assert_eq!(numbered(text), "SELECT a FROM t WHERE b = $1 AND (c, d) > ($2, $3) LIMIT $4");
        assert_eq!(numbered("SELECT 1".to_owned()), "SELECT 1");
    }
}
