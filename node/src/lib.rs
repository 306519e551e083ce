//! The provider's node: offers capacity, accepts leases, runs shards, reports usage, cashes vouchers.
//!
//! [`Node::spawn`] starts one. It talks to one API (dispatcher, blobs, reports) and to the chain, and trusts neither: a proposal is
//! compared byte for byte with the terms, blobs are hashed, vouchers verified, and nobody's word makes it claim more than it ran.
//! What must survive a crash is in the [`journal`]; what runs is behind [`executor::Executor`]; when to pull, settle, close, release and
//! end is decided in [`policy`], which is pure.
//!
//! Deliberately absent: placement, prices other than its own ask, and any claim about quality. Those are the dispatcher's and the
//! requester's to judge.

mod agent;
mod cache;
mod chain;
mod config;
mod error;
pub mod executor;
mod handle;
pub mod journal;
pub mod machine;
pub mod policy;
pub mod proposal;
pub mod usage;

pub use config::NodeConfig;
pub use error::NodeError;
pub use handle::{CACHE_FOLDER, JOURNAL_FILE, Node, NodeHandle, NodeStatus};
