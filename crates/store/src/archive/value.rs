//! Rows read back from their canonical values.

use crate::row::{Kind, Row, Taker, Value};

/// Takes the next row of a type off the front.
pub(crate) fn take_row<R: Row>(bytes: &mut &[u8]) -> Result<R, String> {
    let columns = &R::table().columns;
    let values = columns.iter().map(|column| value(bytes, column.kind)).collect::<Result<_, _>>()?;
    R::take(&mut Taker::new(values)).map_err(|bad| {
        let name = columns.get(bad.column).map_or("?", |column| column.name.as_str());
        format!("table {}, column {name}: {}", R::TABLE, bad.why)
    })
}

/// The inverse of `Value::canonical` for a column of this kind.
fn value(bytes: &mut &[u8], kind: Kind) -> Result<Value, String> {
    let [tag] = array(bytes)?;
    match (tag, kind) {
        (0, kind) => Ok(Value::Null(kind)),
        (1, Kind::Int) => {
            let n = i128::from_be_bytes(array(bytes)?);
            i64::try_from(n).map(Value::Int).map_err(|_| format!("{n} does not fit into a column"))
        }
        (2, Kind::Amount) => Ok(Value::Amount(u64::from_be_bytes(array(bytes)?))),
        (3, Kind::Wide) => Ok(Value::Wide(u128::from_be_bytes(array(bytes)?))),
        (4, Kind::Bytes) => Ok(Value::Bytes(counted(bytes)?)),
        (5, Kind::Text) => String::from_utf8(counted(bytes)?).map(Value::Text).map_err(|error| error.to_string()),
        (tag, kind) => Err(format!("a value of kind {tag} where {kind:?} must be")),
    }
}

fn array<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], String> {
    let (head, rest) = bytes.split_first_chunk::<N>().ok_or_else(|| "a row ends too early".to_owned())?;
    *bytes = rest;
    Ok(*head)
}

fn counted(bytes: &mut &[u8]) -> Result<Vec<u8>, String> {
    let len = usize::try_from(u64::from_be_bytes(array(bytes)?)).unwrap_or(usize::MAX);
    let (head, rest) = bytes.split_at_checked(len).ok_or_else(|| "a row ends too early".to_owned())?;
    *bytes = rest;
    Ok(head.to_vec())
}
