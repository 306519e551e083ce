//! What every reply carries beside its data: where the index stands, and the next page.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::U64Str;

/// The most items a page may hold.
pub const MAX_LIMIT: u32 = 100;
/// The items of a page when no limit is given.
pub const DEFAULT_LIMIT: u32 = 50;

/// Where the index stood when the reply was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Context {
    /// The last slot folded into what this reply shows.
    pub slot: U64Str,
    /// Of which commitment the data is: always `finalized` so far.
    #[schema(example = "finalized")]
    pub commitment: String,
    /// By how many slots the index trails the cluster's finalized tip, as last seen.
    pub lag_slots: U64Str,
}

/// One thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reply<T> {
    /// Where the index stood.
    pub context: Context,
    /// The thing asked for.
    pub data: T,
}

/// A page of things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// Where the index stood.
    pub context: Context,
    /// The things, in the endpoint's order.
    pub data: Vec<T>,
    /// Give this as `cursor` for the next page; absent at the end. Opaque.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// The paging parameters of every list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// From 1 to 100; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Builds a query string from the parameters that are set.
#[derive(Debug, Default)]
pub(crate) struct QueryString(String);

impl QueryString {
    /// Adds `name=value` if there is a value. Values are labels, keys, cursors and numbers: nothing that
    /// needs escaping.
    pub(crate) fn push<T: ToString>(mut self, name: &str, value: Option<&T>) -> Self {
        if let Some(value) = value {
            self.0.push(if self.0.is_empty() { '?' } else { '&' });
            self.0.push_str(name);
            self.0.push('=');
            self.0.push_str(&value.to_string());
        }
        self
    }

    /// The query string with its `?`, or nothing.
    pub(crate) fn finish(self) -> String {
        self.0
    }
}

/// Something that becomes a query string.
pub trait Query {
    /// The query string with its `?`, or nothing.
    fn to_query(&self) -> String;
}

impl Query for PageQuery {
    fn to_query(&self) -> String {
        QueryString::default().push("limit", self.limit.as_ref()).push("cursor", self.cursor.as_ref()).finish()
    }
}

/// Declares a list's query: its filters, then the paging parameters of [`PageQuery`] and `sort`.
/// Flat, because a nested structure cannot be read from a query string.
macro_rules! list_query {
    ($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::IntoParams)]
        #[into_params(parameter_in = Query)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$fmeta])*
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub $field: Option<$type>,)*
            /// `key` (the default: stable) or `recent` (last changed first).
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub sort: Option<String>,
            /// From 1 to 100; 50 if absent.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[param(minimum = 1, maximum = 100)]
            pub limit: Option<u32>,
            /// `next_cursor` of the page before, of the same `sort`.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub cursor: Option<String>,
        }

        impl $crate::page::Query for $name {
            fn to_query(&self) -> String {
                $crate::page::QueryString::default()
                    $(.push(stringify!($field), self.$field.as_ref()))*
                    .push("sort", self.sort.as_ref())
                    .push("limit", self.limit.as_ref())
                    .push("cursor", self.cursor.as_ref())
                    .finish()
            }
        }
    };
}
pub(crate) use list_query;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_set_is_written() {
        assert_eq!(PageQuery::default().to_query(), "");
        let query = PageQuery { limit: Some(3), cursor: Some("abc".to_owned()) };
        assert_eq!(query.to_query(), "?limit=3&cursor=abc");
    }
}
