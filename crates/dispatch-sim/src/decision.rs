//! What one routing decision costs: the router that the service runs, and baselines in the same run.
//!
//! | module | holds |
//! | --- | --- |
//! | [`subject`] | what is measured: ours with its whole bookkeeping, baselines with an array of counters |
//! | [`measure`] | decisions in batches for the rate, one by one for the distribution |
//! | [`report`] | tables, goals, the plot |

pub mod measure;
pub mod report;
pub mod subject;

pub use measure::{Cell, Meter, Run, run};
