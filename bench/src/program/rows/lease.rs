//! Leases from their opening to their end.

use super::Row;
use crate::program::stage::{CAP, Cost, Stage};
use mira_testkit::world::params;

/// This file's rows.
pub const ROWS: &[Row] = &[
    Row::new("open_lease", "of a job with other leases", open_lease).budget(45_000),
    Row::new("settle", "a lease's first voucher", settle_first).budget(40_000),
    Row::new("settle", "a later voucher, by a stranger", settle_more).budget(40_000),
    Row::new("settle_direct", "a later one", settle_direct),
    Row::new("close_lease", "by the operator", close_lease),
    Row::new("release_lease", "partly paid, by a stranger", release_lease),
    Row::new("end_lease", "by a stranger", end_lease),
];

fn open_lease(seed: u64) -> Cost {
    let (mut stage, job, _) = Stage::lease(seed);
    let step = stage.opening(&job);
    stage.cost(&step)
}

fn settle_first(seed: u64) -> Cost {
    let (mut stage, _, lease) = Stage::lease(seed);
    let step = stage.world.settle(&stage.operator, &stage.signer, &lease, CAP / 3, 7);
    stage.cost(&step)
}

fn settle_more(seed: u64) -> Cost {
    let (mut stage, _, lease) = Stage::lease(seed);
    let Stage { world, operator, signer, stranger, .. } = &mut stage;
    world.run(&world.settle(operator, signer, &lease, CAP / 3, 7));
    let step = world.settle(stranger, signer, &lease, CAP / 2, u64::MAX);
    stage.cost(&step)
}

fn settle_direct(seed: u64) -> Cost {
    let (mut stage, _, lease) = Stage::lease(seed);
    let Stage { world, operator, signer, requester, .. } = &mut stage;
    world.run(&world.settle(operator, signer, &lease, CAP / 3, 7));
    let step = world.settle_direct(requester, &lease, CAP / 2, u64::MAX);
    stage.cost(&step)
}

fn close_lease(seed: u64) -> Cost {
    let (mut stage, _, lease) = Stage::lease(seed);
    let step = stage.world.close_lease(&stage.operator, &lease);
    stage.cost(&step)
}

fn release_lease(seed: u64) -> Cost {
    let (mut stage, _, lease) = Stage::lease(seed);
    let Stage { world, operator, signer, stranger, .. } = &mut stage;
    world.run(&world.settle(operator, signer, &lease, CAP / 3, 7));
    world.advance(params().max_lease_secs + params().grace_secs);
    let step = world.release_lease(stranger, &lease);
    stage.cost(&step)
}

fn end_lease(seed: u64) -> Cost {
    let (mut stage, _, lease) = Stage::lease(seed);
    let Stage { world, stranger, .. } = &mut stage;
    world.advance(params().max_lease_secs + params().grace_secs);
    world.run(&world.release_lease(stranger, &lease));
    world.advance(params().dispute_window_secs);
    let step = world.end_lease(stranger, &lease);
    stage.cost(&step)
}
