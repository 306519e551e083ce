//! The indexer: finalized chain events into tables that anyone can rebuild to the same byte.
//!
//! ```text
//! block source ─▶ step ─▶ batches of proven slots ─▶ apply ─▶ one transaction: ledger, rows, cursor
//!                 pure                               pure
//! ```
//!
//! [`step`] decides what is asked and what is committed, [`apply`] folds events into rows; neither
//! knows a network, a database or a clock. The shell ([`Indexer::spawn`]) only fetches and commits.
//! Money is decided on finalized events only. What cannot be proved or understood stops the cursor
//! ([`Stop`]); nothing is skipped.
//!
//! Above the cursor, [`overlay`] keeps what is confirmed and not final: disposable rows, never money.
//!
//! Several indexers may share a database: one works, the others wait ([`standby`]).
//!
//! Beside the ingest: [`rebuild`] folds the recorded ledger again and compares hashes,
//! [`prove`] shows that nothing is missing from it, [`audit`] draws results and judges what others got for the
//! same, [`reconcile`] holds the three books of each lease against each other, [`restore`] makes an index from a
//! backup, [`prune`] lets go of what is old and not needed, and [`check`] holds the index against the chain's
//! accounts and vaults.
//!
//! Deliberately absent: SQL (the store's), RPC (the chain crate's), and any way to edit a row.

pub mod apply;
pub mod args;
pub mod audit;
pub mod check;
pub mod epoch;
pub mod health;
pub mod overlay;
pub mod process;
pub mod prove;
pub mod prune;
pub mod rebuild;
pub mod reconcile;
pub mod restore;
pub mod standby;
pub mod step;

mod convert;
mod proportion;
mod replay;
mod shell;
mod stop;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use args::FollowArgs;
pub use health::{Health, NotReady, Proof, Standby};
pub use shell::{Config, Handle, Indexer, STREAM, Source, SourceKind, WaitError};
pub use stop::Stop;
