//! The database of Mira, and the only crate with SQL.
//!
//! [`open`] gives an `Arc<dyn Store>` over SQLite (the embedded default) or PostgreSQL (what
//! several replicas share). The rows in [`model`] are plain data; the traits in [`repository`] say
//! what can be asked, grouped as the tables are.
//!
//! Each query is written once, in `sql/`: both engines take `$n` parameters, row values, `ON
//! CONFLICT` and `RETURNING`, so the text is the same. What differs (how a u64 is stored, locks,
//! pools) is in `sqlite/` and `postgres/`, and the same test suite runs on both.
//!
//! Deliberately absent: knowledge of events or of the chain's types. Folding events into rows is
//! the indexer's; this crate only keeps them, all or nothing.

pub mod archive;
#[cfg(feature = "scratch")]
pub mod conformance;
pub mod error;
pub mod model;
pub mod repository;
#[cfg(feature = "scratch")]
pub mod scratch;
pub mod standby;

mod inspect;
mod open;
mod postgres;
mod row;
mod sql;
mod sqlite;

pub use archive::{BackupError, BackupHead};
pub use error::{Error, Result};
pub use inspect::{Inspection, inspect};
pub use open::open;
pub use postgres::PgStore;
pub use repository::{Index, Store};
pub use sqlite::SqliteStore;
