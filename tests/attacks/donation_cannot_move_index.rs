//! Inflating a price by sending tokens straight to a vault: shares, fees and rewards are counted in the
//! program's own books, and a pool whose shares are worth almost nothing takes no deposit.

use super::support::stake;
use crate::program::support::mira;
use libtest_mimic::Trial;
use mira::state;
use mira_chain::pda;
use mira_core::Error;
use mira_core::amount::Stake;
use mira_core::ledger::Vault;
use mira_testkit::scene::reward::{FEES, SETTLED, TOTAL};
use mira_testkit::world::{PURSE, params};
use mira_testkit::{RewardScene, Scene};
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![
        the_first_depositor_inflates_nothing,
        refuses_shares_that_were_never_bought,
        refuses_deposits_at_a_ratio_that_rounding_could_eat,
        refuses_deposits_into_an_empty_pool_with_shares,
        donated_fees_earn_nobody_a_reward,
        a_donated_reward_raises_no_index,
    ]
}

/// The stranger buys the first share, blows the vault up and waits for a victim.
fn the_first_depositor_inflates_nothing() {
    for donation in [0, 1_000_000_000] {
        let mut scene = Scene::network();
        let Scene { world, owner, operator, stranger, provider, .. } = &mut scene;
        world.run(&world.register_provider(owner, operator));
        world.run(&world.stake(stranger, provider, 1));
        if donation > 0 {
            world.donate(Vault::Stake, donation);
        }
        world.run(&world.stake(owner, provider, 500));
        let books: state::Provider = world.state(provider).unwrap();
        assert_eq!((books.total_stake, books.total_shares, books.own_shares), (501, 501, 500));
        // Both get what they gave.
        world.run(&world.request_unstake(owner, provider, 500));
        world.run(&world.request_unstake(stranger, provider, 1));
        world.advance(params().unbonding_secs);
        world.run(&world.withdraw_stake(owner, owner, provider, 0));
        world.run(&world.withdraw_stake(stranger, stranger, provider, 0));
        assert_eq!((stake(world, owner), stake(world, stranger)), (PURSE, PURSE));
    }
}

fn refuses_shares_that_were_never_bought() {
    let mut scene = Scene::provider();
    let Scene { world, stranger, provider, .. } = &mut scene;
    world.run(&world.stake(stranger, provider, 1));
    world.donate(Vault::Stake, 1_000_000_000);
    let step = world.request_unstake(stranger, provider, 2);
    assert_eq!(world.refused(&step), mira(Error::InsufficientShares));
    world.run(&world.request_unstake(stranger, provider, 1));
}

/// A pool of so many shares, of which slashes have left so much stake, as if the rest had been given away.
fn worn(shares: u64, left: u64) -> (Scene, Pubkey) {
    let mut scene = Scene::network();
    let Scene { world, owner, operator, provider, .. } = &mut scene;
    world.run(&world.register_provider(owner, operator));
    world.run(&world.stake(owner, provider, shares));
    let given = world.model.stake_foreign.get() + shares - left;
    world.model.stake_foreign = Stake::new(given);
    world.edit_provider(provider, |books| books.total_stake = left);
    let provider = scene.provider;
    (scene, provider)
}

/// One base unit buys a million shares, and no more.
fn refuses_deposits_at_a_ratio_that_rounding_could_eat() {
    for (shares, left, expected) in [
        (1_000_000, 1, Ok(())),
        (1_000_001, 1, Err(mira(Error::StakeRatioTooHigh))),
        (3_000_000, 3, Ok(())),
        (3_000_001, 3, Err(mira(Error::StakeRatioTooHigh))),
    ] {
        let (mut scene, provider) = worn(shares, left);
        let step = scene.world.stake(&scene.stranger, &provider, 1);
        assert_eq!(scene.world.agree(&step), expected, "{shares} shares of {left}");
    }
}

fn refuses_deposits_into_an_empty_pool_with_shares() {
    let (mut scene, provider) = worn(5, 0);
    let step = scene.world.stake(&scene.stranger, &provider, 1_000_000);
    assert_eq!(scene.world.refused(&step), mira(Error::StakePoolBroken));
    let (mut scene, _) = worn(5, 5);
    scene.world.run(&step);
}

/// Neither to a shard nor to the reward vault: an epoch counts what was swept, and a sweep what was collected.
fn donated_fees_earn_nobody_a_reward() {
    let mut scene = RewardScene::due();
    let more = scene.leaves.more(&scene.provider, 4);
    scene.world.donate(Vault::Shard(3), 5);
    scene.world.donate(Vault::Rewards, 5);
    let sweep = scene.world.sweep_fees(&scene.stranger, 3);
    assert_eq!(scene.world.refused(&sweep), mira(Error::NothingToSweep));
    scene.approve(&more.epoch(1, FEES + 5));
    scene.world.advance(params().reward.challenge_secs);
    let step = scene.world.finalize_epoch(&scene.stranger);
    assert_eq!(scene.world.refused(&step), mira(Error::EpochFeesNotSwept));
    // Five more that a settlement paid: the same epoch is good.
    scene.earn(SETTLED + 500);
    scene.world.run(&step);
}

/// The same claims pay the same, and the treasury gives no more than epochs left it.
fn a_donated_reward_raises_no_index() {
    let after = |donation: u64| {
        let mut scene = RewardScene::settled();
        if donation > 0 {
            scene.world.donate(Vault::Rewards, donation);
            scene.world.donate(Vault::Treasury, donation);
        }
        let claim = scene.claim(&scene.provider, &scene.leaves);
        scene.world.run(&claim);
        let books: state::Provider = scene.world.state(&scene.provider).unwrap();
        (scene, books.reward_index)
    };
    let ((mut scene, index), (_, without)) = (after(1_000_000), after(0));
    assert_eq!(index, without);
    let admin = scene.world.admin.clone();
    let mint = scene.world.payment_mint;
    scene.world.put_purse(&admin.pubkey(), mint, 0);
    let more = scene.world.withdraw_treasury(&admin, FEES - TOTAL + 1);
    assert_eq!(scene.world.refused(&more), mira(Error::TreasuryInsufficient));
    let all = scene.world.withdraw_treasury(&admin, FEES - TOTAL);
    scene.world.run(&all);
    assert_eq!(scene.world.balance(&pda::treasury()), Some(1_000_000));
}
