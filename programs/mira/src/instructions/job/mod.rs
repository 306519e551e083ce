//! Jobs and their escrow.

mod begin_close_job;
mod close_job;
mod create_job;
mod extend_job;
mod fund_job;
mod update_job;

pub use begin_close_job::*;
pub use close_job::*;
pub use create_job::*;
pub use extend_job::*;
pub use fund_job::*;
pub use update_job::*;
