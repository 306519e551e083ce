//! Providers and stakers.

use super::Row;
use crate::program::stage::{Cost, STAKED, Stage};
use mira_chain::ix::UpdateProviderArgs;
use mira_testkit::world::params;

/// This file's rows.
pub const ROWS: &[Row] = &[
    Row::new("register_provider", "new", register_provider),
    Row::new("update_provider", "everything at once", update_provider),
    Row::new("stake", "a staker's first", stake_first).budget(30_000),
    Row::new("stake", "onto a position with 8 tickets", stake_more).budget(30_000),
    Row::new("request_unstake", "the eighth ticket", request_unstake),
    Row::new("cancel_unstake", "the first of 8 tickets", cancel_unstake),
    Row::new("withdraw_stake", "the first of 8 tickets, by a stranger", withdraw_stake),
];

fn register_provider(seed: u64) -> Cost {
    let mut stage = Stage::network(seed);
    let step = stage.world.register_provider(&stage.owner, &stage.operator);
    stage.cost(&step)
}

fn update_provider(seed: u64) -> Cost {
    let mut stage = Stage::provider(seed);
    let args = UpdateProviderArgs {
        operator: Some(stage.stranger.pubkey()),
        draining: Some(true),
        commission_bps: Some(6_000),
        resource_class: Some(*b"gpu-80gb-of-hbm3"),
        region: Some(*b"ap-south-mumbai1"),
        metadata_hash: Some([0x3d; 32]),
    };
    let payout = stage.world.payment_purse(&stage.stranger.pubkey());
    let step = stage.world.update_provider(&stage.owner, &stage.provider, Some(&payout), args);
    stage.cost(&step)
}

fn stake_first(seed: u64) -> Cost {
    let mut stage = Stage::provider(seed);
    let step = stage.world.stake(&stage.stranger, &stage.provider, STAKED);
    stage.cost(&step)
}

fn stake_more(seed: u64) -> Cost {
    let mut stage = Stage::provider(seed);
    stage.tickets(8);
    let step = stage.world.stake(&stage.delegator, &stage.provider, STAKED);
    stage.cost(&step)
}

fn request_unstake(seed: u64) -> Cost {
    let mut stage = Stage::provider(seed);
    stage.tickets(7);
    let step = stage.world.request_unstake(&stage.delegator, &stage.provider, 1_000_003);
    stage.cost(&step)
}

fn cancel_unstake(seed: u64) -> Cost {
    let mut stage = Stage::provider(seed);
    stage.tickets(8);
    let step = stage.world.cancel_unstake(&stage.delegator, &stage.provider, 0);
    stage.cost(&step)
}

fn withdraw_stake(seed: u64) -> Cost {
    let mut stage = Stage::provider(seed);
    stage.tickets(8);
    stage.world.advance(params().unbonding_secs);
    let step = stage.world.withdraw_stake(&stage.stranger, &stage.delegator, &stage.provider, 0);
    stage.cost(&step)
}
