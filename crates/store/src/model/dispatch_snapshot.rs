//! Snapshots of the dispatch engine, and how they are cut into rows.

use mira_core::Hash;

use crate::row::row;

/// The longest piece of a snapshot in bytes: a page of a backup's rows stays small.
pub const SNAPSHOT_PART_BYTES: usize = 64 << 10;

row! {
    /// What the engine was after an input. It is there once all of its pieces are.
    pub struct DispatchSnapshot in "dispatch_snapshot" keyed 1 {
        /// The number of the input.
        pub seq: u64,
        /// The format of its bytes.
        pub format: u32,
        /// The format of the inputs when it was made.
        pub version: u32,
        /// The engine began after the input of this number, 0 for the first: see [`super::DispatchCommit`].
        pub began_after: u64,
        /// How many bytes it has.
        pub bytes: u64,
        /// How many pieces.
        pub parts: u32,
        /// The SHA-256 of its bytes.
        pub hash: Hash,
        /// When it was made, unix milliseconds of the dispatcher's host.
        pub created_ms: i64,
    }
}

row! {
    /// A piece of a snapshot's bytes.
    pub struct SnapshotPart in "dispatch_snapshot_part" keyed 2 {
        /// The snapshot's `seq`.
        pub seq: u64,
        /// Its place among the pieces, from 0.
        pub part: u32,
        /// Up to [`SNAPSHOT_PART_BYTES`].
        pub bytes: Vec<u8>,
    }
}

impl SnapshotPart {
    /// How many pieces so many bytes have.
    pub fn count(bytes: usize) -> usize {
        bytes.div_ceil(SNAPSHOT_PART_BYTES)
    }

    /// Cuts a snapshot into its pieces.
    pub fn cut(seq: u64, bytes: &[u8]) -> Vec<SnapshotPart> {
        let parts = (0u32..).zip(bytes.chunks(SNAPSHOT_PART_BYTES));
        parts.map(|(part, bytes)| SnapshotPart { seq, part, bytes: bytes.to_vec() }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_in_order_and_none_is_too_long() {
        let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(2 * SNAPSHOT_PART_BYTES + 1).collect();
        let parts = SnapshotPart::cut(7, &bytes);
        let sizes: Vec<_> = parts.iter().map(|part| (part.seq, part.part, part.bytes.len())).collect();
        assert_eq!(sizes, [(7, 0, SNAPSHOT_PART_BYTES), (7, 1, SNAPSHOT_PART_BYTES), (7, 2, 1)]);
        assert_eq!(SnapshotPart::count(bytes.len()), 3);
        assert_eq!(parts.into_iter().flat_map(|part| part.bytes).collect::<Vec<_>>(), bytes);
        assert_eq!((SnapshotPart::cut(7, &[]), SnapshotPart::count(0)), (vec![], 0));
    }
}
