//! `withdraw_treasury`: by the admin, what final epochs left and nothing else.

use crate::program::support::{Copy, NOT_THE_PROGRAM, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_core::ledger::Vault;
use mira_testkit::scene::reward::{FEES, RewardScene, TOTAL};
use mira_testkit::world::PURSE;
use mira_testkit::{Actor, World};

pub fn trials() -> Vec<Trial> {
    trials![
        the_admin_takes_all_of_it_in_parts,
        pays_any_account_of_the_mint,
        fees_that_no_final_epoch_counts_are_not_the_treasury,
        gifts_are_not_the_treasury,
        refuses_nothing,
        refuses_the_treasury_itself,
        refuses_another_mint,
        refuses_all_but_the_admin,
        refuses_without_a_signature,
        refuses_other_accounts,
    ]
}

/// What the first epoch leaves.
const LEFT: u64 = FEES - TOTAL;

/// One epoch is final, and the admin has an account for what it takes.
fn filled() -> (RewardScene, Actor) {
    with_purse(RewardScene::settled())
}

fn with_purse(mut scene: RewardScene) -> (RewardScene, Actor) {
    let admin = scene.world.admin.clone();
    let mint = scene.world.payment_mint;
    scene.world.put_purse(&admin.pubkey(), mint, 0);
    (scene, admin)
}

fn held(world: &World) -> u64 {
    world.balance(&pda::treasury()).unwrap()
}

fn the_admin_takes_all_of_it_in_parts() {
    let (mut scene, admin) = filled();
    assert_eq!(held(&scene.world), LEFT);
    let before: state::RewardState = scene.world.state(&pda::rewards()).unwrap();
    scene.world.run(&scene.world.withdraw_treasury(&admin, LEFT - 1));
    let receipt = scene.world.run(&scene.world.withdraw_treasury(&admin, 1));
    let [Event::TreasuryWithdrawn(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.rewards, event.rewards_seq, event.actor), (pda::rewards(), before.seq + 2, admin.pubkey()));
    assert_eq!(event.destination, scene.world.payment_purse(&admin.pubkey()));
    assert_eq!((event.amount, event.withdrawn_before, event.withdrawn_after), (1, LEFT - 1, LEFT));
    assert_eq!((held(&scene.world), scene.purse(&admin)), (0, LEFT));
    let step = scene.world.withdraw_treasury(&admin, 1);
    assert_eq!(scene.world.refused(&step), mira(Error::TreasuryInsufficient));
    // The providers' part was never touched.
    let claim = scene.claim(&scene.provider, &scene.leaves);
    scene.world.run(&claim);
}

fn pays_any_account_of_the_mint() {
    let (mut scene, admin) = filled();
    let own = scene.world.payment_purse(&admin.pubkey());
    let other = scene.world.payment_purse(&scene.stranger.pubkey());
    let step = scene.world.withdraw_treasury(&admin, 40).swap(&own, &other);
    scene.world.run(&step);
    assert_eq!(scene.world.balance(&other), Some(PURSE + 40));
}

fn fees_that_no_final_epoch_counts_are_not_the_treasury() {
    let (mut scene, admin) = with_purse(RewardScene::pending());
    assert_eq!(scene.world.balance(&pda::reward_vault()), Some(FEES));
    let step = scene.world.withdraw_treasury(&admin, 1);
    assert_eq!(scene.world.refused(&step), mira(Error::TreasuryInsufficient));
    scene.finalize();
    scene.world.run(&step);
}

fn gifts_are_not_the_treasury() {
    let (mut scene, admin) = filled();
    scene.world.donate(Vault::Treasury, 7);
    for amount in [LEFT + 1, u64::MAX] {
        let step = scene.world.withdraw_treasury(&admin, amount);
        assert_eq!(scene.world.refused(&step), mira(Error::TreasuryInsufficient));
    }
    scene.world.run(&scene.world.withdraw_treasury(&admin, LEFT));
    assert_eq!(held(&scene.world), 7);
}

fn refuses_nothing() {
    let (mut scene, admin) = filled();
    let step = scene.world.withdraw_treasury(&admin, 0);
    assert_eq!(scene.world.refused(&step), mira(Error::AmountZero));
}

fn refuses_the_treasury_itself() {
    let (mut scene, admin) = filled();
    let own = scene.world.payment_purse(&admin.pubkey());
    let step = scene.world.withdraw_treasury(&admin, 5).swap(&own, &pda::treasury());
    assert_eq!(scene.world.tampered(&step), mira(Error::WrongAccount));
}

fn refuses_another_mint() {
    let (mut scene, admin) = filled();
    let own = scene.world.payment_purse(&admin.pubkey());
    let stake = scene.world.stake_purse(&scene.stranger.pubkey());
    let step = scene.world.withdraw_treasury(&admin, 5).swap(&own, &stake);
    assert_eq!(scene.world.tampered(&step), mira(Error::WrongMint));
}

fn refuses_all_but_the_admin() {
    let (mut scene, admin) = filled();
    let (guardian, next) = (scene.world.actor("guardian"), scene.world.actor("next admin"));
    let RewardScene { world, authorities: [authority, ..], stranger, .. } = &mut scene;
    world.run(&world.set_guardian(&admin, &guardian));
    world.run(&world.propose_admin(&admin, &next));
    for actor in [&guardian, &next, authority, stranger] {
        assert_eq!(world.refused(&world.withdraw_treasury(actor, 5)), mira(Error::WrongSigner), "{actor:?}");
    }
}

fn refuses_without_a_signature() {
    let (mut scene, admin) = filled();
    let step = scene.world.withdraw_treasury(&admin, 5).unsigned(&admin.pubkey());
    assert_eq!(scene.world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_other_accounts() {
    let (RewardScene { mut world, .. }, admin) = filled();
    let step = world.withdraw_treasury(&admin, 5);
    for other in [pda::reward_vault(), pda::stake_vault()] {
        assert_eq!(world.tampered(&step.clone().swap(&pda::treasury(), &other)), anchor(WRONG_ADDRESS));
    }
    copies_are_refused(
        &mut world,
        &step,
        [
            ("admin", Copy::Elsewhere("the tests of signers")),
            ("config", WRONG_ADDRESS.into()),
            ("rewards", WRONG_ADDRESS.into()),
            ("treasury", WRONG_ADDRESS.into()),
            ("destination", Copy::Elsewhere("any account of the payment mint")),
            ("token_program", NOT_THE_PROGRAM.into()),
        ],
    );
}
