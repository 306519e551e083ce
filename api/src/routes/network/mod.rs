//! The network as a whole.

pub mod show;
