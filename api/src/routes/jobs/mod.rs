//! Jobs, their placement and their shards.

pub mod leases;
pub mod list;
pub mod place;
pub mod shards;
pub mod show;
pub mod why;
