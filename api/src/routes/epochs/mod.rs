//! Reward epochs.

pub mod list;
pub mod show;
