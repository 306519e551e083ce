//! Dispatch epochs: what the dispatcher signed over its decisions.

pub mod epoch;
pub mod epochs;
