//! A requester that does not want to pay what it has signed for: it names another key, closes job and lease,
//! waits, or lets a stranger bring an older voucher first.

use super::support::payment;
use crate::program::support::mira;
use libtest_mimic::Trial;
use mira_core::Error;
use mira_testkit::world::{PURSE, params};
use mira_testkit::{Scene, Step};

pub fn trials() -> Vec<Trial> {
    trials![
        a_new_key_leaves_old_vouchers_good,
        an_older_voucher_first_stops_no_later_one,
        wild_units_stop_nothing,
        a_closing_job_leaves_the_grace,
        a_closed_lease_leaves_the_grace,
        no_voucher_grows_old,
    ]
}

/// What the provider has a voucher for, after fees of one in a hundred.
const EARNED: u64 = 990;

fn owed(scene: &Scene) -> Step {
    scene.world.settle(&scene.operator, &scene.signer, &scene.lease, 1_000, 10)
}

fn is_paid(scene: &Scene) {
    assert_eq!(payment(&scene.world, &scene.owner), PURSE + EARNED);
}

fn a_new_key_leaves_old_vouchers_good() {
    let mut scene = Scene::lease();
    let step = owed(&scene);
    let Scene { world, requester, stranger, operator, lease, job, .. } = &mut scene;
    world.run(&world.update_job(requester, job, &stranger.pubkey(), None));
    // The new key is nobody to a lease of before.
    let theirs = world.settle(operator, stranger, lease, 1_000, 10);
    assert_eq!(world.refused(&theirs), mira(Error::VoucherWrongKey));
    world.run(&step);
    is_paid(&scene);
}

fn an_older_voucher_first_stops_no_later_one() {
    let mut scene = Scene::lease();
    let step = owed(&scene);
    let old = scene.world.settle(&scene.stranger, &scene.signer, &scene.lease, 1, 1);
    scene.world.run(&old);
    scene.world.run(&step);
    is_paid(&scene);
    // What is too late pays nothing, and takes nothing back.
    let smaller = scene.world.settle(&scene.stranger, &scene.signer, &scene.lease, 999, 9);
    assert_eq!(scene.world.refused(&smaller), mira(Error::NothingToSettle));
    is_paid(&scene);
}

/// Units are a record: neither more nor fewer of them than before refuse a payment.
fn wild_units_stop_nothing() {
    let mut scene = Scene::lease();
    let step = owed(&scene);
    let wild = scene.world.settle(&scene.stranger, &scene.signer, &scene.lease, 1, u64::MAX);
    scene.world.run(&wild);
    scene.world.run(&step);
    is_paid(&scene);
}

/// Nobody releases the escrow before the provider had its time.
fn a_closing_job_leaves_the_grace() {
    let mut scene = Scene::lease();
    let step = owed(&scene);
    let Scene { world, requester, stranger, lease, job, .. } = &mut scene;
    world.run(&world.begin_close_job(requester, job));
    world.advance(params().grace_secs - 1);
    let release = world.release_lease(stranger, lease);
    assert_eq!(world.refused(&release), mira(Error::LeaseNotDue));
    let close = world.close_job(requester, requester, job);
    assert_eq!(world.refused(&close), mira(Error::JobHasLeases));
    world.run(&step);
    world.advance(1);
    world.run(&release);
    is_paid(&scene);
}

fn a_closed_lease_leaves_the_grace() {
    let mut scene = Scene::lease();
    let step = owed(&scene);
    let Scene { world, requester, stranger, lease, .. } = &mut scene;
    world.run(&world.close_lease(requester, lease));
    world.advance(params().grace_secs - 1);
    let release = world.release_lease(stranger, lease);
    assert_eq!(world.refused(&release), mira(Error::LeaseNotDue));
    world.run(&step);
    world.advance(1);
    world.run(&release);
    is_paid(&scene);
}

/// As long as nobody has released the escrow; from then on there is nothing left to pay from.
fn no_voucher_grows_old() {
    let mut scene = Scene::lease();
    let step = owed(&scene);
    scene.world.advance(1_000_000);
    scene.world.run(&step);
    is_paid(&scene);
    let late = scene.world.settle(&scene.operator, &scene.signer, &scene.lease, 2_000, 10);
    let release = scene.world.release_lease(&scene.stranger, &scene.lease);
    scene.world.run(&release);
    assert_eq!(scene.world.refused(&late), mira(Error::LeaseAlreadyReleased));
}
