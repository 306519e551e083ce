//! Route records, many at a time.
//!
//! Requests are routed in microseconds and far more often than anything is written. So the records that one input led to
//! are kept as one block. An epoch's tree of routes is over blocks; a record is proven within its block and the block
//! within the epoch.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::hash::{Sha2, Sha256};
use mira_core::{Hash, merkle};

use crate::proof::tree::{Kind, leaf};

/// Starts what a block's leaf hashes.
const BLOCK_TAG: &[u8] = b"mira:dispatch-block:v1:";

/// Route records that are kept together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RouteBlock {
    /// `merkle::root` over the leaves of its records.
    pub root: Hash,
    /// How many records it has.
    pub count: u32,
}

impl RouteBlock {
    /// The block of these records, each in its recorded form.
    pub fn of<'a>(records: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let leaves = leaves(records);
        RouteBlock { root: merkle::root::<Sha2>(&leaves), count: u32::try_from(leaves.len()).unwrap_or(u32::MAX) }
    }

    /// Its leaf in the epoch's tree, when its first record has this number.
    pub fn leaf(&self, first: u64) -> Hash {
        Sha2::hashv(&[BLOCK_TAG, &first.to_le_bytes(), &self.count.to_le_bytes(), &self.root])
    }
}

/// The leaves of route records, each in its recorded form.
pub fn leaves<'a>(records: impl IntoIterator<Item = &'a [u8]>) -> Vec<Hash> {
    records.into_iter().map(|record| leaf(Kind::Route, record)).collect()
}
