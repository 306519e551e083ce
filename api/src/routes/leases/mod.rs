//! Leases, with what was reported and vouchered under them.

pub mod list;
pub mod show;
pub mod usage;
pub mod voucher;
