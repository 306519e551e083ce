//! Projections: the state that folding all events gives. One file per table.
//!
//! Every row has the `seq` and the `ord` of its last event, and nothing that depends on when or
//! how the events arrived, so two indexers agree to the byte.

mod dispute;
mod epoch;
mod fee_shard;
mod job;
mod key;
mod lease;
mod network;
mod provider;
mod rewards;
mod shadow;
mod stake_position;

pub use dispute::DisputeRow;
pub use epoch::EpochRow;
pub use fee_shard::FeeShardRow;
pub use job::JobRow;
pub use key::KeyPart;
pub use lease::LeaseRow;
pub use network::NetworkRow;
pub use provider::ProviderRow;
pub use rewards::RewardsRow;
pub use shadow::{ProjectionMeta, Set, StateDigest, Swap, SwapReport};
pub use stake_position::StakePositionRow;

use mira_core::Key;

use super::Ordinal;
use crate::row::Row as _;

/// Calls a macro with every projection: variant, row type, key fields, trait method names.
macro_rules! projections {
    ($call:ident) => {
        $call! {
            /// The network.
            Network(NetworkRow) by (config),
            /// Providers.
            Provider(ProviderRow) by (provider),
            /// Stake positions.
            StakePosition(StakePositionRow) by (provider, staker),
            /// Jobs.
            Job(JobRow) by (job),
            /// Leases.
            Lease(LeaseRow) by (lease),
            /// Fee shards.
            FeeShard(FeeShardRow) by (fee_shard),
            /// The reward vault's books.
            Rewards(RewardsRow) by (rewards),
            /// Disputes.
            Dispute(DisputeRow) by (dispute),
            /// Reward epochs.
            Epoch(EpochRow) by (number),
        }
    };
}
pub(crate) use projections;

/// The type of a part of a key: an address, unless it is a number.
macro_rules! key_type {
    (number) => {
        u64
    };
    ($address:ident) => {
        Key
    };
}

macro_rules! define {
    ($($(#[$meta:meta])* $variant:ident($row:ident) by ($($key:ident),+),)*) => {
        /// Which projection, in the order in which the state hash takes them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ProjectionTable { $($(#[$meta])* $variant,)* }

        impl ProjectionTable {
            /// Every table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The table's name in the database.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => <$row as crate::row::Row>::TABLE,)* }
            }
        }

        /// A row of any projection.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Projection { $($(#[$meta])* $variant($row),)* }

        /// The key of a row of any projection. Its order is that of the state hash.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ProjectionKey {
            $($(#[$meta])* $variant { $(#[allow(missing_docs)] $key: key_type!($key)),+ },)*
        }

        impl ProjectionKey {
            /// The table that the key belongs to.
            pub const fn table(&self) -> ProjectionTable {
                match self { $(Self::$variant { .. } => ProjectionTable::$variant,)* }
            }

            /// The key's parts, as the table's first columns have them.
            pub fn parts(&self) -> Vec<KeyPart> {
                match self { $(Self::$variant { $($key),+ } => vec![$(KeyPart::from(*$key)),+],)* }
            }
        }

        impl Projection {
            /// The row's key.
            pub const fn key(&self) -> ProjectionKey {
                match self { $(Self::$variant(row) => ProjectionKey::$variant { $($key: row.$key),+ },)* }
            }

            /// The number of the row's last event.
            pub const fn seq(&self) -> u64 {
                match self { $(Self::$variant(row) => row.seq,)* }
            }

            /// The place of the row's last event.
            pub const fn ord(&self) -> Ordinal {
                match self { $(Self::$variant(row) => row.ord,)* }
            }

            /// The row as bytes, the same on every engine and machine: what `state_hash` hashes.
            pub fn canonical_bytes(&self) -> Vec<u8> {
                match self { $(Self::$variant(row) => row.canonical(),)* }
            }
        }

        $(impl From<$row> for Projection {
            fn from(row: $row) -> Self { Self::$variant(row) }
        })*
    };
}
projections!(define);
