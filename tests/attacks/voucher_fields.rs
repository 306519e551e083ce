//! A forged voucher: every byte of every field flipped, with and without the right key's signature.

use crate::program::support::mira;
use ed25519_dalek::VerifyingKey;
use libtest_mimic::Trial;
use mira_core::Error;
use mira_core::amount::{Payment, Units};
use mira_core::voucher::{ED25519_LEN, Voucher};
use mira_testkit::{Refusal, Scene, Step};

pub fn trials() -> Vec<Trial> {
    trials![
        refuses_each_field_flipped_and_signed,
        refuses_each_byte_flipped_and_not_signed,
        refuses_every_other_key,
        refuses_an_unsigned_rise,
    ]
}

/// `PrecompileError` of the ed25519 program.
const INVALID_KEY: Refusal = Refusal::Ed25519(0);
const INVALID_SIGNATURE: Refusal = Refusal::Ed25519(2);

/// Where the parts of the ed25519 instruction's data begin.
const KEY: usize = 16;
const SIGNATURE: usize = 48;

fn good(scene: &Scene) -> Step {
    scene.world.settle(&scene.stranger, &scene.signer, &scene.lease, 1_000, 10)
}

/// The right key has signed something that differs in one bit of one field.
fn refuses_each_field_flipped_and_signed() {
    let mut scene = Scene::lease();
    let step = good(&scene);
    let voucher = scene.world.voucher(&scene.lease, 1_000, 10);
    let flipped = |key: [u8; 32], at: usize| {
        let mut key = key;
        key[at] ^= 1;
        key
    };
    let keys = (0..32).flat_map(|at| {
        [
            Voucher { program_id: flipped(voucher.program_id, at), ..voucher },
            Voucher { cluster_id: flipped(voucher.cluster_id, at), ..voucher },
            Voucher { lease: flipped(voucher.lease, at), ..voucher },
        ]
    });
    let amounts = (0..64).flat_map(|bit| {
        [
            Voucher { cumulative_amount: Payment::new(1_000 ^ 1 << bit), ..voucher },
            Voucher { cumulative_units: Units::new(10 ^ 1 << bit), ..voucher },
        ]
    });
    for other in keys.chain(amounts) {
        let mut bent = step.clone();
        bent.instructions[0] =
            scene.world.settle_voucher(&scene.stranger, &scene.signer, &scene.lease, &other).instructions[0].clone();
        assert_eq!(scene.world.tampered(&bent), mira(Error::VoucherWrongMessage), "{other:?}");
    }
    scene.world.run(&step);
}

/// Nobody has signed what it says now: the ed25519 program says so, or that the key is none.
fn refuses_each_byte_flipped_and_not_signed() {
    let mut scene = Scene::lease();
    let step = good(&scene);
    for at in KEY..ED25519_LEN {
        let mut bent = step.clone();
        let data = &mut bent.instructions[0].data;
        data[at] ^= 1;
        let key = VerifyingKey::from_bytes(&data[KEY..SIGNATURE].try_into().unwrap());
        let expected = if key.is_ok() { INVALID_SIGNATURE } else { INVALID_KEY };
        assert_eq!(scene.world.tampered(&bent), expected, "byte {at}");
    }
    scene.world.run(&step);
}

fn refuses_every_other_key() {
    let mut scene = Scene::lease();
    let admin = scene.world.admin.clone();
    let others = [&scene.stranger, &scene.requester, &scene.operator, &scene.owner, &scene.dispatcher, &admin];
    for somebody in others {
        let step = scene.world.settle(&scene.stranger, somebody, &scene.lease, 1_000, 10);
        assert_eq!(scene.world.refused(&step), mira(Error::VoucherWrongKey), "{}", somebody.name);
    }
    let step = good(&scene);
    scene.world.run(&step);
}

/// The voucher is good; the instruction behind it asks for more.
fn refuses_an_unsigned_rise() {
    let mut scene = Scene::lease();
    let step = good(&scene);
    for (amount, units) in [(1_001, 10), (u64::MAX, 10), (999, 10), (0, 10), (1_000, 11), (1_000, 9)] {
        let mut bent = scene.world.settle(&scene.stranger, &scene.signer, &scene.lease, amount, units);
        bent.instructions[0] = step.instructions[0].clone();
        assert_eq!(scene.world.tampered(&bent), mira(Error::VoucherWrongMessage));
    }
    scene.world.run(&step);
}
