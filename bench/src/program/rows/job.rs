//! Jobs and their escrow.

use super::Row;
use crate::program::stage::{CAP, Cost, Stage};
use mira_testkit::world::params;

/// This file's rows.
pub const ROWS: &[Row] = &[
    Row::new("create_job", "with a dispatcher", create_job).budget(50_000),
    Row::new("fund_job", "a top-up while a lease is open", fund_job),
    Row::new("extend_job", "while leases are open", extend_job),
    Row::new("update_job", "while leases are open", update_job),
    Row::new("begin_close_job", "while leases are open", begin_close_job),
    Row::new("close_job", "after a lease was paid, by a stranger", close_job),
];

fn create_job(seed: u64) -> Cost {
    let mut stage = Stage::provider(seed);
    let step = stage.world.create_job(&stage.requester, &stage.terms(0));
    stage.cost(&step)
}

fn fund_job(seed: u64) -> Cost {
    let (mut stage, job, _) = Stage::lease(seed);
    let step = stage.world.fund_job(&stage.requester, &job, CAP);
    stage.cost(&step)
}

fn extend_job(seed: u64) -> Cost {
    let (mut stage, job, _) = Stage::lease(seed);
    let deadline = stage.world.now() + i64::from(params().max_job_secs);
    let step = stage.world.extend_job(&stage.requester, &job, deadline);
    stage.cost(&step)
}

fn update_job(seed: u64) -> Cost {
    let (mut stage, job, _) = Stage::lease(seed);
    let (signer, dispatcher) = (stage.stranger.pubkey(), stage.delegator.pubkey());
    let step = stage.world.update_job(&stage.requester, &job, &signer, Some(&dispatcher));
    stage.cost(&step)
}

fn begin_close_job(seed: u64) -> Cost {
    let (mut stage, job, _) = Stage::lease(seed);
    let step = stage.world.begin_close_job(&stage.requester, &job);
    stage.cost(&step)
}

fn close_job(seed: u64) -> Cost {
    let mut stage = Stage::provider(seed);
    let job = stage.job(0);
    let lease = stage.open(&job);
    let Stage { world, signer, stranger, requester, .. } = &mut stage;
    world.run(&world.settle(stranger, signer, &lease, CAP / 2, 7));
    world.advance(params().max_job_secs);
    world.run(&world.release_lease(stranger, &lease));
    let step = world.close_job(stranger, requester, &job);
    stage.cost(&step)
}
