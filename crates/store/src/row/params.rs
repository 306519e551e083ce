//! The network's parameters as columns of the row that holds them.

use mira_core::amount::{Bps, Stake, StakePerMillion};
use mira_core::params::{DisputeParams, Params, RewardParams};

use super::{Bad, Column, Field, Taker, Value};

/// Implements [`Field`] for structs: each field in columns of the given name, in this order.
macro_rules! compounds {
    ($($type:ident { $($field:ident: $of:ty = $column:literal,)* })*) => {$(
        impl Field for $type {
            fn columns(_: &str, out: &mut Vec<Column>) {
                $(<$of as Field>::columns($column, out);)*
            }
            fn put(&self, out: &mut Vec<Value>) {
                $(Field::put(&self.$field, out);)*
            }
            fn take(from: &mut Taker) -> Result<Self, Bad> {
                Ok(Self { $($field: Field::take(from)?,)* })
            }
        }
    )*};
}

compounds! {
    Params {
        fee_bps: Bps = "fee",
        min_stake: Stake = "min_stake",
        stake_per_million: StakePerMillion = "stake_per_million",
        unbonding_secs: u32 = "unbonding_secs",
        max_lease_secs: u32 = "max_lease_secs",
        max_job_secs: u32 = "max_job_secs",
        grace_secs: u32 = "grace_secs",
        dispute_window_secs: u32 = "dispute_window_secs",
        job_id_window_secs: u32 = "job_id_window_secs",
        dispute: DisputeParams = "",
        reward: RewardParams = "",
    }
    DisputeParams {
        bond_bps: Bps = "bond",
        min_bond: Stake = "min_bond",
        respond_secs: u32 = "respond_secs",
        vote_secs: u32 = "vote_secs",
        jail_secs: u32 = "jail_secs",
        max_slash_bps: Bps = "max_slash",
    }
    RewardParams {
        share_bps: Bps = "reward_share",
        epoch_secs: u32 = "epoch_secs",
        challenge_secs: u32 = "challenge_secs",
        stale_secs: u32 = "stale_secs",
    }
}
