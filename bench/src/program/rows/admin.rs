//! The network itself.

use super::Row;
use crate::program::stage::{Cost, Stage, bytes};
use mira_chain::pda;
use mira_core::amount::Bps;
use mira_core::params::Params;
use mira_testkit::world::params;
use mira_testkit::{Actor, World};

/// This file's rows.
pub const ROWS: &[Row] = &[
    Row::new("initialize", "once in the life of a network", initialize),
    Row::new("init_fee_shard", "each of the sixteen", init_fee_shard),
    Row::new("update_params", "all keys named", update_params),
    Row::new("propose_admin", "another one is proposed", propose_admin),
    Row::new("accept_admin", "all keys named", accept_admin),
    Row::new("set_guardian", "all keys named", set_guardian),
    Row::new("set_pause", "by the guardian", set_pause),
    Row::new("set_reward_authorities", "5 for 5 others, an epoch pending", set_reward_authorities),
    Row::new("set_verifiers", "7 for 7 others", set_verifiers),
    Row::new("withdraw_treasury", "all of it", withdraw_treasury),
];

/// Its accounts have one address each, so all worlds cost the same.
fn initialize(_: u64) -> Cost {
    let mut world = World::bare();
    let (instruction, admin) = (world.initialize_instruction(), world.admin.clone());
    let bytes = bytes(std::slice::from_ref(&instruction), &world.payer.pubkey());
    let sent = world.send(&[instruction], &[&admin]).expect("a bare world can be initialized");
    Cost { compute_units: sent.compute_units_consumed, bytes }
}

fn init_fee_shard(seed: u64) -> Cost {
    let shard = u8::try_from(seed % u64::from(pda::FEE_SHARDS)).expect("there are sixteen");
    let mut stage = Stage::without_shard(seed, shard);
    let step = stage.world.init_fee_shard(&stage.stranger, shard);
    stage.cost(&step)
}

/// A stage where everything is named, and its admin.
fn governed(seed: u64) -> (Stage, Actor) {
    let stage = Stage::network(seed);
    let admin = stage.world.admin.clone();
    (stage, admin)
}

fn update_params(seed: u64) -> Cost {
    let (mut stage, admin) = governed(seed);
    let params = Params { fee_bps: Bps::new(99).expect("a rate"), ..params() };
    let step = stage.world.update_params(&admin, &params);
    stage.cost(&step)
}

fn propose_admin(seed: u64) -> Cost {
    let (mut stage, admin) = governed(seed);
    let step = stage.world.propose_admin(&admin, &stage.stranger);
    stage.cost(&step)
}

fn accept_admin(seed: u64) -> Cost {
    let mut stage = Stage::network(seed);
    let next = stage.actor("next admin");
    let step = stage.world.accept_admin(&next);
    stage.cost(&step)
}

fn set_guardian(seed: u64) -> Cost {
    let (mut stage, admin) = governed(seed);
    let step = stage.world.set_guardian(&admin, &stage.stranger);
    stage.cost(&step)
}

fn set_pause(seed: u64) -> Cost {
    let mut stage = Stage::network(seed);
    let step = stage.world.set_pause(&stage.guardian(), true);
    stage.cost(&step)
}

/// As many other keys as there are.
fn others(stage: &Stage, keys: &[Actor]) -> Vec<solana_sdk::pubkey::Pubkey> {
    stage.keys(&keys.iter().map(|key| Actor::new(&format!("another {}", key.name))).collect::<Vec<_>>())
}

fn set_reward_authorities(seed: u64) -> Cost {
    let mut stage = Stage::provider(seed);
    stage.agree_on_epoch(2);
    let (admin, keys) = (stage.world.admin.clone(), others(&stage, &stage.authorities()));
    let step = stage.world.set_reward_authorities(&admin, &keys);
    stage.cost(&step)
}

fn set_verifiers(seed: u64) -> Cost {
    let (mut stage, admin) = governed(seed);
    let keys = others(&stage, &stage.verifiers());
    let step = stage.world.set_verifiers(&admin, &keys);
    stage.cost(&step)
}

fn withdraw_treasury(seed: u64) -> Cost {
    let mut stage = Stage::provider(seed);
    let Stage { world, .. } = &mut stage;
    let (admin, mint) = (world.admin.clone(), world.payment_mint);
    world.put_purse(&admin.pubkey(), mint, 0);
    let all = world.balance(&pda::treasury()).expect("there is a treasury");
    let step = world.withdraw_treasury(&admin, all);
    stage.cost(&step)
}
