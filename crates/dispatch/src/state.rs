//! What the engine holds: all of it derives from the recorded inputs, and a snapshot has all of it.

pub(crate) mod counters;
pub mod history;
pub mod hold;
pub mod job;
pub mod lease;
pub mod provider;
pub mod shard;
pub mod stages;
