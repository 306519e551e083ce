//! Making the network.

mod init_fee_shard;
mod initialize;

pub use init_fee_shard::*;
pub use initialize::*;
