//! Closing: what is closed is gone, for the rest of the same transaction and ever after, also when somebody
//! pays its rent again at once so that the runtime keeps the address.

use super::support::let_end;
use crate::program::support::{MISSING, WRONG_PROGRAM, anchor, mira};
use libtest_mimic::Trial;
use mira_chain::pda;
use mira_core::Error;
use mira_core::dispute::DisputeKind;
use mira_testkit::scene::dispute::{EVIDENCE, verifiers};
use mira_testkit::scene::reward::DELEGATED;
use mira_testkit::step::terms;
use mira_testkit::world::params;
use mira_testkit::{RewardScene, Scene, Step, World};
use solana_sdk::instruction::{AccountMeta, Instruction};
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![
        a_closed_job_is_gone,
        an_ended_lease_is_gone,
        a_resolved_dispute_is_gone,
        a_withdrawn_position_is_gone,
        a_paid_out_position_is_gone,
    ]
}

/// Uses what `close` closes: right behind it, right behind it with its rent paid again, and later. `close`
/// alone is accepted.
fn is_gone(world: &mut World, close: &Step, closed: &Pubkey, uses: &[Step]) {
    for step in uses {
        let name = step.action.name();
        assert_eq!(world.tampered(&in_one(close, &[], step)), anchor(MISSING), "{name} at once");
        let rent = pay_rent(world, closed);
        assert_eq!(world.tampered(&in_one(close, &[rent], step)), anchor(WRONG_PROGRAM), "{name} revived");
    }
    world.run(close);
    assert_eq!(world.lamports(closed), 0);
    for step in uses {
        assert_eq!(world.tampered(step), anchor(MISSING), "{} later", step.action.name());
    }
}

/// One transaction of both, with something between them.
fn in_one(close: &Step, between: &[Instruction], step: &Step) -> Step {
    let instructions = [close.instructions.as_slice(), between, &step.instructions].concat();
    Step { instructions, signers: [close.signers.clone(), step.signers.clone()].concat(), ..step.clone() }
}

/// The system program's transfer of an account's lamports to it, by the world's payer.
fn pay_rent(world: &World, to: &Pubkey) -> Instruction {
    const TRANSFER: u32 = 2;
    let data = [TRANSFER.to_le_bytes().as_slice(), &world.lamports(to).to_le_bytes()].concat();
    let accounts = vec![AccountMeta::new(world.payer.pubkey(), true), AccountMeta::new(*to, false)];
    Instruction { program_id: solana_sdk_ids::system_program::ID, accounts, data }
}

fn a_closed_job_is_gone() {
    let mut scene = Scene::job();
    let Scene { world, requester, signer, stranger, job, .. } = &mut scene;
    let again = world.create_job(requester, &terms(requester, signer, None, world.now()));
    let later = world.now() + 600;
    world.run(&world.begin_close_job(requester, job));
    world.advance(2 * params().job_id_window_secs);
    let close = world.close_job(stranger, requester, job);
    // Nor is it made again in its place.
    assert_eq!(world.tampered(&in_one(&close, &[], &again)), mira(Error::JobIdOutOfWindow));
    let uses = [
        world.fund_job(stranger, job, 1),
        world.extend_job(requester, job, later),
        world.update_job(requester, job, &stranger.pubkey(), None),
        world.begin_close_job(requester, job),
        close.clone(),
    ];
    is_gone(world, &close, job, &uses);
}

fn an_ended_lease_is_gone() {
    let mut scene = Scene::lease();
    let_end(&mut scene);
    let Scene { world, requester, signer, operator, stranger, lease, .. } = &mut scene;
    let end = world.end_lease(stranger, lease);
    let uses = [
        world.settle(stranger, signer, lease, 100, 1),
        world.settle_direct(requester, lease, 100, 1),
        world.close_lease(operator, lease),
        world.release_lease(stranger, lease),
        world.open_dispute(requester, lease, DisputeKind::NoShow, EVIDENCE),
        end.clone(),
    ];
    is_gone(world, &end, lease, &uses);
}

fn a_resolved_dispute_is_gone() {
    let mut scene = Scene::contested();
    scene.vote(&[true, true]);
    let Scene { world, owner, stranger, lease, .. } = &mut scene;
    let [_, _, third] = verifiers();
    let resolve = world.resolve_dispute(stranger, lease);
    let uses = [world.respond_dispute(owner, lease, None), world.vote_dispute(&third, lease, false), resolve.clone()];
    is_gone(world, &resolve, &pda::dispute(lease), &uses);
}

fn a_withdrawn_position_is_gone() {
    let mut scene = RewardScene::due();
    let RewardScene { world, delegator, stranger, provider, .. } = &mut scene;
    world.run(&world.request_unstake(delegator, provider, u128::from(DELEGATED)));
    world.advance(params().unbonding_secs);
    let withdraw = world.withdraw_stake(stranger, delegator, provider, 0);
    let uses = [
        world.request_unstake(delegator, provider, 1),
        world.cancel_unstake(delegator, provider, 0),
        world.claim_delegation_reward(stranger, delegator, provider),
        withdraw.clone(),
    ];
    let position = pda::stake_position(provider, &delegator.pubkey());
    is_gone(world, &withdraw, &position, &uses);
}

/// The reward was all that was left of it.
fn a_paid_out_position_is_gone() {
    let mut scene = RewardScene::settled();
    let claim = scene.claim(&scene.provider, &scene.leaves);
    let RewardScene { world, delegator, stranger, provider, .. } = &mut scene;
    world.run(&claim);
    world.run(&world.request_unstake(delegator, provider, u128::from(DELEGATED)));
    world.advance(params().unbonding_secs);
    world.run(&world.withdraw_stake(stranger, delegator, provider, 0));
    let pay = world.claim_delegation_reward(stranger, delegator, provider);
    let uses = [
        world.request_unstake(delegator, provider, 1),
        world.withdraw_stake(stranger, delegator, provider, 0),
        pay.clone(),
    ];
    let position = pda::stake_position(provider, &delegator.pubkey());
    is_gone(world, &pay, &position, &uses);
}
