//! The dangerous checks, each alone in its file so that an auditor reads it once.

pub mod ed25519;
pub mod mint;
pub mod payee;
