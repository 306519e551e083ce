//! An owner that has itself slashed, with an accomplice as requester, to be paid out of its delegators'
//! stake: its own stake goes first, nobody is paid more than that, and the rest is burned.

use super::support::{payment, stake};
use crate::program::support::{WRONG_ADDRESS, anchor, mira};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::pda;
use mira_core::Error;
use mira_core::dispute::DisputeKind;
use mira_testkit::scene::CAP;
use mira_testkit::scene::FUNDED;
use mira_testkit::scene::dispute::{BOND, EVIDENCE, delegator};
use mira_testkit::world::PURSE;
use mira_testkit::{Actor, Scene};

pub fn trials() -> Vec<Trial> {
    trials![
        an_accomplice_is_paid_out_of_the_owners_stake_alone,
        refuses_to_leave_the_owners_stake_out,
        a_second_dispute_pays_an_accomplice_nothing,
        an_honest_owners_delegators_lose_nothing,
    ]
}

/// The owner's own stake, and the delegator's.
const OWN: u64 = 2_000;
const DELEGATED: u64 = 98_000;

/// The accomplice has paid the whole cap, which is worth 10,000 of stake, and has challenged; the owner
/// concedes.
fn staged() -> Scene {
    let mut scene = Scene::lease_backed_by(OWN, DELEGATED);
    let Scene { world, owner, requester, stranger, signer, lease, .. } = &mut scene;
    world.run(&world.settle(stranger, signer, lease, CAP, 1));
    world.run(&world.open_dispute(requester, lease, DisputeKind::BadResult, EVIDENCE));
    world.run(&world.respond_dispute(owner, lease, None));
    scene
}

/// What owner and requester own together in stake, that in the pool included.
fn together(scene: &Scene) -> u64 {
    let books: state::Provider = scene.world.state(&scene.provider).unwrap();
    let own = books.to_core().unwrap().own_stake().unwrap().get();
    stake(&scene.world, &scene.owner) + stake(&scene.world, &scene.requester) + own
}

fn an_accomplice_is_paid_out_of_the_owners_stake_alone() {
    let mut scene = staged();
    let resolve = scene.world.resolve_dispute(&scene.requester, &scene.lease);
    scene.world.run(&resolve);
    // 10,000 were taken: 2,000 from the owner, which the accomplice has, and 8,000 from the delegator, which
    // nobody has.
    assert_eq!(together(&scene), 2 * PURSE);
    assert_eq!(stake(&scene.world, &scene.requester), PURSE + OWN);
    let burned = u64::try_from(scene.world.model.flows.stake_burned).unwrap();
    assert_eq!(burned, CAP / 2 - OWN);
    // And the fee is gone.
    let paid = payment(&scene.world, &scene.owner) + payment(&scene.world, &scene.requester);
    assert_eq!(paid, 2 * PURSE - CAP / 100 - (FUNDED - CAP));
}

/// With another position, or an empty address, in the place of the owner's, delegators would pay all of it.
fn refuses_to_leave_the_owners_stake_out() {
    let mut scene = staged();
    let Scene { world, owner, requester, lease, provider, .. } = &mut scene;
    let step = world.resolve_dispute(requester, lease);
    let own = pda::stake_position(provider, &owner.pubkey());
    for other in [delegator().pubkey(), requester.pubkey(), Actor::new("nobody").pubkey()] {
        let bent = step.clone().swap(&own, &pda::stake_position(provider, &other));
        assert_eq!(world.tampered(&bent), anchor(WRONG_ADDRESS));
    }
    world.run(&step);
}

/// The owner has nothing left to give.
fn a_second_dispute_pays_an_accomplice_nothing() {
    let mut scene = Scene::lease_backed_by(OWN, DELEGATED);
    let second = scene.another_lease();
    let Scene { world, owner, requester, stranger, signer, lease, .. } = &mut scene;
    for lease in [&*lease, &second] {
        world.run(&world.settle(stranger, signer, lease, CAP, 1));
        world.run(&world.open_dispute(requester, lease, DisputeKind::BadResult, EVIDENCE));
        world.run(&world.respond_dispute(owner, lease, None));
        world.run(&world.resolve_dispute(stranger, lease));
    }
    assert_eq!(together(&scene), 2 * PURSE);
    // Nor is a lease challenged twice.
    let again = scene.world.open_dispute(&scene.requester, &second, DisputeKind::NoShow, EVIDENCE);
    assert_eq!(scene.world.refused(&again), mira(Error::LeaseChallenged));
}

/// Without the attack: contested, nobody upholds it, and the stake is as it was.
fn an_honest_owners_delegators_lose_nothing() {
    let mut scene = Scene::lease_backed_by(OWN, DELEGATED);
    scene.challenge();
    scene.contest();
    scene.vote(&[false, false]);
    let Scene { world, owner, stranger, lease, provider, .. } = &mut scene;
    world.run(&world.resolve_dispute(stranger, lease));
    assert_eq!(world.state::<state::Provider>(provider).unwrap().total_stake, OWN + DELEGATED);
    assert_eq!(stake(world, owner), PURSE - OWN + BOND);
}
