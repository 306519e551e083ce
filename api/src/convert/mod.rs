//! Rows of the store as wire types, by hand: what is shown is a decision of its own, not a copy of the
//! tables.

mod audit;
mod decision;
mod dispatch;
mod dispute;
mod epoch;
mod event;
mod job;
mod lease;
mod network;
mod provider;
mod quote;
mod reconciliation;
mod route;
mod usage;
mod voucher;

pub use audit::audit;
pub use decision::{decision, rejects, why};
pub use dispatch::{dispatch_epoch, proof};
pub use dispute::dispute;
pub use epoch::epoch;
pub use event::{event, ord_text, parse_ord};
pub use job::{job, shards};
pub use lease::lease;
pub use network::{latency, network};
pub use provider::{own_stake, provider};
pub use quote::{promise, quoted, tier_quote};
pub use reconciliation::book_difference;
pub use route::route;
pub use usage::{usage_from_wire, usage_to_wire};
pub use voucher::{voucher_from_wire, voucher_to_wire};

/// A zero-padded label as text.
pub fn label(bytes: &[u8; 16]) -> String {
    String::from_utf8_lossy(bytes).trim_end_matches('\0').to_owned()
}
