//! Which machine a task should take, so that what is left stays of use to the tasks that are yet to come.
//!
//! The measure is fragmentation: how much free GPU a typical task could not use (Weng et al., "Beware of
//! Fragmentation", ATC 2023). A task goes where that rises least. Integers only; a tie goes to the machine that was
//! named first, which fills machines one after the other and keeps the later ones whole.
//!
//! | module | holds |
//! | --- | --- |
//! | [`free`] | what a machine has left, per GPU |
//! | [`workload`] | the typical tasks and how popular they are |
//! | [`frag`] | the published measure, from prefix sums |
//! | [`waste`] | a measure that looks ahead: what will be left of a GPU once tasks have filled it |
//! | [`policy`] | which measure decides, and in which steps |
//! | `tree` | the best machine of one class of tasks, kept in order |
//! | [`cluster`] | place, release, and what a placement would cost |

pub mod cluster;
pub mod frag;
pub mod free;
pub mod policy;
pub mod waste;
pub mod workload;

mod tree;

#[cfg(test)]
mod tests;

pub use cluster::{Cluster, Placed};
pub use free::{Free, GPU_MILLI};
pub use policy::Policy;
pub use workload::{Class, Workload};
