//! Who governs, and what governing cannot do.

use super::*;
use crate::testing::{local_params, public_params};
use std::vec;

const ADMIN: Key = [1; 32];
const NEXT: Key = [2; 32];
const GUARDIAN: Key = [3; 32];

fn network() -> Network {
    Network::initialize(ADMIN, local_params(), Profile::Local).unwrap().set_guardian(GUARDIAN).unwrap()
}

#[test]
fn the_admin_hands_over_in_two_steps() {
    let network = network();
    assert_eq!(network.accept_admin(&NEXT), Err(Error::NoPendingAdmin));
    let proposed = network.propose_admin(NEXT);
    assert_eq!(proposed.accept_admin(&ADMIN), Err(Error::WrongSigner));
    assert_eq!(proposed.require_admin(&NEXT), Err(Error::WrongSigner));
    let accepted = proposed.accept_admin(&NEXT).unwrap();
    assert_eq!(accepted.require_admin(&ADMIN), Err(Error::WrongSigner));
    assert_eq!(accepted.accept_admin(&NEXT), Err(Error::NoPendingAdmin));
    assert_eq!(proposed.propose_admin(ADMIN), network);
}

#[test]
fn the_guardian_stops_and_only_the_admin_resumes() {
    let network = network();
    assert_eq!(network.set_pause(&NEXT, true), Err(Error::WrongSigner));
    assert_eq!(network.set_pause(&ADMIN, false), Err(Error::NothingChanges));
    let paused = network.set_pause(&GUARDIAN, true).unwrap();
    assert_eq!(paused.require_running(), Err(Error::Paused));
    assert_eq!(paused.set_pause(&GUARDIAN, true), Err(Error::NothingChanges));
    assert_eq!(paused.set_pause(&GUARDIAN, false), Err(Error::WrongSigner));
    assert_eq!(paused.set_pause(&ADMIN, false).unwrap(), network);
    assert_eq!(network.set_guardian(GUARDIAN), Err(Error::NothingChanges));
}

#[test]
fn key_sets_are_small_and_distinct() {
    let network = network();
    let keys = |n: u8| (1..=n).map(|byte| [byte; 32]).collect::<Vec<Key>>();
    assert!(network.set_reward_authorities(&keys(5)).unwrap().invariant().is_ok());
    assert_eq!(network.set_reward_authorities(&keys(6)), Err(Error::InvalidKeySet));
    assert_eq!(network.set_verifiers(&keys(8)), Err(Error::InvalidKeySet));
    assert_eq!(network.set_verifiers(&[[4; 32], [4; 32]]), Err(Error::InvalidKeySet));
    assert_eq!(network.set_verifiers(&[[0; 32]]), Err(Error::InvalidKeySet));
    let judged = network.set_verifiers(&keys(7)).unwrap();
    assert_eq!((judged.verifier_set, judged.verifiers.len()), (1, 7));
    assert_eq!(Network { verifiers: vec![[0; 32]], ..judged }.invariant(), Err(Error::InvariantBroken));
}

#[test]
fn parameters_keep_the_profile_they_began_with() {
    assert_eq!(Network::initialize(ADMIN, local_params(), Profile::Public), Err(Error::InvalidParams));
    let public = Network::initialize(ADMIN, public_params(), Profile::Public).unwrap();
    assert_eq!(public.update_params(local_params()), Err(Error::InvalidParams));
    let longer = Params { grace_secs: public.params.grace_secs + 1, ..public.params };
    assert_eq!(public.update_params(longer).unwrap().params, longer);
}

#[test]
fn the_window_for_job_ids_never_grows() {
    let network = network();
    let window = |secs| network.update_params(Params { job_id_window_secs: secs, ..network.params });
    assert_eq!(window(6), Err(Error::InvalidParams));
    assert!(window(5).is_ok());
    assert_eq!(window(4).unwrap().update_params(network.params), Err(Error::InvalidParams));
}

#[test]
fn half_is_no_majority() {
    assert!(!strict_majority(0, 0) && !strict_majority(1, 2) && !strict_majority(2, 5));
    assert!(strict_majority(1, 1) && strict_majority(2, 3) && strict_majority(3, 5));
}
