//! Placement: which providers serve a job.
//!
//! Hard limits reject and never fail open; the rest are drawn, scored, and the best one wins. Each
//! choice leaves a record.
//!
//! | module | decides |
//! | --- | --- |
//! | [`ask`] | what one lease asks of a provider |
//! | [`limit`] | who may not serve it, and by which rule |
//! | [`draw`] | in which order candidates are looked at |
//! | [`score`] | who serves it best |
//! | [`choose`] | one lease's provider |
//! | [`plan`] | how many leases, how large |
//! | `typical` | what the jobs to come are taken to ask of machines |

pub mod ask;
pub mod choose;
pub mod draw;
pub mod limit;
pub mod plan;
pub mod score;

pub(crate) mod typical;
