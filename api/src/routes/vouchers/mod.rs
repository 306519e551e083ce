//! Vouchers.

pub mod create;
