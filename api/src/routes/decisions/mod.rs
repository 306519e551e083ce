//! Recorded decisions of the dispatcher.

pub mod show;
