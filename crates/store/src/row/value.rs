//! A column's value, without an engine.

use std::fmt;

/// What a column holds. Each engine has one type for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number that fits into an i64: slots, counters, times, codes.
    Int,
    /// An amount of the whole range of u64.
    Amount,
    /// An amount of the whole range of u128.
    Wide,
    /// Bytes.
    Bytes,
    /// UTF-8.
    Text,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// No value, in a column of this kind.
    Null(Kind),
    /// A number.
    Int(i64),
    /// A number that a caller gave without sign; refused when bound if it is over `i64::MAX`.
    Uint(u64),
    /// An amount.
    Amount(u64),
    /// A wide amount.
    Wide(u128),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Text.
    Text(String),
}

impl Value {
    /// Bytes, copied.
    pub fn bytes(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }

    /// Appends the value with a tag, and a length where that varies.
    pub fn canonical(&self, out: &mut Vec<u8>) {
        let mut put = |tag: u8, bytes: &[u8]| {
            out.push(tag);
            out.extend_from_slice(bytes);
        };
        match self {
            Self::Null(_) => put(0, &[]),
            // One form for one number, however the caller gave it: both are below 2^63 in any row.
            Self::Int(n) => put(1, &i128::from(*n).to_be_bytes()),
            Self::Uint(n) => put(1, &i128::from(*n).to_be_bytes()),
            Self::Amount(n) => put(2, &n.to_be_bytes()),
            Self::Wide(n) => put(3, &n.to_be_bytes()),
            Self::Bytes(bytes) => {
                put(4, &(bytes.len() as u64).to_be_bytes());
                out.extend_from_slice(bytes);
            }
            Self::Text(text) => {
                put(5, &(text.len() as u64).to_be_bytes());
                out.extend_from_slice(text.as_bytes());
            }
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null(_) => f.write_str("null"),
            Self::Int(n) => n.fmt(f),
            Self::Uint(n) | Self::Amount(n) => n.fmt(f),
            Self::Wide(n) => n.fmt(f),
            Self::Bytes(bytes) => bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}")),
            Self::Text(text) => text.fmt(f),
        }
    }
}

/// Why a value cannot be what its field is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// The column's index.
    pub column: usize,
    /// What is wrong.
    pub why: String,
}

/// Hands a row's values out in the order of its columns.
pub struct Taker {
    values: std::vec::IntoIter<Value>,
    next: usize,
}

impl Taker {
    /// Starts with the first column.
    pub fn new(values: Vec<Value>) -> Self {
        Self { values: values.into_iter(), next: 0 }
    }

    /// The next value, turned into something by `read`.
    pub fn take<T>(&mut self, read: impl FnOnce(Value) -> Result<T, String>) -> Result<T, Bad> {
        let column = self.next;
        self.next += 1;
        let value = self.values.next().ok_or_else(|| "the query gave too few columns".to_owned());
        value.and_then(read).map_err(|why| Bad { column, why })
    }
}
