//! Fairness, starvation and deadlines, through the whole engine: a line of providers that pull.

mod deadline;
mod jain;
pub(crate) mod line;
mod starvation;
