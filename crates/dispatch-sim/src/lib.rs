//! Dispatch policies side by side: the same engine that the service runs, the baselines of the field, and bounds, on
//! real or synthetic traces. A simulated network stands for the real one; nothing here does I/O but reading traces.
//!
//! Floats are allowed here: these are measurements, not decisions.

pub mod decision;
pub mod faults;
pub mod interactive;
pub mod parallel;
pub mod placement;
pub mod report;
pub mod rng;
pub mod stats;
pub mod trace;
