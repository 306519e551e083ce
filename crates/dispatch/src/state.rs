//! What the engine holds: all of it derives from the recorded inputs, nothing is stored.

pub mod hold;
pub mod job;
pub mod lease;
pub mod provider;
pub mod shard;
