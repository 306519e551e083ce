//! Whether the server runs and can be relied on.

pub mod livez;
pub mod metrics;
pub mod readyz;
