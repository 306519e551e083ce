//! What travels between Mira's HTTP API and its clients: the JSON shapes, the problem types, the
//! signing of a provider's requests, and a typed client.
//!
//! The server (`api`), the provider node, the requester and the command line all depend on this
//! crate, so that a shape is written once; none of them depends on the server. Domain types never
//! derive `Serialize`: every conversion between them and these shapes is written by hand, where it
//! is used.
//!
//! Conventions: snake_case names; every 64- and 128-bit integer is a decimal string ([`U64Str`],
//! [`U128Str`]), because JSON numbers lose digits above 2^53 in most readers; public keys are
//! base58 of 32 bytes ([`KeyStr`]), hashes 64 lower-case hexadecimal digits ([`HashHex`]),
//! signatures base58 of 64 bytes ([`SigStr`]); times are RFC 3339 in UTC ([`Time`]). Amounts are
//! base units: of the stake mint where the name says stake or exposure, else of the payment mint.
//! Tiers, unit kinds, resource classes and regions are lower-case strings as in `mira_core`.
//!
//! Deliberately absent: hex or number alternatives for any of these on input. One spelling is
//! accepted, so that a signed or hashed document has one form.

pub mod audit;
pub mod blob;
pub mod bytes;
pub mod client;
pub mod clock;
pub mod decision;
pub mod dispatch;
pub mod dispute;
pub mod epoch;
pub mod event;
pub mod health;
pub mod index;
pub mod job;
pub mod lease;
pub mod network;
pub mod node;
pub mod number;
pub mod page;
pub mod problem;
pub mod provider;
pub mod quote;
pub mod reconciliation;
pub mod request;
pub mod resources;
pub mod route;
pub mod service;
pub mod spec;
pub mod tier;
pub mod time;
pub mod usage;
pub mod voucher;

pub use bytes::{HashHex, KeyStr, ParseBytesError, SigStr};
pub use number::{ParseNumberError, U64Str, U128Str};
pub use page::{Context, Page, PageQuery, Query, Reply};
pub use problem::{Kind, Problem};
pub use time::Time;
