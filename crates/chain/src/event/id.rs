//! The identity of an event.

use std::fmt;

/// Names one event on one cluster, from the chain's own numbers.
///
/// Ordered by signature, then position. It is a total order that every source can compute, and it
/// says nothing about time: an aggregate's events are ordered by their `seq`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId {
    /// The transaction's first signature.
    pub signature: [u8; 64],
    /// Index of the outer instruction within the transaction.
    pub ix: u16,
    /// Index of the event within that instruction's inner instructions.
    pub inner_ix: u16,
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signature = bs58::encode(&self.signature).into_string();
        write!(f, "{signature}/{}/{}", self.ix, self.inner_ix)
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
