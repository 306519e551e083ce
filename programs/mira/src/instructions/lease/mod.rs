//! Leases: reserving, paying, ending.

mod close_lease;
mod end_lease;
mod open_lease;
mod release_lease;
mod settle;
mod settle_direct;

pub use close_lease::*;
pub use end_lease::*;
pub use open_lease::*;
pub use release_lease::*;
pub use settle::*;
pub use settle_direct::*;
