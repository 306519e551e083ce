//! A token-frequency and hashed-embedding index of any bytes, with integers only.
//!
//! The point of this module is that it can be computed in pieces: cut an input at token boundaries with [`split`], compute [`Index::of`]
//! for every piece on a different machine, [`Index::merge`] the results, and what comes out equals `Index::of` of the whole input
//! exactly, byte for byte of its [`Index::encode`]d form. Nothing here uses floats, hash maps or randomness, so that two providers
//! that run the same shard give the same output and the same fuel.
//!
//! Deliberately absent: anything that looks across a token boundary (bigrams, windows). It would not merge exactly.
#![forbid(unsafe_code)]

mod embed;
mod encode;
mod index;
mod split;
mod token;

pub use embed::DIMENSIONS;
pub use encode::DecodeError;
pub use index::{Index, MergeError};
pub use split::{SplitError, split};
pub use token::{MAX_KEY_BYTES, is_token_byte};
