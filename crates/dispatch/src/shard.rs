//! Shards: pulled late by whoever is free, handed on when they fail, run twice at the tail.
//!
//! | module | does |
//! | --- | --- |
//! | [`pick`] | which shard a pull gets |
//! | [`assign`] | hands it out |
//! | [`finish`] | takes a result, or takes the shard back |

pub(crate) mod assign;
pub(crate) mod finish;
pub(crate) mod pick;
