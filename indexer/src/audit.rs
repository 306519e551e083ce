//! Audits: accepted results are sampled, other operators compute them again, the outputs are compared.
//!
//! ```text
//! accepted results ─▶ takes ─▶ sampled ─▶ second run ─▶ same: passed
//!                  seed, record                      ─▶ other ─▶ third run ─▶ failed: the provider is wrong
//!                                                                          ─▶ cleared: the second run is wrong
//!                                                                          ─▶ inconclusive: nobody is shown to be
//! ```
//!
//! [`takes`] draws, [`standing`] judges; both are pure. [`Book`] keeps what came of it in the store, where
//! [`crate::reconcile`] and [`crate::epoch`] read it. The reasons are in `docs/decisions/0013`.
//!
//! Deliberately absent: running anything. An audit is an ordinary job that excludes those who ran the shard
//! before; whoever pays for it (`mira audit run`) hands in what came out.

mod book;
mod sample;
mod verdict;

pub use book::{Accepted, Book};
pub use mira_store::model::{AuditCount as Count, AuditRow as Row, AuditRun as Run, AuditState as State};
pub use sample::{FAILURE_WEIGHT, LEAST_BPS, Record, draw, rate_ceil, takes};
pub use verdict::{Ran, Standing, excluded, standing};
