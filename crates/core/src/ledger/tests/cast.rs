//! Who plays in the scripts, and which addresses they get: the same parts give the same address, as on
//! chain.

use crate::Key;
use crate::amount::Payment;
use crate::hash::{Sha2, Sha256};
use crate::ledger::{Action, Ledger};
use crate::network::Network;
use crate::params::{Params, Profile};
use crate::testing::Dice;
use std::collections::BTreeMap;
use std::vec::Vec;

/// When every script begins.
pub const NOW: i64 = 1_000_000;

pub const PROVIDERS: u64 = 3;
pub const DELEGATORS: u64 = 2;
pub const REQUESTERS: u64 = 2;
/// As many as there can be.
pub const AUTHORITIES: u64 = 5;
pub const VERIFIERS: u64 = 5;

fn named(kind: u8, index: u64) -> Key {
    let mut key = [kind; 32];
    key[..8].copy_from_slice(&index.to_le_bytes());
    key
}

/// Governs; 1 is the one it may hand over to.
pub fn admin(index: u64) -> Key {
    named(b'a', index)
}

pub fn guardian(index: u64) -> Key {
    named(b'g', index)
}

pub fn authority(index: u64) -> Key {
    named(b'r', index)
}

pub fn verifier(index: u64) -> Key {
    named(b'v', index)
}

pub fn owner(index: u64) -> Key {
    named(b'o', index)
}

pub fn operator(index: u64) -> Key {
    named(b'h', index)
}

pub fn delegator(index: u64) -> Key {
    named(b'd', index)
}

pub fn requester(index: u64) -> Key {
    named(b'q', index)
}

/// The hot key whose vouchers pay a requester's leases.
pub fn signer(index: u64) -> Key {
    named(b's', index)
}

/// The dispatcher of every job that has one.
pub fn dispatcher() -> Key {
    named(b'm', 0)
}

/// Who has no part in anything.
pub fn stranger() -> Key {
    named(b'x', 0)
}

/// A provider's address.
pub fn provider(index: u64) -> Key {
    Sha2::hashv(&[b"provider", &owner(index)])
}

/// A job's address.
pub fn job(requester: &Key, job_id: u64) -> Key {
    Sha2::hashv(&[b"job", requester, &job_id.to_le_bytes()])
}

/// A lease's address.
pub fn lease(job: &Key, provider: &Key, nonce: u32) -> Key {
    Sha2::hashv(&[b"lease", job, provider, &nonce.to_le_bytes()])
}

/// Everyone.
pub fn all() -> Vec<Key> {
    let some = |of: fn(u64) -> Key, count| (0..count).map(of);
    let mut keys = Vec::from([dispatcher(), stranger(), [0; 32]]);
    keys.extend(some(admin, 2).chain(some(guardian, 2)).chain(some(authority, AUTHORITIES)));
    keys.extend(some(verifier, VERIFIERS).chain(some(owner, PROVIDERS)).chain(some(operator, PROVIDERS)));
    keys.extend(some(delegator, DELEGATORS).chain(some(requester, REQUESTERS)).chain(some(signer, REQUESTERS)));
    keys
}

/// The one who may, or once in a while anybody.
pub fn mostly(dice: &mut Dice, right: Key) -> Key {
    if dice.one_in(14) { dice.of(&all()) } else { right }
}

/// One of the map's keys; a stranger's once in a while, or if there is none.
pub fn pick<V>(map: &BTreeMap<Key, V>, dice: &mut Dice) -> Key {
    pick_where(map, dice, |_| true)
}

/// One of those keys whose value it is about, or else any.
pub fn pick_where<V>(map: &BTreeMap<Key, V>, dice: &mut Dice, about: impl Fn(&V) -> bool) -> Key {
    let all: Vec<Key> = map.keys().copied().collect();
    let fit: Vec<Key> = map.iter().filter(|(_, value)| about(value)).map(|(key, _)| *key).collect();
    match (dice.below(20), fit.is_empty(), all.is_empty()) {
        (0, ..) | (_, _, true) => [0xee; 32],
        (1, ..) | (_, true, _) => dice.of(&all),
        _ => dice.of(&fit),
    }
}

/// A network with a guardian, three authorities, three verifiers, and most of its fee shards.
pub fn network(params: Params, profile: Profile) -> Ledger {
    let mut ledger = Ledger::initialize(admin(0), params, profile, NOW).unwrap();
    let keys = |of: fn(u64) -> Key| (0..3).map(of).collect();
    let actor = admin(0);
    let mut actions = Vec::from([
        Action::SetGuardian { actor, guardian: guardian(0) },
        Action::SetRewardAuthorities { actor, keys: keys(authority) },
        Action::SetVerifiers { actor, keys: keys(verifier) },
    ]);
    actions.extend((0..13).map(|shard| Action::InitFeeShard { shard }));
    for action in actions {
        ledger.apply(&action).unwrap();
    }
    ledger
}

/// The keys that may approve an epoch now, or a stranger's.
pub fn authorities(network: &Network) -> Vec<Key> {
    some_or_stranger(&network.reward_authorities)
}

/// The keys that may judge now, or a stranger's.
pub fn verifiers(network: &Network) -> Vec<Key> {
    some_or_stranger(&network.verifiers)
}

fn some_or_stranger(keys: &[Key]) -> Vec<Key> {
    if keys.is_empty() { Vec::from([stranger()]) } else { keys.to_vec() }
}

/// Mostly a plain amount; once in a while one at the edge of what a mint can supply, of which `inflow`
/// was brought in before.
pub fn amount(dice: &mut Dice, bits: u64, inflow: u128) -> u64 {
    let left = u64::MAX - u64::try_from(inflow).unwrap_or(u64::MAX);
    match dice.below(60) {
        0 => dice.of(&[0, 1, left, left.saturating_add(1), 1 << 63, u64::MAX]),
        _ => dice.amount(bits),
    }
}

/// A part of `whole`, the whole itself, or a little more.
pub fn part(dice: &mut Dice, whole: u64) -> u64 {
    match dice.below(10) {
        0 => whole,
        1 => whole.saturating_add(1),
        2 => dice.of(&[0, 1, u64::MAX]),
        _ => dice.below(whole.saturating_add(1)),
    }
}

/// The payment that a mint has supplied so far.
pub fn paid_in(ledger: &Ledger) -> u128 {
    ledger.flows.payment_in
}

/// `floor(fees × share)`, worked out apart from the protocol's own arithmetic.
pub fn share_of(fees: Payment, share: u16, quality: u16) -> u64 {
    let exact = u128::from(fees.get()) * u128::from(share) * u128::from(quality);
    u64::try_from(exact / 100_000_000).unwrap()
}
