//! Forged, moved and bent vouchers pay nothing: every byte, every field, every position.

use crate::program::support::mira;
use libtest_mimic::Trial;
use mira_core::Error;
use mira_core::amount::{Payment, Units};
use mira_core::voucher::{ED25519_LEN, Voucher};
use mira_testkit::{Refusal, Scene, Step};
use solana_sdk::instruction::Instruction;

pub fn trials() -> Vec<Trial> {
    trials![
        every_header_byte_counts,
        every_body_byte_counts,
        refuses_another_length,
        refuses_another_key,
        refuses_another_message,
        refuses_other_amounts_than_signed,
        refuses_a_voucher_of_another_lease,
        refuses_none_and_elsewhere,
        refuses_a_proof_that_points_elsewhere,
        refuses_two_signatures_in_one_proof,
    ]
}

/// `PrecompileError` of the ed25519 program.
const INVALID_KEY: Refusal = Refusal::Ed25519(0);
const INVALID_SIGNATURE: Refusal = Refusal::Ed25519(2);
const INVALID_OFFSETS: Refusal = Refusal::Ed25519(3);
const INVALID_SIZE: Refusal = Refusal::Ed25519(4);

/// Where the parts of the ed25519 instruction's data begin: header, key, signature, message.
const KEY: usize = 16;
const SIGNATURE: usize = 48;
const MESSAGE: usize = 112;

fn good(scene: &Scene) -> Step {
    scene.world.settle(&scene.stranger, &scene.signer, &scene.lease, 1_000, 10)
}

fn with_byte(step: &Step, at: usize, mask: u8) -> Step {
    let mut changed = step.clone();
    changed.instructions[0].data[at] ^= mask;
    changed
}

/// Bent headers fail in the ed25519 program, unless it does not look: then the program does.
fn every_header_byte_counts() {
    let mut scene = Scene::lease();
    let step = good(&scene);
    for at in 0..KEY {
        for bit in 0..8 {
            let refusal = scene.world.tampered(&with_byte(&step, at, 1 << bit));
            let allowed = match at {
                // The number of signatures: none at all, or more than the data holds.
                0 => vec![INVALID_SIZE, INVALID_OFFSETS, INVALID_SIGNATURE, INVALID_KEY],
                // Padding that the ed25519 program ignores.
                1 => vec![mira(Error::VoucherMalformed)],
                // An offset or length that is wrong, or an instruction that is not there.
                _ => vec![INVALID_OFFSETS, INVALID_SIGNATURE, INVALID_KEY],
            };
            assert!(allowed.contains(&refusal), "byte {at} bit {bit}: {refusal:?}");
        }
    }
    scene.world.run(&step);
}

fn every_body_byte_counts() {
    let mut scene = Scene::lease();
    let step = good(&scene);
    for at in KEY..ED25519_LEN {
        for bit in [0, 7] {
            let refusal = scene.world.tampered(&with_byte(&step, at, 1 << bit));
            let allowed = match at {
                KEY..SIGNATURE => vec![INVALID_KEY, INVALID_SIGNATURE],
                _ => vec![INVALID_SIGNATURE],
            };
            assert!(allowed.contains(&refusal), "byte {at} bit {bit}: {refusal:?}");
        }
    }
    scene.world.run(&step);
}

fn refuses_another_length() {
    let mut scene = Scene::lease();
    let step = good(&scene);
    let mut longer = step.clone();
    longer.instructions[0].data.push(0);
    assert_eq!(scene.world.tampered(&longer), mira(Error::VoucherMalformed));
    let mut shorter = step.clone();
    shorter.instructions[0].data.pop();
    assert_eq!(scene.world.tampered(&shorter), INVALID_OFFSETS);
    let mut empty = step;
    empty.instructions[0].data = vec![0, 0];
    assert_eq!(scene.world.tampered(&empty), mira(Error::VoucherMalformed));
}

fn refuses_another_key() {
    let mut scene = Scene::lease();
    for somebody in [&scene.stranger, &scene.requester, &scene.operator, &scene.owner, &scene.dispatcher] {
        let step = scene.world.settle(&scene.stranger, somebody, &scene.lease, 1_000, 10);
        assert_eq!(scene.world.refused(&step), mira(Error::VoucherWrongKey), "{}", somebody.name);
    }
}

/// Truly signed by the right key, but not for this program, cluster or lease.
fn refuses_another_message() {
    let mut scene = Scene::lease();
    let voucher = scene.world.voucher(&scene.lease, 1_000, 10);
    let strange = [
        Voucher { program_id: [9; 32], ..voucher },
        Voucher { cluster_id: [9; 32], ..voucher },
        Voucher { lease: [9; 32], ..voucher },
    ];
    for voucher in strange {
        let step = scene.world.settle_voucher(&scene.stranger, &scene.signer, &scene.lease, &voucher);
        assert_eq!(scene.world.tampered(&step), mira(Error::VoucherWrongMessage));
    }
}

/// The proof is a good voucher; the instruction claims other amounts.
fn refuses_other_amounts_than_signed() {
    let mut scene = Scene::lease();
    let voucher = scene.world.voucher(&scene.lease, 1_000, 10);
    let proof = good(&scene).instructions[0].clone();
    let claims = [
        Voucher { cumulative_amount: Payment::new(1_001), ..voucher },
        Voucher { cumulative_amount: Payment::new(999), ..voucher },
        Voucher { cumulative_units: Units::new(11), ..voucher },
    ];
    for claim in claims {
        let mut step = scene.world.settle_voucher(&scene.stranger, &scene.signer, &scene.lease, &claim);
        step.instructions[0] = proof.clone();
        assert_eq!(scene.world.tampered(&step), mira(Error::VoucherWrongMessage));
    }
}

fn refuses_a_voucher_of_another_lease() {
    let mut scene = Scene::lease();
    let (_, _, second) = scene.second_lease(5_000);
    let proof = good(&scene).instructions[0].clone();
    let mut replayed = scene.world.settle(&scene.stranger, &scene.signer, &second, 1_000, 10);
    replayed.instructions[0] = proof;
    assert_eq!(scene.world.tampered(&replayed), mira(Error::VoucherWrongMessage));
}

fn refuses_none_and_elsewhere() {
    let mut scene = Scene::lease();
    let step = good(&scene);
    let [proof, settle] = step.instructions.as_slice() else { panic!("{step:?}") };
    let idle = Instruction::new_with_bytes(solana_sdk_ids::compute_budget::ID, &compute_limit(), Vec::new());
    let orders: [Vec<&Instruction>; 4] =
        [vec![settle], vec![settle, proof], vec![proof, &idle, settle], vec![&idle, settle]];
    for order in orders {
        let bent = Step { instructions: order.into_iter().cloned().collect(), ..step.clone() };
        assert_eq!(scene.world.tampered(&bent), mira(Error::VoucherMissing));
    }
    // One proof does not serve two settlements.
    let twice = Step { instructions: vec![proof.clone(), settle.clone(), settle.clone()], ..step.clone() };
    assert_eq!(scene.world.tampered(&twice), mira(Error::VoucherMissing));
    // Other instructions before the proof do no harm.
    let padded = Step { instructions: vec![idle, proof.clone(), settle.clone()], ..step };
    scene.world.run(&padded);
}

/// `SetComputeUnitLimit` of 400,000: an instruction that does nothing here.
fn compute_limit() -> [u8; 5] {
    let [a, b, c, d] = 400_000u32.to_le_bytes();
    [2, a, b, c, d]
}

/// The ed25519 program accepts a proof that names itself by its index, or takes its parts from another
/// instruction. The program does not: what it would check is not what was verified.
fn refuses_a_proof_that_points_elsewhere() {
    let mut scene = Scene::lease();
    let step = good(&scene);
    for index in [4, 8, 14] {
        // Index 0 is the proof itself: the same bytes, another header.
        let mut named = step.clone();
        named.instructions[0].data[index..index + 2].copy_from_slice(&[0, 0]);
        assert_eq!(scene.world.tampered(&named), mira(Error::VoucherMalformed), "index at {index}");
    }
    // A true signature by a stranger in one instruction; the settlement's proof takes all its parts from
    // there and carries a voucher that nobody signed.
    let real = scene.world.settle(&scene.stranger, &scene.stranger, &scene.lease, 1_000, 10).instructions[0].clone();
    let mut forged = step.clone();
    for index in [4, 8, 14] {
        forged.instructions[0].data[index..index + 2].copy_from_slice(&[0, 0]);
    }
    forged.instructions[0].data[SIGNATURE..MESSAGE].fill(0);
    forged.instructions.insert(0, real);
    assert_eq!(scene.world.tampered(&forged), mira(Error::VoucherMalformed));
}

fn refuses_two_signatures_in_one_proof() {
    let mut scene = Scene::lease();
    let step = good(&scene);
    let mut double = step.clone();
    let data = &step.instructions[0].data;
    // Two headers, both of the same parts, which move by the length of one header.
    let mut header = vec![2, 0];
    for _ in 0..2 {
        let mut offsets = data[2..16].to_vec();
        for place in [0, 4, 8] {
            offsets[place] += 14;
        }
        header.extend(offsets);
    }
    double.instructions[0].data = [header, data[KEY..].to_vec()].concat();
    assert_eq!(scene.world.tampered(&double), mira(Error::VoucherMalformed));
}
