//! Whole lives of jobs, leases and stake.

use super::cast::Cast;
use libtest_mimic::Trial;
use mira_chain::pda;
use mira_testkit::scene::{CAP, STAKED};
use mira_testkit::step::lease_terms;
use mira_testkit::world::params;

pub fn trials() -> Vec<Trial> {
    trials![
        a_job_is_paid_for_and_closed,
        a_lease_that_nobody_uses_is_cranked_to_its_end,
        delegators_come_and_go,
        two_providers_share_a_job,
    ]
}

fn a_job_is_paid_for_and_closed() {
    let mut cast = Cast::lease();
    let Cast { pair, owner, operator, requester, signer, stranger, provider, job, lease, .. } = &mut cast;
    pair.run(|world| world.settle(stranger, signer, lease, 1_000, 1));
    pair.run(|world| world.settle(operator, signer, lease, CAP + 7, 2));
    pair.run(|world| world.sweep_fees(stranger, pda::fee_shard_of(lease)));
    pair.run(|world| world.close_lease(operator, lease));
    pair.run(|world| world.release_lease(stranger, lease));
    pair.run(|world| world.begin_close_job(requester, job));
    pair.both(|world| world.advance(params().dispute_window_secs));
    pair.run(|world| world.end_lease(stranger, lease));
    pair.both(|world| world.advance(params().max_job_secs));
    pair.run(|world| world.close_job(stranger, requester, job));
    pair.run(|world| world.request_unstake(owner, provider, u128::from(STAKED)));
    pair.both(|world| world.advance(params().unbonding_secs));
    pair.run(|world| world.withdraw_stake(stranger, owner, provider, 0));
    assert!(pair.elf.model.jobs.is_empty() && pair.elf.model.leases.is_empty());
}

fn a_lease_that_nobody_uses_is_cranked_to_its_end() {
    let mut cast = Cast::lease();
    let Cast { pair, requester, stranger, job, lease, .. } = &mut cast;
    pair.both(|world| world.advance(params().max_job_secs));
    pair.run(|world| world.release_lease(stranger, lease));
    pair.both(|world| world.advance(params().max_job_secs));
    pair.run(|world| world.end_lease(stranger, lease));
    pair.run(|world| world.close_job(stranger, requester, job));
}

fn delegators_come_and_go() {
    let mut cast = Cast::job();
    let Cast { pair, requester, signer, stranger, provider, .. } = &mut cast;
    for (staker, amount) in [(&*requester, 1), (signer, 7_777), (stranger, 33_333)] {
        pair.run(|world| world.stake(staker, provider, amount));
        pair.run(|world| world.stake(staker, provider, amount + 1));
    }
    for shares in [1, 3_000, 4_778] {
        pair.run(|world| world.request_unstake(signer, provider, shares));
        pair.both(|world| world.advance(1));
    }
    pair.both(|world| world.advance(params().unbonding_secs));
    for ticket in [1, 0, 0] {
        pair.run(|world| world.withdraw_stake(stranger, signer, provider, ticket));
    }
}

fn two_providers_share_a_job() {
    let mut cast = Cast::lease();
    let Cast { pair, dispatcher, requester, signer, stranger, job, lease, .. } = &mut cast;
    pair.both(|world| drop((world.actor("second owner"), world.actor("second operator"))));
    let (owner, operator) = (mira_testkit::Actor::new("second owner"), mira_testkit::Actor::new("second operator"));
    let provider = pda::provider(&owner.pubkey());
    pair.run(|world| world.register_provider(&owner, &operator));
    pair.run(|world| world.stake(&owner, &provider, STAKED));
    let second = pair.elf.next_lease(job, &provider);
    pair.run(|world| world.open_lease(&operator, dispatcher, (job, &provider), &lease_terms(CAP, world.now())));
    for amount in [1, 2, 999, 12_345] {
        pair.run(|world| world.settle(stranger, signer, lease, amount, amount));
        pair.run(|world| world.settle(stranger, signer, &second, amount / 2 + 1, amount));
    }
    pair.run(|world| world.close_lease(requester, lease));
    pair.run(|world| world.close_lease(&operator, &second));
}
