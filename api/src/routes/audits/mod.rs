//! What others got for the same work.

pub mod list;
