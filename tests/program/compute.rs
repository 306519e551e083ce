//! What instructions cost, measured on the bytecode; the budgets are the design's.

use libtest_mimic::Trial;
use mira_testkit::Scene;
use mira_testkit::scene::STAKED;
use mira_testkit::world::params;

pub fn trials() -> Vec<Trial> {
    trials![budgets_are_kept]
}

/// Compute units at most, by the event of the instruction.
const BUDGETS: [(&str, u64); 4] =
    [("LeaseSettled", 40_000), ("LeaseOpened", 45_000), ("JobCreated", 50_000), ("StakeAdded", 30_000)];

fn budgets_are_kept() {
    let mut scene = Scene::lease();
    let Scene { world, owner, operator, requester, signer, stranger, provider, job, lease, .. } = &mut scene;
    world.run(&world.stake(owner, provider, 5));
    world.run(&world.settle(stranger, signer, lease, 1_000, 1));
    world.run(&world.settle(stranger, signer, lease, 2_000, 2));
    world.run(&world.sweep_fees(stranger, mira_chain::pda::fee_shard_of(lease)));
    world.run(&world.close_lease(operator, lease));
    world.run(&world.release_lease(stranger, lease));
    world.run(&world.begin_close_job(requester, job));
    world.advance(params().dispute_window_secs);
    world.run(&world.end_lease(stranger, lease));
    world.run(&world.close_job(stranger, requester, job));
    world.run(&world.request_unstake(owner, provider, u128::from(STAKED)));
    world.advance(params().unbonding_secs);
    world.run(&world.withdraw_stake(stranger, owner, provider, 0));
    println!("compute units: {:#?}", world.compute_units);
    for (event, budget) in BUDGETS {
        let used = world.compute_units[event];
        assert!(used <= budget, "{event}: {used} compute units, budget {budget}");
    }
}
