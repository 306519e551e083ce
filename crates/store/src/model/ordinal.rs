//! How events are named and ordered.

/// A transaction's first signature.
pub type Signature = [u8; 64];

/// Which event: unique over the whole chain, and the same whatever source told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId {
    /// The transaction.
    pub signature: Signature,
    /// The index of the outer instruction.
    pub ix: u16,
    /// The index among that instruction's inner ones.
    pub inner_ix: u16,
}

/// The place of an event in the ledger: what pages, ETags and streams go by.
///
/// The order between slots is the chain's. Within a slot it is that of the signatures, which is
/// arbitrary but the same for every indexer; a slot's events are committed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ordinal {
    /// The slot.
    pub slot: u64,
    /// The transaction.
    pub signature: Signature,
    /// The index of the outer instruction.
    pub ix: u16,
    /// The index among that instruction's inner ones.
    pub inner_ix: u16,
}

impl Ordinal {
    /// The event at this place.
    pub fn id(&self) -> EventId {
        EventId { signature: self.signature, ix: self.ix, inner_ix: self.inner_ix }
    }
}
