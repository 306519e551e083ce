//! What the comparison of the three books found.

pub mod list;
