//! Dispatch epochs: what a dispatcher signed over its records.

use mira_core::{Hash, Key};

use crate::row::row;

row! {
    /// A closed dispatch epoch. Never changed.
    pub struct DispatchEpoch in "dispatch_epoch" keyed 1 {
        /// Its number, from 1.
        pub number: u64,
        /// The epoch hash that seeded its draws; it follows from the root of the epoch before.
        pub hash: Hash,
        /// The root over all that follows up to `first_route`, which is what is signed.
        pub root: Hash,
        /// The number of its first input.
        pub first_seq: u64,
        /// The number of its last input.
        pub last_seq: u64,
        /// The root over its placement records, by input and then by id.
        pub placement_root: Hash,
        /// How many there are.
        pub placements: u64,
        /// The root over its route records, by number.
        pub route_root: Hash,
        /// How many there are.
        pub routes: u64,
        /// The number of the first of them, from 0.
        pub first_route: u64,
        /// When it was closed, unix milliseconds of the dispatcher's host.
        pub closed_ms: i64,
        /// Whose records they are.
        pub dispatcher: Key,
        /// The genesis hash of the cluster that the signature names.
        pub cluster: Hash,
        /// The dispatcher's signature.
        pub signature: [u8; 64],
    }
}

row! {
    /// Route records that were made in one round, one after the other.
    pub struct RouteBlock in "dispatch_route" keyed 1 {
        /// The number of the first of them, from 0.
        pub first: u64,
        /// How many there are.
        pub records: u32,
        /// The number of the newest input that led to one.
        pub input_seq: u64,
        /// The encoded records, all of the same length.
        pub bytes: Vec<u8>,
    }
}

impl RouteBlock {
    /// The records, each in its encoded form; none if the length is no multiple of their number.
    pub fn each(&self) -> impl Iterator<Item = &[u8]> {
        let records = usize::try_from(self.records).unwrap_or(0);
        let length = self.bytes.len().checked_div(records).filter(|length| length * records == self.bytes.len());
        self.bytes.chunks_exact(length.unwrap_or(usize::MAX).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_cut_into_its_records() {
        let block = RouteBlock { first: 5, records: 3, input_seq: 9, bytes: vec![1, 1, 2, 2, 3, 3] };
        assert_eq!(block.each().collect::<Vec<_>>(), [[1, 1], [2, 2], [3, 3]]);
        assert_eq!(RouteBlock { records: 4, ..block.clone() }.each().count(), 0);
        assert_eq!(RouteBlock { records: 0, ..block }.each().count(), 0);
    }
}
