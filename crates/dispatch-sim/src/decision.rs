//! What one routing decision costs: the router that the service runs, and baselines in the same run.
//!
//! | module | holds |
//! | --- | --- |
//! | [`subject`] | what is measured: ours with its whole bookkeeping, baselines with an array of counters |
//! | [`engine`] | what the engine costs around a decision: placements, pulls, passes of the slow path |
//! | [`measure`] | decisions in batches for the rate, one by one for the distribution |
//! | [`report`] | tables, goals, the plot |

pub mod engine;
pub mod measure;
pub mod report;
pub mod subject;

pub use measure::{Cell, Meter, Run, run};

use mira_core::Key;

/// A key that no other number and kind gives.
fn key(number: u64, kind: u8) -> Key {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&number.to_be_bytes());
    key[8] = kind;
    key
}
