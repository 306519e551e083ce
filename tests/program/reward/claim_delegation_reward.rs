//! `claim_delegation_reward`: what the shares of a position earned while it held them, to its staker.

use crate::program::support::{
    Copy, MISSING, NOT_THE_PROGRAM, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira,
};
use libtest_mimic::Trial;
use mira::{event, state};
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_testkit::scene::reward::{DELEGATED, FEES, OWN, SETTLED, TOTAL};
use mira_testkit::world::params;
use mira_testkit::{RewardScene, Step, World};

pub fn trials() -> Vec<Trial> {
    trials![
        pays_every_share_to_the_base_unit,
        adds_up_over_claims,
        a_later_staker_earns_from_then_on,
        staking_more_keeps_what_was_earned,
        shares_in_tickets_earn_nothing,
        what_an_unstaked_delegator_earned_stays,
        an_emptied_position_closes,
        pays_any_account_if_the_staker_signs,
        a_stranger_may_crank,
        refuses_a_stranger_who_pays_himself,
        refuses_before_anything_is_claimed,
        refuses_a_second_time,
        refuses_who_never_staked,
        refuses_another_mint,
        refuses_another_providers_position,
        refuses_without_a_signature,
        refuses_other_accounts,
    ]
}

/// What of the provider's reward its shares get: all but the owner's twentieth.
const SHARED: u64 = 665_000;
/// All shares of the provider.
const SHARES: u64 = OWN + DELEGATED;

/// The provider's reward is claimed.
fn claimed() -> RewardScene {
    let mut scene = RewardScene::settled();
    let step = scene.claim(&scene.provider, &scene.leaves);
    scene.world.run(&step);
    scene
}

/// A second epoch in which the provider earned 8,000 more, of which 7,600 are shared; claimed too.
fn claimed_again(scene: &mut RewardScene) {
    scene.earn(SETTLED + 1_000_000);
    let leaves = scene.leaves.more(&scene.provider, 8_000);
    scene.next_epoch(&leaves.epoch(2, FEES + 10_000));
    let step = scene.claim(&scene.provider, &leaves);
    scene.world.run(&step);
}

/// By how much the index rises when `shared` is claimed for `all` shares, Q64.64, rounded down.
fn rise(shared: u64, all: u64) -> u128 {
    (u128::from(shared) << 64) / u128::from(all)
}

/// What `shares` earn of such a rise, rounded down.
fn earned(rise: u128, shares: u64) -> u64 {
    u64::try_from((rise * u128::from(shares)) >> 64).unwrap()
}

/// Runs a claim and gives its event.
fn paid(world: &mut World, step: &Step) -> event::DelegationRewardClaimed {
    let receipt = world.run(step);
    let [Event::DelegationRewardClaimed(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    event.clone()
}

/// The delegator's own claim.
fn own_claim(scene: &RewardScene) -> Step {
    scene.world.claim_delegation_reward(&scene.delegator, &scene.delegator, &scene.provider)
}

fn pays_every_share_to_the_base_unit() {
    let mut scene = claimed();
    let before: state::Provider = scene.world.state(&scene.provider).unwrap();
    let (owner, delegator) = (scene.purse(&scene.owner), scene.purse(&scene.delegator));
    let step = own_claim(&scene);
    let event = paid(&mut scene.world, &step);
    // Two fifths of 665,000, one base unit less by the rounding of the index.
    assert_eq!((event.amount, earned(rise(SHARED, SHARES), DELEGATED)), (265_999, 265_999));
    assert_eq!((event.provider, event.provider_seq), (scene.provider, before.seq + 1));
    assert_eq!((event.actor, event.staker, event.closed), (scene.delegator.pubkey(), scene.delegator.pubkey(), false));
    assert_eq!(event.reward_index, rise(SHARED, SHARES));
    assert_eq!((event.rewards_paid_out_before, event.rewards_paid_out_after), (35_000, 35_000 + 265_999));
    let rewards: state::RewardState = scene.world.state(&pda::rewards()).unwrap();
    assert_eq!((event.rewards, event.rewards_seq), (pda::rewards(), rewards.seq));
    // The owner is a staker as well.
    let step = scene.world.claim_delegation_reward(&scene.owner, &scene.owner, &scene.provider);
    assert_eq!(paid(&mut scene.world, &step).amount, 398_999);
    assert_eq!(scene.purse(&scene.owner), owner + 398_999);
    assert_eq!(scene.purse(&scene.delegator), delegator + 265_999);
    // What the rounding left stays in the vault.
    assert_eq!(scene.world.balance(&pda::reward_vault()), Some(TOTAL - 35_000 - SHARED + 2));
}

fn adds_up_over_claims() {
    let mut scene = claimed();
    claimed_again(&mut scene);
    let step = own_claim(&scene);
    let both = rise(SHARED, SHARES) + rise(7_600, SHARES);
    assert_eq!(paid(&mut scene.world, &step).amount, earned(both, DELEGATED));
}

fn a_later_staker_earns_from_then_on() {
    let mut scene = claimed();
    let RewardScene { world, stranger, provider, .. } = &mut scene;
    world.run(&world.stake(stranger, provider, SHARES));
    let step = world.claim_delegation_reward(stranger, stranger, provider);
    assert_eq!(world.refused(&step), mira(Error::NothingToClaim));
    claimed_again(&mut scene);
    assert_eq!(paid(&mut scene.world, &step).amount, earned(rise(7_600, 2 * SHARES), SHARES));
    let step = own_claim(&scene);
    let both = rise(SHARED, SHARES) + rise(7_600, 2 * SHARES);
    assert_eq!(paid(&mut scene.world, &step).amount, earned(both, DELEGATED));
}

fn staking_more_keeps_what_was_earned() {
    let mut scene = claimed();
    let step = scene.world.stake(&scene.delegator, &scene.provider, 1_000_000);
    scene.world.run(&step);
    claimed_again(&mut scene);
    let step = own_claim(&scene);
    let second = earned(rise(7_600, SHARES + 1_000_000), DELEGATED + 1_000_000);
    assert_eq!(paid(&mut scene.world, &step).amount, 265_999 + second);
}

fn shares_in_tickets_earn_nothing() {
    let mut scene = RewardScene::settled();
    let step = scene.world.request_unstake(&scene.delegator, &scene.provider, u128::from(DELEGATED / 4));
    scene.world.run(&step);
    let step = scene.claim(&scene.provider, &scene.leaves);
    scene.world.run(&step);
    let step = own_claim(&scene);
    let active = SHARES - DELEGATED / 4;
    assert_eq!(paid(&mut scene.world, &step).amount, earned(rise(SHARED, active), DELEGATED / 4 * 3));
}

fn what_an_unstaked_delegator_earned_stays() {
    let mut scene = claimed();
    let RewardScene { world, delegator, provider, .. } = &mut scene;
    world.run(&world.request_unstake(delegator, provider, u128::from(DELEGATED)));
    claimed_again(&mut scene);
    let RewardScene { world, delegator, owner, stranger, provider, .. } = &mut scene;
    world.advance(params().unbonding_secs);
    world.run(&world.withdraw_stake(stranger, delegator, provider, 0));
    let step = world.claim_delegation_reward(stranger, delegator, provider);
    assert_eq!(paid(world, &step).amount, 265_999);
    // The second reward was the owner's alone.
    let step = world.claim_delegation_reward(stranger, owner, provider);
    assert_eq!(paid(world, &step).amount, earned(rise(SHARED, SHARES) + rise(7_600, OWN), OWN));
}

fn an_emptied_position_closes() {
    let mut scene = claimed();
    let position = pda::stake_position(&scene.provider, &scene.delegator.pubkey());
    let RewardScene { world, delegator, stranger, provider, .. } = &mut scene;
    world.run(&world.request_unstake(delegator, provider, u128::from(DELEGATED)));
    world.advance(params().unbonding_secs);
    world.run(&world.withdraw_stake(stranger, delegator, provider, 0));
    let (rent, before) = (world.lamports(&position), world.lamports(&delegator.pubkey()));
    assert!(rent > 0, "what is owed keeps the position");
    let step = world.claim_delegation_reward(stranger, delegator, provider);
    assert!(paid(world, &step).closed);
    assert_eq!((world.lamports(&position), world.lamports(&delegator.pubkey())), (0, before + rent));
    assert_eq!(world.refused(&step), anchor(MISSING));
    // The same staker may come back.
    world.run(&world.stake(delegator, provider, 1_000));
    assert_eq!(world.refused(&step), mira(Error::NothingToClaim));
}

fn pays_any_account_if_the_staker_signs() {
    let mut scene = claimed();
    let own = scene.world.payment_purse(&scene.delegator.pubkey());
    let gift = scene.world.payment_purse(&scene.stranger.pubkey());
    let before = scene.purse(&scene.stranger);
    let step = own_claim(&scene).swap(&own, &gift);
    scene.world.run(&step);
    assert_eq!(scene.purse(&scene.stranger), before + 265_999);
}

fn a_stranger_may_crank() {
    let mut scene = claimed();
    let before = scene.purse(&scene.delegator);
    let step = scene.world.claim_delegation_reward(&scene.stranger, &scene.delegator, &scene.provider);
    let event = paid(&mut scene.world, &step);
    assert_eq!((event.actor, event.staker), (scene.stranger.pubkey(), scene.delegator.pubkey()));
    assert_eq!(scene.purse(&scene.delegator), before + 265_999);
}

fn refuses_a_stranger_who_pays_himself() {
    let mut scene = claimed();
    let RewardScene { world, stranger, delegator, provider, .. } = &mut scene;
    let step = world.claim_delegation_reward(stranger, delegator, provider);
    let (own, strangers) = (world.payment_purse(&delegator.pubkey()), world.payment_purse(&stranger.pubkey()));
    assert_eq!(world.tampered(&step.clone().swap(&own, &strangers)), mira(Error::WrongAccount));
    let stolen = step.clone().swap(&delegator.pubkey(), &stranger.pubkey()).swap(&own, &strangers);
    assert_eq!(world.tampered(&stolen), mira(Error::WrongAccount));
    // The associated address, but its owner has given the account away.
    let mint = world.payment_mint;
    world.put_tokens(own, &stranger.pubkey(), mint, 0);
    assert_eq!(world.tampered(&step), mira(Error::WrongAccount));
}

fn refuses_before_anything_is_claimed() {
    let mut scene = RewardScene::settled();
    let step = own_claim(&scene);
    assert_eq!(scene.world.refused(&step), mira(Error::NothingToClaim));
    let second = scene.claim(&scene.second, &scene.leaves);
    scene.world.run(&second);
    assert_eq!(scene.world.refused(&step), mira(Error::NothingToClaim));
    // Where there is almost no stake, the stake earns nothing.
    let step = scene.world.claim_delegation_reward(&scene.stranger, &scene.second_owner, &scene.second);
    assert_eq!(scene.world.refused(&step), mira(Error::NothingToClaim));
}

fn refuses_a_second_time() {
    let mut scene = claimed();
    let step = own_claim(&scene);
    scene.world.run(&step);
    assert_eq!(scene.world.refused(&step), mira(Error::NothingToClaim));
    claimed_again(&mut scene);
    scene.world.run(&step);
    assert_eq!(scene.world.refused(&step), mira(Error::NothingToClaim));
}

fn refuses_who_never_staked() {
    let mut scene = claimed();
    let step = scene.world.claim_delegation_reward(&scene.stranger, &scene.stranger, &scene.provider);
    assert_eq!(scene.world.refused(&step), anchor(MISSING));
}

fn refuses_another_mint() {
    let mut scene = claimed();
    let own = scene.world.payment_purse(&scene.delegator.pubkey());
    let stake = scene.world.stake_purse(&scene.delegator.pubkey());
    let step = own_claim(&scene).swap(&own, &stake);
    assert_eq!(scene.world.tampered(&step), mira(Error::WrongMint));
}

fn refuses_another_providers_position() {
    let mut scene = claimed();
    let RewardScene { world, delegator, provider, second, .. } = &mut scene;
    world.run(&world.stake(delegator, second, 1_000));
    let here = pda::stake_position(provider, &delegator.pubkey());
    let there = pda::stake_position(second, &delegator.pubkey());
    let step = world.claim_delegation_reward(delegator, delegator, provider);
    assert_eq!(world.tampered(&step.clone().swap(provider, second)), anchor(WRONG_ADDRESS));
    assert_eq!(world.tampered(&step.swap(&here, &there)), anchor(WRONG_ADDRESS));
}

fn refuses_without_a_signature() {
    let mut scene = claimed();
    let step = scene.world.claim_delegation_reward(&scene.stranger, &scene.delegator, &scene.provider);
    assert_eq!(scene.world.tampered(&step.unsigned(&scene.stranger.pubkey())), anchor(UNSIGNED));
}

fn refuses_other_accounts() {
    let mut scene = claimed();
    let step = scene.world.claim_delegation_reward(&scene.stranger, &scene.delegator, &scene.provider);
    copies_are_refused(
        &mut scene.world,
        &step,
        [
            ("actor", Copy::Elsewhere("anyone who signs")),
            ("config", WRONG_ADDRESS.into()),
            ("provider", WRONG_ADDRESS.into()),
            ("position", WRONG_ADDRESS.into()),
            ("staker", Error::WrongAccount.into()),
            ("destination", Error::WrongAccount.into()),
            ("rewards", WRONG_ADDRESS.into()),
            ("reward_vault", WRONG_ADDRESS.into()),
            ("token_program", NOT_THE_PROGRAM.into()),
        ],
    );
}
