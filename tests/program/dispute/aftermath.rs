//! After a dispute: the jail, and the lease that it was about.

use crate::program::support::mira;
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_core::Error;
use mira_core::dispute::DisputeKind;
use mira_core::params::{DisputeParams, Params};
use mira_testkit::Scene;
use mira_testkit::scene::CAP;
use mira_testkit::scene::dispute::EVIDENCE;
use mira_testkit::step::lease_terms;
use mira_testkit::world::params;

pub fn trials() -> Vec<Trial> {
    trials![
        a_jailed_provider_takes_no_lease,
        jails_until_the_later_end,
        the_leases_end_frees_nothing_twice,
        a_lease_that_was_not_slashed_ends_as_ever,
    ]
}

/// A stranger ends the scene's dispute.
fn resolve(scene: &mut Scene) {
    let step = scene.world.resolve_dispute(&scene.stranger, &scene.lease);
    scene.world.run(&step);
}

fn provider(scene: &Scene) -> state::Provider {
    scene.world.state(&scene.provider).unwrap()
}

fn a_jailed_provider_takes_no_lease() {
    let mut scene = Scene::disputed();
    scene.stay_silent();
    resolve(&mut scene);
    let Scene { world, operator, dispatcher, job, provider, .. } = &mut scene;
    let terms = lease_terms(1_000, world.now());
    let step = world.open_lease(operator, dispatcher, (job, provider), &terms);
    assert_eq!(world.refused(&step), mira(Error::ProviderNotActive));
}

/// Seven seconds after the first verdict a second one jails as long, or for a second only.
fn jails_until_the_later_end() {
    for (jail_secs, later) in [(params().dispute.jail_secs, 7), (1, 0)] {
        let mut scene = Scene::lease();
        let second = scene.another_lease();
        scene.challenge();
        let Scene { world, owner, requester, stranger, lease, provider, .. } = &mut scene;
        world.run(&world.respond_dispute(owner, lease, None));
        world.run(&world.resolve_dispute(stranger, lease));
        let first = world.state::<state::Provider>(provider).unwrap().jailed_until;
        assert_eq!(first, world.now() + i64::from(params().dispute.jail_secs));
        let admin = world.admin.clone();
        let dispute = DisputeParams { jail_secs, ..params().dispute };
        world.run(&world.update_params(&admin, &Params { dispute, ..params() }));
        world.advance(7);
        world.run(&world.open_dispute(requester, &second, DisputeKind::NoShow, EVIDENCE));
        world.run(&world.respond_dispute(owner, &second, None));
        world.run(&world.resolve_dispute(stranger, &second));
        assert_eq!(world.state::<state::Provider>(provider).unwrap().jailed_until, first + later);
    }
}

/// The slash freed the lease's exposure; its end frees the place, and nothing of the other lease's.
fn the_leases_end_frees_nothing_twice() {
    let mut scene = Scene::lease();
    scene.another_lease();
    scene.challenge();
    scene.stay_silent();
    resolve(&mut scene);
    assert_eq!((provider(&scene).exposure, provider(&scene).open_leases), (CAP / 2, 2));
    let Scene { world, operator, stranger, lease, .. } = &mut scene;
    world.run(&world.close_lease(operator, lease));
    world.run(&world.release_lease(stranger, lease));
    world.advance(params().dispute_window_secs);
    let receipt = world.run(&world.end_lease(stranger, lease));
    let [Event::LeaseEnded(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.exposure, event.provider_exposure_before, event.provider_exposure_after), (0, CAP / 2, CAP / 2));
    assert_eq!((provider(&scene).exposure, provider(&scene).open_leases), (CAP / 2, 1));
}

fn a_lease_that_was_not_slashed_ends_as_ever() {
    let mut scene = Scene::contested();
    scene.vote(&[false, false]);
    resolve(&mut scene);
    assert_eq!(provider(&scene).exposure, CAP / 2);
    let Scene { world, stranger, lease, .. } = &mut scene;
    world.advance(110);
    world.run(&world.release_lease(stranger, lease));
    world.run(&world.end_lease(stranger, lease));
    assert_eq!((provider(&scene).exposure, provider(&scene).open_leases), (0, 0));
}
