//! Keeping the next epoch away: by approving something else, by a majority's epoch that can never be final,
//! or by never finalizing it.

use crate::program::support::mira;
use libtest_mimic::Trial;
use mira::state;
use mira_chain::pda;
use mira_core::Error;
use mira_core::epoch::Epoch;
use mira_testkit::RewardScene;
use mira_testkit::scene::reward::FEES;
use mira_testkit::world::params;

pub fn trials() -> Vec<Trial> {
    trials![one_authority_jams_nothing, refuses_what_can_never_be_final, nobody_has_to_finalize, paid_for_by_nobody]
}

fn pending(scene: &RewardScene) -> Option<Epoch> {
    scene.world.state::<state::RewardState>(&pda::rewards()).unwrap().pending.map(|pending| pending.epoch.to_core())
}

/// It approves again and again, always something else: the other two agree on one hash all the same.
fn one_authority_jams_nothing() {
    let mut scene = RewardScene::due();
    let first = scene.first();
    let RewardScene { world, authorities: [one, two, three], .. } = &mut scene;
    world.run(&world.approve_epoch(two, &first));
    for noise in 1..=20 {
        let other = Epoch { report_hash: [noise; 32], ..first };
        world.run(&world.approve_epoch(one, &other));
        assert_eq!(world.refused(&world.approve_epoch(one, &other)), mira(Error::NothingChanges));
    }
    world.run(&world.approve_epoch(three, &first));
    assert_eq!(pending(&scene), Some(first));
}

/// A majority's epoch counts fees that nobody paid: it is never final, and anyone clears it away.
fn refuses_what_can_never_be_final() {
    let mut scene = RewardScene::due();
    let first = scene.first();
    scene.approve(&scene.leaves.epoch(1, u64::MAX));
    scene.world.advance(params().reward.challenge_secs);
    let finalize = scene.world.finalize_epoch(&scene.stranger);
    assert_eq!(scene.world.refused(&finalize), mira(Error::EpochFeesNotSwept));
    let right = scene.world.approve_epoch(&scene.authorities[0], &first);
    assert_eq!(scene.world.refused(&right), mira(Error::EpochPending));
    let cancel = scene.world.cancel_epoch(&scene.stranger);
    scene.world.advance(params().reward.stale_secs - 1);
    assert_eq!(scene.world.refused(&cancel), mira(Error::EpochNotCancellable));
    scene.world.advance(1);
    scene.world.run(&cancel);
    scene.approve(&first);
    scene.finalize();
}

/// The authorities agree and then do nothing: a stranger makes it final.
fn nobody_has_to_finalize() {
    let mut scene = RewardScene::pending();
    let finalize = scene.world.finalize_epoch(&scene.stranger);
    assert_eq!(scene.world.refused(&finalize), mira(Error::EpochWindowOpen));
    scene.world.advance(params().reward.challenge_secs);
    scene.world.run(&finalize);
}

/// An epoch without rewards holds up nobody's: the next one pays what was earned.
fn paid_for_by_nobody() {
    let mut scene = RewardScene::due();
    let empty = Epoch { cumulative_fees: Default::default(), cumulative_total: Default::default(), ..scene.first() };
    scene.approve(&empty);
    scene.finalize();
    scene.next_epoch(&scene.leaves.epoch(2, FEES));
    let claim = scene.claim(&scene.provider, &scene.leaves);
    scene.world.run(&claim);
}
