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
//! | [`index`], `sample` | who is looked at at all |
//! | [`view`] | what a decision reads of the network |
//! | [`score`] | who serves it best |
//! | [`choose`] | one lease's provider |
//! | [`plan`], `survey` | how many leases, how large, and whether there are enough owners |
//! | `typical` | what the jobs to come are taken to ask of machines |

pub mod ask;
pub mod choose;
pub mod draw;
pub mod index;
pub mod limit;
pub mod plan;
mod sample;
pub mod score;
mod survey;
pub(crate) mod typical;
pub mod view;
