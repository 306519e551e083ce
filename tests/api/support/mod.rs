//! A server with rows, and clients for it.

pub mod events;
pub mod http;
pub mod rows;
pub mod work;
pub mod world;

pub use http::{assert_problem, refused};
pub use world::World;
