//! Recorded decisions of the dispatcher.

pub mod proof;
pub mod show;
