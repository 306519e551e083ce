//! A table's columns and the pieces of statements made of them.

use super::{Column, Row};

/// The text of statements over one table, made once.
pub struct Table {
    /// The table's name.
    pub name: &'static str,
    /// Its columns, the key first.
    pub columns: Vec<Column>,
    /// `a, b, c`: all columns.
    pub list: String,
    /// `a, b`: the key's columns.
    pub key_list: String,
    /// `a = excluded.a, …`: all columns that are not the key.
    pub overwrite: String,
}

impl Table {
    /// The table of a row type.
    pub fn of<R: Row>() -> Self {
        let mut columns = Vec::new();
        R::columns(&mut columns);
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let (key, rest) = names.split_at(R::KEYS);
        let overwrite: Vec<_> = rest.iter().map(|name| format!("{name} = excluded.{name}")).collect();
        Self {
            name: R::TABLE,
            list: names.join(", "),
            key_list: key.join(", "),
            overwrite: overwrite.join(", "),
            columns,
        }
    }

    /// `SELECT every column FROM the table`, to be followed by a condition.
    pub fn select(&self) -> String {
        format!("SELECT {} FROM {}", self.list, self.name)
    }
}
