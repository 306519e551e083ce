//! Settling one job out of another one's vault: the vault's address derives from the job, and job, lease and
//! provider name each other.

use crate::program::support::{WRONG_ADDRESS, anchor};
use libtest_mimic::Trial;
use mira_chain::pda;
use mira_testkit::scene::FUNDED;
use mira_testkit::step::terms;
use mira_testkit::world::params;
use mira_testkit::{Scene, Step};
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![settles_no_lease_out_of_another_jobs_vault, refunds_no_job_out_of_another_jobs_vault]
}

/// A job of the stranger's, who is rich.
fn rich(scene: &mut Scene) -> Pubkey {
    let Scene { world, stranger, signer, .. } = scene;
    let terms = terms(stranger, signer, None, world.now());
    let job = pda::job(&stranger.pubkey(), terms.job_id);
    world.run(&world.create_job(stranger, &terms));
    world.run(&world.fund_job(stranger, &job, 900_000));
    job
}

fn settles_no_lease_out_of_another_jobs_vault() {
    let mut scene = Scene::lease();
    let rich = rich(&mut scene);
    let Scene { world, requester, signer, operator, lease, job, .. } = &mut scene;
    for step in [world.settle(operator, signer, lease, 100, 1), world.settle_direct(requester, lease, 300, 2)] {
        let vault = step.clone().swap(&pda::escrow(job), &pda::escrow(&rich));
        let books = step.clone().swap(job, &rich);
        let both = vault.clone().swap(job, &rich);
        for bent in [vault, books, both] {
            assert_eq!(world.tampered(&bent), anchor(WRONG_ADDRESS));
        }
        world.run(&step);
    }
    assert_eq!(world.balance(&pda::escrow(job)), Some(FUNDED - 300));
    assert_eq!(world.balance(&pda::escrow(&rich)), Some(900_000));
}

fn refunds_no_job_out_of_another_jobs_vault() {
    let mut scene = Scene::job();
    let rich = rich(&mut scene);
    let Scene { world, requester, job, .. } = &mut scene;
    world.run(&world.begin_close_job(requester, job));
    world.advance(2 * params().job_id_window_secs);
    let step = world.close_job(requester, requester, job);
    let bent: Step = step.clone().swap(&pda::escrow(job), &pda::escrow(&rich));
    assert_eq!(world.tampered(&bent), anchor(WRONG_ADDRESS));
    world.run(&step);
    assert_eq!(world.balance(&pda::escrow(&rich)), Some(900_000));
}
