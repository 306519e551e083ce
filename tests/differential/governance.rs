//! The network's own affairs: keys, parameters, epochs and the treasury.

use super::cast::Cast;
use libtest_mimic::Trial;
use mira_chain::ix::UpdateProviderArgs;
use mira_chain::pda;
use mira_core::amount::{Bps, Payment};
use mira_core::epoch::Epoch;
use mira_core::hash::Sha2;
use mira_core::merkle;
use mira_core::params::Params;
use mira_testkit::Actor;
use mira_testkit::scene::CAP;
use mira_testkit::world::params;

pub fn trials() -> Vec<Trial> {
    trials![keys_and_parameters_change, an_epoch_becomes_rewards, everything_that_can_be_changed_later]
}

fn keys_and_parameters_change() {
    let mut cast = Cast::lease();
    let Cast { pair, stranger, dispatcher, .. } = &mut cast;
    let keys = |count: u8| -> Vec<_> { (0..count).map(|at| Actor::new(&format!("key {at}")).pubkey()).collect() };
    let other = Params { fee_bps: Bps::new(250).unwrap(), unbonding_secs: 300, ..params() };
    pair.run(|world| world.update_params(&world.admin, &other));
    pair.run(|world| world.set_reward_authorities(&world.admin, &keys(5)));
    pair.run(|world| world.set_verifiers(&world.admin, &keys(7)));
    pair.run(|world| world.set_verifiers(&world.admin, &keys(2)));
    pair.run(|world| world.set_guardian(&world.admin, dispatcher));
    pair.run(|world| world.set_pause(dispatcher, true));
    pair.run(|world| world.propose_admin(&world.admin, stranger));
    pair.run(|world| world.accept_admin(stranger));
    pair.run(|world| world.set_pause(stranger, false));
}

fn an_epoch_becomes_rewards() {
    let mut cast = Cast::lease();
    let Cast { pair, signer, stranger, requester, dispatcher, provider, lease, .. } = &mut cast;
    let keys = [requester.pubkey(), dispatcher.pubkey()];
    pair.run(|world| world.stake(stranger, provider, 2_000_000));
    pair.run(|world| world.settle(stranger, signer, lease, CAP, 7));
    pair.run(|world| world.sweep_fees(stranger, pda::fee_shard_of(lease)));
    pair.run(|world| world.set_reward_authorities(&world.admin, &keys));
    pair.both(|world| world.advance(params().reward.epoch_secs));
    let (fees, reward, proof) = (CAP / 100, 150, [[7; 32], [8; 32], [9; 32]]);
    let leaf = merkle::leaf::<Sha2>(&provider.to_bytes(), Payment::new(reward));
    let epoch = Epoch {
        index: 1,
        root: merkle::climb::<Sha2>(leaf, &proof),
        cumulative_fees: Payment::new(fees),
        cumulative_total: Payment::new(reward),
        report_hash: [0x4e; 32],
    };
    pair.run(|world| world.approve_epoch(requester, &epoch));
    pair.run(|world| world.approve_epoch(dispatcher, &epoch));
    pair.run(|world| world.cancel_epoch(&world.admin));
    pair.run(|world| world.approve_epoch(dispatcher, &epoch));
    pair.run(|world| world.approve_epoch(requester, &epoch));
    pair.both(|world| world.advance(params().reward.challenge_secs));
    pair.run(|world| world.finalize_epoch(stranger));
    assert!(pair.agree(|world| world.claim_reward(stranger, provider, reward + 1, &proof)).is_err());
    pair.run(|world| world.claim_reward(stranger, provider, reward, &proof));
    pair.run(|world| world.claim_delegation_reward(requester, stranger, provider));
    pair.both(|world| {
        let (admin, mint) = (world.admin.pubkey(), world.payment_mint);
        world.put_purse(&admin, mint, 0);
    });
    pair.run(|world| world.withdraw_treasury(&world.admin, fees - reward));
}

fn everything_that_can_be_changed_later() {
    let mut cast = Cast::lease();
    let Cast { pair, owner, requester, signer, stranger, provider, job, lease, .. } = &mut cast;
    pair.run(|world| world.settle_direct(requester, lease, CAP / 7, 1));
    pair.run(|world| world.settle(stranger, signer, lease, CAP / 6, 2));
    pair.run(|world| world.extend_job(requester, job, world.now() + i64::from(params().max_job_secs)));
    pair.run(|world| world.update_job(requester, job, &stranger.pubkey(), None));
    let payout = pair.elf.payment_purse(&stranger.pubkey());
    let args = UpdateProviderArgs {
        operator: Some(stranger.pubkey()),
        draining: Some(true),
        commission_bps: Some(2_000),
        resource_class: Some([b'g'; 16]),
        region: None,
        metadata_hash: Some([3; 32]),
    };
    pair.run(|world| world.update_provider(owner, provider, Some(&payout), args.clone()));
    pair.run(|world| world.request_unstake(owner, provider, 3));
    pair.run(|world| world.cancel_unstake(owner, provider, 0));
}
