//! Sets of rows beside the live one: what a rebuild folds and then swaps in, and what is only confirmed.

use mira_core::Hash;

use super::super::{Claim, Ordinal};
use crate::row::row;

/// Which set of projection rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Set {
    /// What readers see.
    Live = 0,
    /// What a rebuild writes.
    Shadow = 1,
    /// What is confirmed and not final: disposable.
    Confirmed = 2,
}

row! {
    /// What made the live set.
    pub struct ProjectionMeta in "projection_meta" keyed 1 {
        /// The set's name: the stream whose events were folded.
        pub name: String,
        /// The version of the folding code.
        pub code_version: u32,
        /// The slot up to which was folded when it was swapped in; 0 if it was followed from the start.
        pub cursor: u64,
        /// The hash of the set at that slot.
        pub state_hash: Hash,
    }
}

/// An order to put the shadow set in the live one's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swap {
    /// The right to write, and the slot up to which the shadow set was folded: it must be the cursor.
    pub claim: Claim,
    /// The version of the folding code.
    pub code_version: u32,
}

/// What a swap did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwapReport {
    /// The live set's hash before.
    pub before: Hash,
    /// Its hash now.
    pub after: Hash,
    /// Its rows now.
    pub rows: u64,
}

/// The hash of a set and where the cursor stood, read in one snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateDigest {
    /// The hash.
    pub hash: Hash,
    /// How many rows it covers.
    pub rows: u64,
    /// The largest place among the rows' last events.
    pub last: Option<Ordinal>,
    /// The cursor's slot.
    pub cursor: Option<u64>,
}
