//! What one engine refuses, the other refuses for the same reason, and neither keeps anything of it.

use super::cast::Cast;
use libtest_mimic::Trial;
use mira_chain::pda;
use mira_core::Error;
use mira_testkit::scene::{CAP, FUNDED};
use mira_testkit::step::lease_terms;
use mira_testkit::world::PURSE;
use mira_testkit::{Refusal, Step, World};
use solana_sdk::instruction::InstructionError;
use solana_sdk::pubkey::Pubkey;
use solana_sdk_ids::system_program;

/// How each world makes a step.
type Make<'a> = &'a dyn Fn(&World) -> Step;

pub fn trials() -> Vec<Trial> {
    trials![
        the_protocols_own_rules,
        a_called_program_that_fails,
        anything_else_in_any_place,
        missing_signatures,
        data_that_is_none
    ]
}

fn the_protocols_own_rules() {
    let mut cast = Cast::lease();
    let Cast { pair, operator, signer, dispatcher, stranger, provider, job, lease, .. } = &mut cast;
    let mut refused = |expected: Error, make: Make| {
        assert_eq!(pair.agree(make), Err(expected.into()));
    };
    refused(Error::LeaseNotDue, &|world| world.release_lease(stranger, lease));
    refused(Error::NothingToSettle, &|world| world.settle(stranger, signer, lease, 0, 1));
    refused(Error::VoucherWrongKey, &|world| world.settle(stranger, stranger, lease, 1, 1));
    refused(Error::PriceAboveMaximum, &|world| {
        let price = mira_core::amount::UnitPrice::new(101);
        let terms = mira_core::lease::LeaseTerms { unit_price: price, ..lease_terms(CAP, world.now()) };
        world.open_lease(operator, dispatcher, (job, provider), &terms)
    });
    refused(Error::WrongSigner, &|world| world.begin_close_job(stranger, job));
}

fn a_called_program_that_fails() {
    let mut cast = Cast::job();
    let Cast { pair, requester, stranger, job, .. } = &mut cast;
    // The token program refuses in the middle of the instruction, as it does to whoever lacks the funds.
    let refusal = pair.tampered(|world| world.fund_job(requester, job, PURSE - FUNDED + 1));
    assert_eq!(refusal, Refusal::Token(1));
    // No program lends a signature that the transaction does not carry.
    let purse = pair.elf.payment_purse(&requester.pubkey());
    let own = pair.elf.payment_purse(&stranger.pubkey());
    let refusal = pair.tampered(|world| world.fund_job(stranger, job, 1).swap(&own, &purse));
    assert_eq!(refusal, Refusal::Token(4));
}

/// Passes the system program, and a copy of each account, in every place that nobody signs for.
fn anything_else_in_any_place() {
    let mut cast = Cast::lease();
    let Cast { pair, owner, operator, signer, dispatcher, stranger, provider, job, lease, .. } = &mut cast;
    // So that there is something to sweep.
    pair.run(|world| world.settle(stranger, signer, lease, 400, 4));
    let steps: [Make; 4] = [
        &|world| world.settle(stranger, signer, lease, 500, 5),
        &|world| world.open_lease(operator, dispatcher, (job, provider), &lease_terms(CAP, world.now())),
        &|world| world.request_unstake(owner, provider, 1),
        &|world| world.sweep_fees(stranger, pda::fee_shard_of(lease)),
    ];
    for step in steps {
        let metas = step(&pair.elf).program_instruction().accounts.clone();
        for (place, meta) in metas.iter().enumerate().filter(|(_, meta)| !meta.is_signer) {
            pair.both(|world| {
                world.copy(&meta.pubkey);
            });
            let copy = pair.elf.copy(&meta.pubkey);
            for other in [system_program::ID, copy].into_iter().filter(|other| *other != meta.pubkey) {
                pair.tampered(|world| step(world).swap_at(place, &other));
            }
        }
    }
}

fn missing_signatures() {
    let mut cast = Cast::lease();
    let Cast { pair, owner, operator, dispatcher, provider, job, lease, .. } = &mut cast;
    let unsigned = anchor_lang::error::ErrorCode::AccountNotSigner;
    let steps: [(Make, Pubkey); 3] = [
        (&|world| world.stake(owner, provider, 5), owner.pubkey()),
        (&|world| world.close_lease(operator, lease), operator.pubkey()),
        (
            &|world| world.open_lease(operator, dispatcher, (job, provider), &lease_terms(CAP, world.now())),
            dispatcher.pubkey(),
        ),
    ];
    for (step, key) in steps {
        assert_eq!(pair.tampered(|world| step(world).unsigned(&key)), unsigned.into());
    }
}

fn data_that_is_none() {
    let mut cast = Cast::lease();
    let Cast { pair, owner, provider, .. } = &mut cast;
    let with_data = |world: &World, data: &[u8]| {
        let mut step = world.stake(owner, provider, 5);
        step.program_instruction().data = data.to_vec();
        step
    };
    for data in [&[] as &[u8], &[0; 7], &[0xff; 8], &mira_chain::event::EVENT_TAG] {
        let refusal = pair.tampered(|world| with_data(world, data));
        assert!(
            matches!(refusal, Refusal::Anchor(_) | Refusal::Instruction(InstructionError::Custom(_))),
            "{refusal:?}"
        );
    }
}
