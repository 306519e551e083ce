//! What an upheld dispute takes, from whom, and what becomes of it: every number worked out by hand.
//!
//! A lease exposes 10,000, half its cap of 20,000; one dispute takes a fifth of the pool at most; a
//! payment of 2 is worth a stake of 1.

use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::{Event, body::DisputeResolved};
use mira_chain::pda;
use mira_core::dispute::DisputeKind;
use mira_testkit::scene::dispute::{EVIDENCE, delegator};
use mira_testkit::scene::reward::RewardScene;
use mira_testkit::world::{PURSE, SUPPLY, params};
use mira_testkit::{Actor, Scene};
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![
        burns_all_that_nobody_lost,
        makes_a_lost_payment_good,
        makes_good_what_was_paid_meanwhile,
        burns_nothing_when_all_was_paid,
        takes_a_fifth_of_the_pool_at_most,
        takes_the_owners_stake_first,
        takes_no_compensation_from_delegators,
        tickets_lose_with_the_pool,
        rounds_burned_shares_up,
        takes_from_the_pool_of_an_owner_that_left,
        books_what_the_burned_shares_have_earned,
    ]
}

fn settle(scene: &mut Scene, amount: u64) {
    let Scene { world, stranger, signer, lease, .. } = scene;
    world.run(&world.settle(stranger, signer, lease, amount, 1));
}

/// The requester challenges the lease, the owner stays silent, a stranger ends it.
fn uphold(scene: &mut Scene, lease: &Pubkey) -> DisputeResolved {
    let Scene { world, requester, stranger, .. } = scene;
    world.run(&world.open_dispute(requester, lease, DisputeKind::NoShow, EVIDENCE));
    world.advance(params().dispute.respond_secs);
    let receipt = world.run(&world.resolve_dispute(stranger, lease));
    let [Event::DisputeResolved(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    event.clone()
}

/// What the event says was taken from the owner, from the pool, paid to the requester and burned.
fn taken(event: &DisputeResolved) -> (u64, u64, u64, u64) {
    (event.slashed_own, event.slashed_pool, event.compensation, event.burned)
}

/// Total stake, total shares and the owner's active shares.
fn pool(scene: &Scene) -> (u64, u128, u128) {
    let provider: state::Provider = scene.world.state(&scene.provider).unwrap();
    (provider.total_stake, provider.total_shares, provider.own_shares)
}

fn purse(scene: &Scene, actor: &Actor) -> u64 {
    scene.world.balance(&scene.world.stake_purse(&actor.pubkey())).unwrap()
}

fn burned(scene: &Scene) -> u64 {
    SUPPLY - scene.world.supply(&scene.world.stake_mint)
}

fn burns_all_that_nobody_lost() {
    let mut scene = Scene::lease();
    let lease = scene.lease;
    let event = uphold(&mut scene, &lease);
    assert_eq!(taken(&event), (10_000, 0, 0, 10_000));
    assert_eq!((event.total_stake_before, event.total_stake_after, event.burned_shares), (100_000, 90_000, 10_000));
    assert_eq!((event.total_shares_after, event.own_shares_after), (90_000, 90_000));
    assert_eq!(pool(&scene), (90_000, 90_000, 90_000));
    assert_eq!(burned(&scene), 10_000);
    assert_eq!(purse(&scene, &scene.requester), PURSE);
    assert_eq!(scene.world.balance(&pda::stake_vault()), Some(90_000));
}

/// 1,001 paid are worth 500.5: the requester gets 500, the other 9,500 are burned.
fn makes_a_lost_payment_good() {
    let mut scene = Scene::lease();
    settle(&mut scene, 1_001);
    let lease = scene.lease;
    assert_eq!(taken(&uphold(&mut scene, &lease)), (10_000, 0, 500, 9_500));
    assert_eq!(purse(&scene, &scene.requester), PURSE + 500);
    assert_eq!(burned(&scene), 9_500);
}

/// Vouchers pay on while it is disputed, and count.
fn makes_good_what_was_paid_meanwhile() {
    let mut scene = Scene::disputed();
    settle(&mut scene, 4_000);
    scene.stay_silent();
    let step = scene.world.resolve_dispute(&scene.stranger, &scene.lease);
    scene.world.run(&step);
    assert_eq!(purse(&scene, &scene.requester), PURSE + 2_000);
    assert_eq!(burned(&scene), 8_000);
}

fn burns_nothing_when_all_was_paid() {
    let mut scene = Scene::lease();
    settle(&mut scene, 20_000);
    let lease = scene.lease;
    assert_eq!(taken(&uphold(&mut scene, &lease)), (10_000, 0, 10_000, 0));
    assert_eq!(purse(&scene, &scene.requester), PURSE + 10_000);
    assert_eq!(burned(&scene), 0);
}

/// A fifth of 30,004 is 6,000.8; all the exposure is freed all the same.
fn takes_a_fifth_of_the_pool_at_most() {
    let mut scene = Scene::lease_backed_by(30_004, 0);
    settle(&mut scene, 20_000);
    let lease = scene.lease;
    let event = uphold(&mut scene, &lease);
    assert_eq!(taken(&event), (6_000, 0, 6_000, 0));
    assert_eq!((event.provider_exposure_before, event.provider_exposure_after), (10_000, 0));
    assert_eq!(pool(&scene), (24_004, 24_004, 24_004));
}

/// The owner's 2,000 go first and with them its shares; the delegator's 98,000 shares lose 8,000.
fn takes_the_owners_stake_first() {
    let mut scene = Scene::lease_backed_by(2_000, 98_000);
    settle(&mut scene, 1_000);
    let lease = scene.lease;
    let event = uphold(&mut scene, &lease);
    assert_eq!(taken(&event), (2_000, 8_000, 500, 9_500));
    assert_eq!((event.burned_shares, event.own_shares_after, event.total_shares_after), (2_000, 0, 98_000));
    assert_eq!(pool(&scene), (90_000, 98_000, 0));
    assert_eq!(burned(&scene), 9_500);
}

/// 20,000 paid are worth 10,000, but only 2,000 were the owner's own: else two who collude, one as
/// provider and one as requester, would be paid by the delegators.
fn takes_no_compensation_from_delegators() {
    let mut scene = Scene::lease_backed_by(2_000, 98_000);
    settle(&mut scene, 20_000);
    let lease = scene.lease;
    assert_eq!(taken(&uphold(&mut scene, &lease)), (2_000, 8_000, 2_000, 8_000));
    assert_eq!(purse(&scene, &scene.requester), PURSE + 2_000);
    assert_eq!(burned(&scene), 8_000);
}

/// Half of each side's stake is on its way out. The owner's ticket is no own stake, but loses like the
/// delegator's: 8,000 of 98,000.
fn tickets_lose_with_the_pool() {
    let mut scene = Scene::lease_backed_by(52_000, 48_000);
    let (lease, delegator) = (scene.lease, delegator());
    let Scene { world, owner, provider, .. } = &mut scene;
    world.run(&world.request_unstake(owner, provider, 50_000));
    world.run(&world.request_unstake(&delegator, provider, 24_500));
    let event = uphold(&mut scene, &lease);
    assert_eq!(taken(&event), (2_000, 8_000, 0, 10_000));
    assert_eq!(pool(&scene), (90_000, 98_000, 0));
    let Scene { world, owner, stranger, provider, .. } = &mut scene;
    world.advance(params().unbonding_secs);
    // 24,500 × 90,000 / 98,000, to the unit; then 50,000 × 67,500 / 73,500 = 45,918.4.
    world.run(&world.withdraw_stake(stranger, &delegator, provider, 0));
    world.run(&world.withdraw_stake(stranger, owner, provider, 0));
    assert_eq!(purse(&scene, &delegator), PURSE - 48_000 + 22_500);
    assert_eq!(purse(&scene, &scene.owner), PURSE - 52_000 + 45_918);
    assert_eq!(pool(&scene), (21_582, 23_500, 0));
}

/// After a first slash shares cost less than 1: the owner's 18,000 buy 19,600 of them, and the second
/// slash of 10,000 burns 10,000 × 117,600 / 108,000 = 10,888.9, rounded up.
fn rounds_burned_shares_up() {
    let mut scene = Scene::lease_backed_by(2_000, 98_000);
    let (first, second) = (scene.lease, scene.another_lease());
    uphold(&mut scene, &first);
    assert_eq!(pool(&scene), (90_000, 98_000, 0));
    let Scene { world, owner, provider, .. } = &mut scene;
    world.run(&world.stake(owner, provider, 18_000));
    assert_eq!(pool(&scene), (108_000, 117_600, 19_600));
    let event = uphold(&mut scene, &second);
    assert_eq!((taken(&event), event.burned_shares), ((10_000, 0, 0, 10_000), 10_889));
    assert_eq!(pool(&scene), (98_000, 106_711, 8_711));
    assert_eq!(burned(&scene), 20_000);
}

/// The first dispute takes the owner's active stake; then it withdraws its ticket, and its position is
/// gone. The second takes a fifth of what is left, 44,082, from the delegator alone.
fn takes_from_the_pool_of_an_owner_that_left() {
    let mut scene = Scene::lease_backed_by(52_000, 48_000);
    let (first, second) = (scene.lease, scene.another_lease());
    let Scene { world, owner, requester, provider, .. } = &mut scene;
    world.run(&world.request_unstake(owner, provider, 50_000));
    world.run(&world.open_dispute(requester, &second, DisputeKind::NoShow, EVIDENCE));
    uphold(&mut scene, &first);
    let Scene { world, owner, stranger, provider, .. } = &mut scene;
    world.advance(params().unbonding_secs);
    world.run(&world.withdraw_stake(stranger, owner, provider, 0));
    assert_eq!(world.lamports(&pda::stake_position(provider, &owner.pubkey())), 0);
    let receipt = world.run(&world.resolve_dispute(stranger, &second));
    let [Event::DisputeResolved(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((taken(event), event.burned_shares), ((0, 8_816, 0, 8_816), 0));
    assert_eq!((event.reward_index, event.owner_owed_after, event.own_shares_after), (0, 0, 0));
    assert_eq!(pool(&scene), (35_266, 48_000, 0));
    assert_eq!(purse(&scene, &scene.requester), PURSE);
    assert_eq!(scene.world.balance(&pda::stake_vault()), Some(35_266));
}

/// A claim of 700,000 left 665,000 to all shares, of which six in ten are the owner's: 399,000, rounded
/// down by the index. The slash takes a third of them, but nothing of what they have earned.
fn books_what_the_burned_shares_have_earned() {
    let RewardScene { mut world, owner, provider, stranger, leaves, .. } = RewardScene::settled();
    let lease = Pubkey::from(*world.model.leases.keys().next().unwrap());
    let requester = world.actor("requester");
    world.run(&world.claim_reward(&stranger, &provider, leaves.amount(&provider), &leaves.proof(&provider)));
    world.run(&world.open_dispute(&requester, &lease, DisputeKind::NoShow, EVIDENCE));
    world.advance(params().dispute.respond_secs);
    let receipt = world.run(&world.resolve_dispute(&stranger, &lease));
    let [Event::DisputeResolved(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    // A fifth of the pool of 1,000,000,000; 123,456,789 were paid.
    assert_eq!(taken(event), (200_000_000, 0, 61_728_394, 138_271_606));
    let books: state::Provider = world.state(&provider).unwrap();
    assert_eq!((event.reward_index, event.owner_owed_after), (books.reward_index, 398_999));
    assert_eq!(event.own_shares_after, 400_000_000);
    let purse = world.payment_purse(&owner.pubkey());
    let before = world.balance(&purse).unwrap();
    world.run(&world.claim_delegation_reward(&stranger, &owner, &provider));
    assert_eq!(world.balance(&purse), Some(before + 398_999));
}
