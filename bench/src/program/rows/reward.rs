//! Fees and the rewards they become.

use super::Row;
use crate::program::stage::{CAP, Cost, Stage};
use mira_chain::pda;
use mira_testkit::world::params;

/// This file's rows.
pub const ROWS: &[Row] = &[
    Row::new("sweep_fees", "a shard that was swept before", sweep_fees),
    Row::new("approve_epoch", "the fifth of five, which decides", approve_epoch),
    Row::new("cancel_epoch", "5 approvals, by the guardian", cancel_epoch),
    Row::new("finalize_epoch", "5 approvals", finalize_epoch),
    Row::new("claim_reward", "2^20 leaves, by a stranger", claim_reward).budget(40_000),
    Row::new("claim_delegation_reward", "a position with 8 tickets, by a stranger", claim_delegation_reward),
];

fn sweep_fees(seed: u64) -> Cost {
    let (mut stage, _, lease) = Stage::lease(seed);
    let Stage { world, operator, signer, stranger, .. } = &mut stage;
    let shard = pda::fee_shard_of(&lease);
    world.run(&world.settle(operator, signer, &lease, CAP / 3, 7));
    world.run(&world.sweep_fees(stranger, shard));
    world.run(&world.settle(operator, signer, &lease, CAP / 2, 8));
    let step = world.sweep_fees(stranger, shard);
    stage.cost(&step)
}

fn approve_epoch(seed: u64) -> Cost {
    let mut stage = Stage::provider(seed);
    let step = stage.disagree_on_epoch(2);
    stage.cost(&step)
}

fn cancel_epoch(seed: u64) -> Cost {
    let mut stage = Stage::provider(seed);
    stage.agree_on_epoch(2);
    let step = stage.world.cancel_epoch(&stage.guardian());
    stage.cost(&step)
}

fn finalize_epoch(seed: u64) -> Cost {
    let mut stage = Stage::provider(seed);
    stage.agree_on_epoch(2);
    stage.world.advance(params().reward.challenge_secs);
    let step = stage.world.finalize_epoch(&stage.stranger);
    stage.cost(&step)
}

fn claim_reward(seed: u64) -> Cost {
    let mut stage = Stage::provider(seed);
    stage.finish_epoch(2);
    let step = stage.claiming(2);
    stage.cost(&step)
}

fn claim_delegation_reward(seed: u64) -> Cost {
    let mut stage = Stage::provider(seed);
    stage.tickets(8);
    stage.finish_epoch(2);
    stage.claim(2);
    let step = stage.world.claim_delegation_reward(&stage.stranger, &stage.delegator, &stage.provider);
    stage.cost(&step)
}
