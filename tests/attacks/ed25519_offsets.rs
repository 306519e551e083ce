//! The ed25519 program verifies what its header points to; `settle` must read the very same bytes. Headers
//! that are valid for the one and a lie to the other: every byte, several signatures, parts elsewhere in the
//! instruction and in other ones, a forged list of instructions.

use crate::program::support::mira;
use libtest_mimic::Trial;
use mira_core::Error;
use mira_core::voucher::ED25519_LEN;
use mira_testkit::{Actor, Refusal, Scene, Step};
use solana_sdk::instruction::Instruction;

pub fn trials() -> Vec<Trial> {
    trials![
        refuses_every_header_byte,
        refuses_any_number_of_signatures_but_one,
        refuses_parts_of_another_instruction,
        refuses_its_own_index,
        refuses_parts_behind_the_standard_ones,
        refuses_a_proof_that_is_not_directly_before,
        refuses_other_lists_of_instructions,
    ]
}

/// The header: how many signatures, padding, then where signature, key and message are, as u16s.
const HEADER: usize = 16;
const SIGNATURE_OFFSET: usize = 2;
const SIGNATURE_INDEX: usize = 4;
const KEY_OFFSET: usize = 6;
const KEY_INDEX: usize = 8;
const MESSAGE_OFFSET: usize = 10;
const MESSAGE_INDEX: usize = 14;

fn good(scene: &Scene) -> Step {
    scene.world.settle(&scene.stranger, &scene.signer, &scene.lease, 1_000, 10)
}

/// What the right key never signed, and its proof with a signature that is none.
fn forged(scene: &Scene) -> Step {
    let mut step = scene.world.settle(&scene.stranger, &scene.signer, &scene.lease, 19_999, 10);
    let (signature, data) = (48..112, &mut step.instructions[0].data);
    data[signature].fill(1);
    step
}

/// What the stranger signed with its own key: good for the ed25519 program, whatever it says.
fn strangers_proof(scene: &Scene) -> Instruction {
    scene.world.settle(&scene.stranger, &scene.stranger, &scene.lease, 19_999, 10).instructions[0].clone()
}

fn write(data: &mut [u8], at: usize, value: usize) {
    data[at..at + 2].copy_from_slice(&u16::try_from(value).unwrap().to_le_bytes());
}

/// The ed25519 program's own word on instructions that only it sees.
fn alone(scene: &mut Scene, proofs: &[Instruction]) -> Result<(), Refusal> {
    scene.world.send(proofs, &[]).map(|_| ())
}

/// Every other value of every byte: the ed25519 program refuses it, or, where it does not look, the program.
fn refuses_every_header_byte() {
    let mut scene = Scene::lease();
    let step = good(&scene);
    let mut passed = 0;
    for at in 0..HEADER {
        for change in 1..=u8::MAX {
            let mut bent = step.clone();
            bent.instructions[0].data[at] ^= change;
            let expected = match alone(&mut scene, &bent.instructions[..1]) {
                Ok(()) => mira(Error::VoucherMalformed),
                Err(refusal) => refusal,
            };
            passed += usize::from(expected == mira(Error::VoucherMalformed));
            assert_eq!(scene.world.tampered(&bent), expected, "byte {at}, bits {change:#b}");
        }
    }
    // The padding, at least.
    assert!(passed >= 255, "{passed} headers are good for the ed25519 program");
    scene.world.run(&step);
}

/// `count` times the same parts, which move by the length of the offsets.
fn with_signatures(proof: &Instruction, count: u8) -> Instruction {
    let moved = 14 * usize::from(count) - 14;
    let mut offsets = proof.data[2..HEADER].to_vec();
    for at in [SIGNATURE_OFFSET, KEY_OFFSET, MESSAGE_OFFSET] {
        let old = usize::from(u16::from_le_bytes([proof.data[at], proof.data[at + 1]]));
        write(&mut offsets, at - 2, old + moved);
    }
    let data = [vec![count, 0], offsets.repeat(count.into()), proof.data[HEADER..].to_vec()].concat();
    Instruction { data, ..proof.clone() }
}

fn refuses_any_number_of_signatures_but_one() {
    let mut scene = Scene::lease();
    let step = good(&scene);
    let proof = step.instructions[0].clone();
    assert_eq!(with_signatures(&proof, 1), proof);
    let none = Instruction { data: vec![0, 0], ..proof.clone() };
    for bent in [none, with_signatures(&proof, 2), with_signatures(&proof, 3), with_signatures(&proof, 8)] {
        assert_eq!(alone(&mut scene, std::slice::from_ref(&bent)), Ok(()));
        let mut step = step.clone();
        step.instructions[0] = bent;
        assert_eq!(scene.world.tampered(&step), mira(Error::VoucherMalformed));
    }
    scene.world.run(&step);
}

/// The forged voucher stands where the program reads; the header leads to the stranger's own proof.
fn refuses_parts_of_another_instruction() {
    let mut scene = Scene::lease();
    let mut step = forged(&scene);
    for at in [SIGNATURE_INDEX, KEY_INDEX, MESSAGE_INDEX] {
        write(&mut step.instructions[0].data, at, 0);
    }
    step.instructions.insert(0, strangers_proof(&scene));
    assert_eq!(alone(&mut scene, &step.instructions[..2]), Ok(()));
    assert_eq!(scene.world.tampered(&step), mira(Error::VoucherMalformed));
    let step = good(&scene);
    scene.world.run(&step);
}

/// By its number instead of "this one": in any other transaction that is another instruction.
fn refuses_its_own_index() {
    let mut scene = Scene::lease();
    let step = good(&scene);
    for chosen in 1..8 {
        let mut bent = step.clone();
        for (bit, at) in [SIGNATURE_INDEX, KEY_INDEX, MESSAGE_INDEX].into_iter().enumerate() {
            if chosen >> bit & 1 == 1 {
                write(&mut bent.instructions[0].data, at, 0);
            }
        }
        assert_eq!(alone(&mut scene, &bent.instructions[..1]), Ok(()));
        assert_eq!(scene.world.tampered(&bent), mira(Error::VoucherMalformed), "{chosen:#b}");
    }
    scene.world.run(&step);
}

/// The forged voucher in front; behind it an older good one of the right key, or one of the stranger's, to
/// which the header leads. Nor does anything harmless stand behind.
fn refuses_parts_behind_the_standard_ones() {
    let mut scene = Scene::lease();
    let (honest, theirs) = (good(&scene), strangers_proof(&scene));
    for real in [&honest.instructions[0], &theirs] {
        let mut step = forged(&scene);
        let data = &mut step.instructions[0].data;
        data.extend(&real.data[HEADER..]);
        for at in [SIGNATURE_OFFSET, KEY_OFFSET, MESSAGE_OFFSET] {
            let old = usize::from(u16::from_le_bytes([real.data[at], real.data[at + 1]]));
            write(data, at, old + ED25519_LEN - HEADER);
        }
        assert_eq!(alone(&mut scene, &step.instructions[..1]), Ok(()));
        assert_eq!(scene.world.tampered(&step), mira(Error::VoucherMalformed));
    }
    let mut longer = honest.clone();
    longer.instructions[0].data.push(0);
    assert_eq!(alone(&mut scene, &longer.instructions[..1]), Ok(()));
    assert_eq!(scene.world.tampered(&longer), mira(Error::VoucherMalformed));
    scene.world.run(&honest);
}

/// None, behind, two before, or one proof for two settlements.
fn refuses_a_proof_that_is_not_directly_before() {
    let mut scene = Scene::lease();
    let step = good(&scene);
    let [proof, settle] = step.instructions.as_slice() else { panic!("{step:?}") };
    let idle = strangers_proof(&scene);
    for order in [vec![settle], vec![settle, proof], vec![proof, settle, settle]] {
        let bent = Step { instructions: order.into_iter().cloned().collect(), ..step.clone() };
        assert_eq!(scene.world.tampered(&bent), mira(Error::VoucherMissing));
    }
    // Another proof in between is the one that counts.
    let between = Step { instructions: vec![proof.clone(), idle.clone(), settle.clone()], ..step.clone() };
    assert_eq!(scene.world.tampered(&between), mira(Error::VoucherWrongKey));
    let before = Step { instructions: vec![idle, proof.clone(), settle.clone()], ..step.clone() };
    scene.world.run(&before);
}

/// `sealevel_10` forges the list itself.
fn refuses_other_lists_of_instructions() {
    let mut scene = Scene::lease();
    let step = good(&scene);
    let sysvar = solana_sdk_ids::sysvar::instructions::ID;
    for other in [solana_sdk_ids::sysvar::rent::ID, mira::ID, Actor::new("not a sysvar").pubkey()] {
        let bent = step.clone().swap(&sysvar, &other);
        assert_eq!(scene.world.tampered(&bent), mira(Error::WrongAccount));
    }
    scene.world.run(&step);
}
