//! One file for each kind of input.

pub(crate) mod done;
pub(crate) mod failed;
pub(crate) mod first_token;
pub(crate) mod heartbeat;
pub(crate) mod hedge;
pub(crate) mod job;
pub(crate) mod offer;
pub(crate) mod place;
pub(crate) mod provider;
pub(crate) mod pull;
pub(crate) mod route;
pub(crate) mod route_end;
pub(crate) mod rtt;
pub(crate) mod start;
pub(crate) mod tick;
