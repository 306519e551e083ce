//! What providers' nodes report; every request is signed by the provider's operator.

pub mod heartbeat;
pub mod offers;
pub mod results;
pub mod usage;
pub mod work;
