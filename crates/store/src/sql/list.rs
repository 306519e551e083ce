//! Lists with filters and pages.

use super::projections::live;
use super::{Session, Sql, bounded};
use crate::Result;
use crate::model::{Order, Page, PageRequest};
use crate::row::{Field, Row, Value};

/// Columns that must have a value. The columns are named in this crate, never by a caller.
#[derive(Default)]
pub(super) struct Filter {
    equal: Vec<(&'static str, Value)>,
}

impl Filter {
    /// Adds a condition if there is a value.
    pub fn equal<T>(mut self, column: &'static str, value: &Option<T>) -> Self
    where
        T: Field,
    {
        if let Some(value) = value {
            let mut values = Vec::with_capacity(1);
            value.put(&mut values);
            self.equal.extend(values.into_iter().map(|value| (column, value)));
        }
        self
    }

    /// Appends the conditions to a statement that has a `WHERE`.
    pub fn apply(self, sql: Sql) -> Sql {
        self.equal
            .into_iter()
            .fold(sql, |sql, (column, value)| sql.and(" AND ").and(column).and(" = ").values(vec![value]))
    }
}

/// A page of live rows.
pub(super) async fn list<S: Session, R: Row>(session: &mut S, filter: Filter, page: PageRequest) -> Result<Page<R>> {
    let limit = bounded(page.limit);
    let mut sql = filter.apply(live::<R>());
    let key = &R::table().key_list;
    sql = match page.order {
        Order::Key { after: None } => sql.and(" ORDER BY ").and(key),
        Order::Key { after: Some(after) } => {
            sql.and(" AND ").and(key).and(" > ").arg(&after).and(" ORDER BY ").and(key)
        }
        Order::Recent { before } => {
            if let Some(before) = before {
                sql = sql.and(" AND (slot, signature, ix, inner_ix) < (").arg(&before).and(")");
            }
            sql.and(" ORDER BY slot DESC, signature DESC, ix DESC, inner_ix DESC")
        }
    };
    let sql = sql.and(" LIMIT ").values(vec![Value::Int(i64::from(limit) + 1)]);
    Ok(self::page(session.fetch(sql).await?, limit))
}

/// Cuts off the row that only shows that there are more.
pub(super) fn page<R>(mut rows: Vec<R>, limit: u32) -> Page<R> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    Page { rows, more }
}
