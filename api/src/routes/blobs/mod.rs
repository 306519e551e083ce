//! Content-addressed bytes.

pub mod get;
pub mod put;
