//! How a row struct becomes columns and comes back, once for both engines.
//!
//! A row declared with [`row!`](macro@row) is a list of fields; each field's type knows its columns
//! (`field`). Values travel as [`Value`], which names what is meant (a number, an amount of 64 or
//! 128 bits, bytes, text), and each engine decides how that is stored. The canonical bytes of a row,
//! which the state hash is made of, come from the same values and so cannot differ between engines.

mod field;
mod params;
mod table;
mod value;

pub use field::Field;
pub use table::Table;
pub use value::{Bad, Column, Kind, Taker, Value};

/// A struct that is a row of a table, or the columns of a query.
pub trait Row: Sized + Send + Sync + 'static {
    /// The table's name.
    const TABLE: &'static str;
    /// How many of the first columns name the row.
    const KEYS: usize;

    /// The table's columns and the text of its statements.
    fn table() -> &'static Table;

    /// Appends the columns.
    fn columns(out: &mut Vec<Column>);

    /// Appends the values, one per column.
    fn put(&self, out: &mut Vec<Value>);

    /// Reads the values, one per column.
    fn take(from: &mut Taker) -> Result<Self, Bad>;

    /// The values, one per column.
    fn values(&self) -> Vec<Value> {
        let mut out = Vec::with_capacity(Self::table().columns.len());
        self.put(&mut out);
        out
    }

    /// The row as bytes: the table's name and every value, each with its kind and length, so that
    /// no two different rows are the same bytes.
    fn canonical(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(512);
        Value::Text(Self::TABLE.into()).canonical(&mut out);
        for value in self.values() {
            value.canonical(&mut out);
        }
        out
    }
}

/// Declares a row: a plain struct, the table it belongs to and how many leading columns are its key.
macro_rules! row {
    ($(#[$meta:meta])* $vis:vis struct $name:ident in $table:literal keyed $keys:literal {
        $($(#[$fmeta:meta])* $fvis:vis $field:ident: $type:ty,)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        $vis struct $name { $($(#[$fmeta])* $fvis $field: $type,)* }

        impl $crate::row::Row for $name {
            const TABLE: &'static str = $table;
            const KEYS: usize = $keys;

            fn table() -> &'static $crate::row::Table {
                static TABLE: std::sync::LazyLock<$crate::row::Table> =
                    std::sync::LazyLock::new($crate::row::Table::of::<$name>);
                &TABLE
            }

            fn columns(out: &mut Vec<$crate::row::Column>) {
                $(<$type as $crate::row::Field>::columns(stringify!($field), out);)*
            }

            fn put(&self, out: &mut Vec<$crate::row::Value>) {
                $($crate::row::Field::put(&self.$field, out);)*
            }

            fn take(from: &mut $crate::row::Taker) -> Result<Self, $crate::row::Bad> {
                Ok(Self { $($field: $crate::row::Field::take(from)?,)* })
            }
        }
    };
}
pub(crate) use row;

#[cfg(test)]
mod tests;
