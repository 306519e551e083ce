//! What handlers ask of the dispatcher, one call per file.

pub mod decision;
pub mod heartbeat;
pub mod offer;
pub mod overview;
pub mod place;
pub mod proof;
pub mod pull;
pub mod quote;
pub mod result;
pub mod shards;
pub mod why;
