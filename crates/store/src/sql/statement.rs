//! The text of a statement with its arguments, grown together so that they cannot get apart.

use crate::row::{Field, Row, Value};

/// A statement. Text comes from this crate only; everything from outside is an argument.
#[derive(Debug)]
pub(crate) struct Sql {
    /// With `?` where the arguments go, and nowhere else: SQLite's own form, and the only one that it binds
    /// without searching a list of names for every argument. PostgreSQL's session numbers them.
    pub text: String,
    /// The arguments.
    pub args: Vec<Value>,
    /// What it is for, for messages: "insert rows".
    pub doing: &'static str,
}

impl Sql {
    /// Starts with some text.
    pub fn new(text: &str, doing: &'static str) -> Self {
        Self { text: text.to_owned(), args: Vec::new(), doing }
    }

    /// Starts with `SELECT all columns FROM table`.
    pub fn select<R: Row>(doing: &'static str) -> Self {
        Self { text: R::table().select(), args: Vec::new(), doing }
    }

    /// Appends text.
    pub fn and(mut self, text: &str) -> Self {
        self.text.push_str(text);
        self
    }

    /// Appends a field as placeholders: `?`, or `?, ?, …` for one of several columns.
    pub fn arg(self, field: &impl Field) -> Self {
        let mut values = Vec::new();
        field.put(&mut values);
        self.values(values)
    }

    /// Appends values as placeholders.
    pub fn values(mut self, values: Vec<Value>) -> Self {
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                self.text.push_str(", ");
            }
            self.args.push(value);
            self.text.push('?');
        }
        self
    }

    /// Appends `VALUES (…), (…)`.
    pub fn tuples(mut self, rows: impl IntoIterator<Item = Vec<Value>>) -> Self {
        self.text.push_str("VALUES ");
        for (index, row) in rows.into_iter().enumerate() {
            self = self.and(if index > 0 { ", (" } else { "(" }).values(row).and(")");
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_argument_has_a_placeholder() {
        let sql = Sql::new("SELECT a FROM t WHERE b = ", "test").arg(&7_u32).and(" AND c IN (");
        let sql = sql.tuples([vec![Value::Int(1), Value::Int(2)], vec![Value::Int(3), Value::Int(4)]]).and(")");
        assert_eq!(sql.text, "SELECT a FROM t WHERE b = ? AND c IN (VALUES (?, ?), (?, ?))");
        assert_eq!(sql.args.len(), 5);
    }
}
