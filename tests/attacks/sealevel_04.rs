//! Initialization: nothing is made twice, nothing is made over, and what the program never wrote is no
//! account of it.

use super::tour::{Attempts, Kind, Mints, Moment, Stop, before_each, walk};
use crate::program::support::{EXISTS, WRONG_ADDRESS, WRONG_TYPE};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::pda;
use mira_testkit::scene::STAKED;
use mira_testkit::{Actor, Refusal, Scene};

pub fn trials() -> Vec<Trial> {
    trials![
        refuses_to_make_it_twice,
        a_second_deposit_makes_nothing_over,
        refuses_what_was_never_written,
        refuses_to_make_it_elsewhere,
    ]
}

/// The very instruction again, as soon as it was accepted.
fn refuses_to_make_it_twice() {
    let mut attempts = Attempts::default();
    walk(Mints::Two, |world, stop, moment| {
        let again = (moment == Moment::After).then(|| again(stop)).flatten();
        if let Some(expected) = again {
            attempts.refused(world, stop, &stop.step, "the same again", expected);
        }
    });
    attempts.assert_at_least(6);
}

fn again(stop: &Stop) -> Option<Refusal> {
    match stop.name {
        "Initialize" | "InitFeeShard" | "RegisterProvider" | "CreateJob" | "OpenDispute" => Some(EXISTS),
        // The job has counted the lease: its next one has another address.
        "OpenLease" => Some(WRONG_ADDRESS.into()),
        // A second deposit is welcome.
        "Stake" => None,
        name => {
            assert_eq!(stop.of(Kind::New).count(), 0, "{name} makes something");
            None
        }
    }
}

/// `stake` makes a position only where there is none.
fn a_second_deposit_makes_nothing_over() {
    let mut scene = Scene::provider();
    let Scene { world, owner, provider, .. } = &mut scene;
    world.run(&world.request_unstake(owner, provider, 7));
    world.run(&world.stake(owner, provider, 5));
    let position: state::StakePosition = world.state(&pda::stake_position(provider, &owner.pubkey())).unwrap();
    assert_eq!((position.shares, position.tickets.len()), (u128::from(STAKED) - 7 + 5, 1));
}

/// Anyone can make an account that belongs to the program, full of zeros.
fn refuses_what_was_never_written() {
    let mut attempts = Attempts::default();
    before_each(|world, stop| {
        for account in stop.of(Kind::Book) {
            let blank = Actor::new("blank account").pubkey();
            let bytes = world.svm.get_account(&account.key).unwrap().data.len();
            world.put(blank, mira::ID, vec![0; bytes]);
            attempts.refused(world, stop, &stop.with(account, &blank), account.name, WRONG_TYPE);
        }
    });
    attempts.assert_at_least(78);
}

/// At an address of the attacker's, empty or prepared by it.
fn refuses_to_make_it_elsewhere() {
    let mut attempts = Attempts::default();
    before_each(|world, stop| {
        for account in stop.of(Kind::New) {
            let (empty, blank) = (Actor::new("empty address").pubkey(), Actor::new("prepared address").pubkey());
            world.put(blank, mira::ID, vec![0; 1_000]);
            for elsewhere in [empty, blank] {
                attempts.refused(world, stop, &stop.with(account, &elsewhere), account.name, WRONG_ADDRESS);
            }
        }
    });
    attempts.assert_at_least(16);
}
