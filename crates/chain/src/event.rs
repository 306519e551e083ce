//! The program's events, as a client sees them: identity, raw bytes, and typed form.
//!
//! An event is an inner instruction of the program to itself ([`RawEvent`], found by
//! [`crate::source`]). Its identity ([`EventId`]) comes from the chain alone, so every source of
//! blocks or transactions names it alike. Decoding is strict: an unknown kind, an unknown schema, a
//! byte too many or too few is an error, because a reader that guesses would be silently wrong.

mod aggregate;
mod decode;
mod id;
mod raw;

/// The bodies of the events, as the program defines them.
pub use mira::event as body;

pub use aggregate::{Aggregate, AggregateKind};
pub use decode::{DecodeError, Event};
pub use id::EventId;
pub use raw::{EVENT_TAG, RawEvent};
