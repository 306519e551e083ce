//! Shards: pulled late by whoever is free, handed on when they fail, run twice at the tail.
//!
//! | module | does |
//! | --- | --- |
//! | [`pick`] | which shard a pull gets |
//! | [`assign`] | hands it out |
//! | [`finish`] | takes a result, or takes the shard back |
//! | [`stage`] | queues what waited for a result, near where it lies |

pub(crate) mod assign;
pub(crate) mod finish;
pub(crate) mod pick;
pub(crate) mod stage;
