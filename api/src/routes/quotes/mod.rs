//! Quotes.

pub mod create;
