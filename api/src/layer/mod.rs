//! What wraps every request: an id, a log line and figures, and failures written as problems.

mod observe;
mod problems;
mod request_id;

pub use observe::observe;
pub use problems::problems;
pub use request_id::{RequestId, RequestIds, request_id};
