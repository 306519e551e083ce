//! Mira's HTTP API and, in the same process, its dispatcher.
//!
//! Reads answer from the finalized projections that the indexer keeps; writes are what needs no
//! transaction: blobs, placement, vouchers, and what providers' nodes report. [`Api::spawn`] starts a
//! server on an address and stops it when a token is cancelled.
//!
//! | module | holds |
//! | --- | --- |
//! | [`config`], [`server`], [`state`] | what a server is started with, its life, what its handlers share |
//! | [`router`], [`docs`] | all routes with their time limits, and the OpenAPI document they make |
//! | [`routes`] | one endpoint per file |
//! | [`auth`] | requests signed by a provider's operator |
//! | [`extract`], [`layer`], [`problem`] | reading requests, wrapping them, and answering failures |
//! | [`convert`] | rows of the store as wire types, by hand |
//! | [`dispatch`] | the dispatch engine's wiring to the store and the chain |
//! | [`blobs`] | content-addressed bytes |
//! | [`health`], [`telemetry`] | how far the index is; metrics |
//!
//! Deliberately absent: transactions built for wallets, people's sign-in and rate limits, which come
//! with the public deployment; and any money decision: those are the program's.

pub mod auth;
pub mod blobs;
pub mod config;
pub mod convert;
pub mod cursor;
pub mod dispatch;
pub mod docs;
pub mod extract;
pub mod health;
pub mod layer;
pub mod problem;
pub mod router;
pub mod routes;
pub mod server;
pub mod service;
pub mod state;
pub mod telemetry;

pub use config::{ApiConfig, Limits};
pub use health::IndexHealth;
pub use router::openapi_json;
pub use server::{Api, ApiError, Running};
