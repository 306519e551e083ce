//! Disputes.

use super::Row;
use crate::program::stage::{CAP, Cost, Stage};
use mira_core::dispute::DisputeKind;
use mira_testkit::world::params;
use solana_sdk::pubkey::Pubkey;

/// This file's rows.
pub const ROWS: &[Row] = &[
    Row::new("open_dispute", "a lease that was paid", open_dispute),
    Row::new("respond_dispute", "contested", respond_dispute),
    Row::new("vote_dispute", "the fourth of seven, which decides", vote_dispute),
    Row::new("resolve_dispute", "upheld: slash, compensation, burn", resolve_upheld),
    Row::new("resolve_dispute", "rejected", resolve_rejected),
    Row::new("resolve_dispute", "dismissed at its deadline", resolve_dismissed),
];

/// How many of seven decide.
const MAJORITY: usize = 4;

/// A lease that was paid in part.
fn paid(seed: u64) -> (Stage, Pubkey) {
    let (mut stage, _, lease) = Stage::lease(seed);
    let Stage { world, operator, signer, .. } = &mut stage;
    world.run(&world.settle(operator, signer, &lease, CAP / 3, 7));
    (stage, lease)
}

fn disputed(seed: u64) -> (Stage, Pubkey) {
    let (mut stage, lease) = paid(seed);
    let Stage { world, requester, .. } = &mut stage;
    world.run(&world.open_dispute(requester, &lease, DisputeKind::BadResult, [0xe1; 32]));
    (stage, lease)
}

/// Contested, and the first `votes` of the seven have voted.
fn voted(seed: u64, votes: usize, uphold: bool) -> (Stage, Pubkey) {
    let (mut stage, lease) = disputed(seed);
    let verifiers = stage.verifiers();
    let Stage { world, owner, .. } = &mut stage;
    world.run(&world.respond_dispute(owner, &lease, Some([0xa2; 32])));
    for verifier in &verifiers[..votes] {
        world.run(&world.vote_dispute(verifier, &lease, uphold));
    }
    (stage, lease)
}

fn open_dispute(seed: u64) -> Cost {
    let (mut stage, lease) = paid(seed);
    let step = stage.world.open_dispute(&stage.requester, &lease, DisputeKind::OverReport, [0xe1; 32]);
    stage.cost(&step)
}

fn respond_dispute(seed: u64) -> Cost {
    let (mut stage, lease) = disputed(seed);
    let step = stage.world.respond_dispute(&stage.owner, &lease, Some([0xa2; 32]));
    stage.cost(&step)
}

fn vote_dispute(seed: u64) -> Cost {
    let (mut stage, lease) = voted(seed, MAJORITY - 1, true);
    let step = stage.world.vote_dispute(&stage.verifiers()[MAJORITY - 1], &lease, true);
    stage.cost(&step)
}

fn resolve_upheld(seed: u64) -> Cost {
    let (mut stage, lease) = voted(seed, MAJORITY, true);
    let step = stage.world.resolve_dispute(&stage.stranger, &lease);
    stage.cost(&step)
}

fn resolve_rejected(seed: u64) -> Cost {
    let (mut stage, lease) = voted(seed, MAJORITY, false);
    let step = stage.world.resolve_dispute(&stage.stranger, &lease);
    stage.cost(&step)
}

fn resolve_dismissed(seed: u64) -> Cost {
    let (mut stage, lease) = voted(seed, MAJORITY - 1, true);
    stage.world.advance(params().dispute.vote_secs);
    let step = stage.world.resolve_dispute(&stage.stranger, &lease);
    stage.cost(&step)
}
