//! Disputes: challenging, answering, judging, ending.

mod open_dispute;
mod resolve_dispute;
mod respond_dispute;
mod vote_dispute;

pub use open_dispute::*;
pub use resolve_dispute::*;
pub use respond_dispute::*;
pub use vote_dispute::*;
