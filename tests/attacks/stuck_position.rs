//! A position that its staker forgets: what it has earned a stranger's crank pays, before or after its stake has
//! left; and one that a slash has emptied closes. A pause changes nothing. Active shares leave when the staker
//! itself asks: nobody else may, and nothing waits for it.

use super::support::{pause_if, payment, stake};
use crate::program::support::mira;
use libtest_mimic::Trial;
use mira::state;
use mira_chain::pda;
use mira_core::Error;
use mira_core::dispute::DisputeKind;
use mira_testkit::scene::dispute::EVIDENCE;
use mira_testkit::scene::reward::DELEGATED;
use mira_testkit::world::{PURSE, params};
use mira_testkit::{RewardScene, Scene};

pub fn trials() -> Vec<Trial> {
    trials![owed_while_it_stakes, owed_when_its_stake_has_left, emptied_by_a_slash, active]
}

/// Two fifths of 19 in 20 of the reward; the index rounds 266,000 down.
const EARNED: u64 = 265_999;

fn claimed(paused: bool) -> RewardScene {
    let mut scene = RewardScene::settled();
    let step = scene.claim(&scene.provider, &scene.leaves);
    scene.world.run(&step);
    pause_if(&mut scene.world, paused);
    scene
}

fn owed_while_it_stakes() {
    for paused in [false, true] {
        let RewardScene { mut world, delegator, stranger, provider, .. } = claimed(paused);
        world.run(&world.claim_delegation_reward(&stranger, &delegator, &provider));
        assert_eq!(payment(&world, &delegator), PURSE + EARNED);
    }
}

/// The reward is paid, and with it goes the rent: the position is closed.
fn owed_when_its_stake_has_left() {
    for paused in [false, true] {
        let RewardScene { mut world, delegator, stranger, provider, .. } = claimed(paused);
        world.run(&world.request_unstake(&delegator, &provider, u128::from(DELEGATED)));
        world.advance(params().unbonding_secs);
        world.run(&world.withdraw_stake(&stranger, &delegator, &provider, 0));
        let position = pda::stake_position(&provider, &delegator.pubkey());
        let (rent, before) = (world.lamports(&position), world.lamports(&delegator.pubkey()));
        assert!(rent > 0, "something is owed");
        world.run(&world.claim_delegation_reward(&stranger, &delegator, &provider));
        assert_eq!((payment(&world, &delegator), stake(&world, &delegator)), (PURSE + EARNED, PURSE));
        assert_eq!(world.lamports(&delegator.pubkey()), before + rent);
    }
}

/// The owner's last share was burned: an empty account is left, whose rent is the owner's.
fn emptied_by_a_slash() {
    for paused in [false, true] {
        let mut scene = Scene::lease_backed_by(2_000, 98_000);
        let Scene { world, owner, requester, stranger, lease, provider, .. } = &mut scene;
        world.run(&world.open_dispute(requester, lease, DisputeKind::NoShow, EVIDENCE));
        world.advance(params().dispute.respond_secs);
        world.run(&world.resolve_dispute(stranger, lease));
        pause_if(world, paused);
        let position = pda::stake_position(provider, &owner.pubkey());
        let books: state::StakePosition = world.state(&position).unwrap();
        assert_eq!((books.shares, books.reward_owed), (0, 0));
        let (rent, before) = (world.lamports(&position), world.lamports(&owner.pubkey()));
        world.run(&world.claim_delegation_reward(stranger, owner, provider));
        assert_eq!((world.lamports(&position), world.lamports(&owner.pubkey())), (0, before + rent));
    }
}

/// Its staker takes it out whenever it wants to, and only it.
fn active() {
    for paused in [false, true] {
        let mut scene = Scene::provider();
        let Scene { world, owner, stranger, provider, .. } = &mut scene;
        let all = u128::from(mira_testkit::scene::STAKED);
        pause_if(world, paused);
        let theirs = world.request_unstake(owner, provider, all).signed_by(owner, stranger);
        assert_eq!(world.tampered(&theirs), mira(Error::WrongSigner));
        world.run(&world.request_unstake(owner, provider, all));
        world.advance(params().unbonding_secs);
        world.run(&world.withdraw_stake(stranger, owner, provider, 0));
        assert_eq!(stake(world, owner), PURSE);
    }
}
