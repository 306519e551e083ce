//! Being there first: an epoch proposed by somebody who may not, too early, under a later number, or by a
//! minority takes nobody's place.

use crate::program::support::mira;
use libtest_mimic::Trial;
use mira::state;
use mira_chain::pda;
use mira_core::Error;
use mira_core::epoch::Epoch;
use mira_testkit::world::params;
use mira_testkit::{RewardScene, World};

pub fn trials() -> Vec<Trial> {
    trials![refuses_everyone_else, refuses_other_numbers, refuses_it_before_its_time, a_minority_takes_no_place]
}

fn refuses_everyone_else() {
    let mut scene = RewardScene::due();
    let wrong = Epoch { root: [1; 32], ..scene.first() };
    let admin = scene.world.admin.clone();
    for actor in [&scene.stranger, &scene.owner, &scene.delegator, &admin] {
        let step = scene.world.approve_epoch(actor, &wrong);
        assert_eq!(scene.world.refused(&step), mira(Error::WrongSigner), "{}", actor.name);
    }
    scene.approve(&scene.first());
}

/// Neither an old place nor a later one.
fn refuses_other_numbers() {
    let mut scene = RewardScene::settled();
    scene.world.advance(params().reward.epoch_secs);
    for index in [0, 1, 3, u64::MAX] {
        let step = scene.world.approve_epoch(&scene.authorities[0], &Epoch { index, ..scene.first() });
        assert_eq!(scene.world.refused(&step), mira(Error::EpochWrongIndex), "{index}");
    }
    scene.approve(&Epoch { index: 2, ..scene.first() });
}

/// All three together, in the last second before.
fn refuses_it_before_its_time() {
    let mut scene = RewardScene::settled();
    let second = Epoch { index: 2, ..scene.first() };
    scene.world.advance(params().reward.epoch_secs - 1);
    for authority in scene.authorities.clone() {
        let step = scene.world.approve_epoch(&authority, &second);
        assert_eq!(scene.world.refused(&step), mira(Error::EpochTooEarly));
    }
    scene.world.advance(1);
    scene.approve(&second);
}

fn pending(world: &World) -> Option<Epoch> {
    world.state::<state::RewardState>(&pda::rewards()).unwrap().pending.map(|pending| pending.epoch.to_core())
}

/// First, and long before the others; also when it has changed its mind in between.
fn a_minority_takes_no_place() {
    let mut scene = RewardScene::due();
    let (first, wrong) = (scene.first(), Epoch { root: [1; 32], ..scene.first() });
    let RewardScene { world, authorities: [one, two, three], stranger, .. } = &mut scene;
    world.run(&world.approve_epoch(one, &wrong));
    world.advance(1_000);
    assert_eq!(world.refused(&world.finalize_epoch(stranger)), mira(Error::EpochNotPending));
    world.run(&world.approve_epoch(two, &first));
    world.run(&world.approve_epoch(two, &Epoch { report_hash: [2; 32], ..first }));
    assert_eq!(pending(world), None);
    world.run(&world.approve_epoch(two, &first));
    world.run(&world.approve_epoch(three, &first));
    assert_eq!(pending(world), Some(first));
}
