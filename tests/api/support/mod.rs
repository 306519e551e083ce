//! A server with rows, and clients for it.

pub mod events;
pub mod http;
pub mod interactive;
pub mod work;
pub mod world;

pub use mira_testkit::rows;

pub use http::{assert_problem, refused};
pub use world::World;
