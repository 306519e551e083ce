//! Reading requests: bodies, path parameters and queries, each failure with its own problem.

mod body;
mod params;

pub use body::{Body, parse, read};
pub use params::{Address, Decision, Name, Number, Params};
