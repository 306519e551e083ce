//! Dust against a close: tokens or lamports sent to a vault or an account, before or in the very transaction,
//! go along and block nothing. The token program alone would not close a vault with one base unit in it.

use super::support::{let_end, payment};
use crate::program::support::{MISSING, anchor};
use libtest_mimic::Trial;
use mira_chain::pda;
use mira_chain::token::TOKEN_PROGRAM;
use mira_core::ledger::Vault;
use mira_testkit::world::{PURSE, params};
use mira_testkit::{Actor, Scene, Step};
use solana_sdk::instruction::{AccountMeta, Instruction};
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![
        token_dust_goes_along,
        token_dust_of_the_same_transaction_goes_along,
        lamport_dust_goes_along,
        lamport_dust_on_a_lease_and_a_dispute_goes_along,
    ]
}

/// A funded job that is due: closing, and old enough.
fn due() -> Scene {
    let mut scene = Scene::job();
    let step = scene.world.begin_close_job(&scene.requester, &scene.job);
    scene.world.run(&step);
    scene.world.advance(2 * params().job_id_window_secs);
    scene
}

fn close(scene: &Scene) -> Step {
    scene.world.close_job(&scene.stranger, &scene.requester, &scene.job)
}

fn token_dust_goes_along() {
    for dust in [0, 1, 1_000_000] {
        let mut scene = due();
        if dust > 0 {
            scene.world.donate(Vault::Job(scene.job.to_bytes()), dust);
        }
        let step = close(&scene);
        scene.world.run(&step);
        assert_eq!(payment(&scene.world, &scene.requester), PURSE + dust);
        assert_eq!(scene.world.refused(&step), anchor(MISSING));
    }
}

/// The classic token program's transfer of one base unit, by somebody else.
fn dust(from: &Actor, purse: &Pubkey, to: &Pubkey) -> Instruction {
    const TRANSFER: u8 = 3;
    let data = [&[TRANSFER], 1_u64.to_le_bytes().as_slice()].concat();
    let accounts = vec![
        AccountMeta::new(*purse, false),
        AccountMeta::new(*to, false),
        AccountMeta::new_readonly(from.pubkey(), true),
    ];
    Instruction { program_id: TOKEN_PROGRAM, accounts, data }
}

/// Right before the close, where nobody could have counted it.
fn token_dust_of_the_same_transaction_goes_along() {
    let mut scene = due();
    let purse = scene.world.payment_purse(&scene.stranger.pubkey());
    let dust = dust(&scene.stranger, &purse, &pda::escrow(&scene.job));
    let step = close(&scene);
    // The model has no such transaction.
    scene.world.send(&[vec![dust], step.instructions].concat(), &[&scene.stranger]).unwrap();
    assert_eq!(payment(&scene.world, &scene.requester), PURSE + 1);
    assert_eq!((scene.world.lamports(&scene.job), scene.world.lamports(&pda::escrow(&scene.job))), (0, 0));
}

fn lamport_dust_goes_along() {
    const DUST: u64 = 1_000_000;
    let mut scene = due();
    let before = scene.world.lamports(&scene.requester.pubkey());
    let mut rent = 0;
    for address in [scene.job, pda::escrow(&scene.job)] {
        rent += scene.world.lamports(&address);
        scene.world.svm.airdrop(&address, DUST).unwrap();
    }
    let step = close(&scene);
    scene.world.run(&step);
    assert_eq!(scene.world.lamports(&scene.requester.pubkey()), before + rent + 2 * DUST);
}

fn lamport_dust_on_a_lease_and_a_dispute_goes_along() {
    let mut scene = Scene::disputed();
    let (lease, dispute) = (scene.lease, pda::dispute(&scene.lease));
    for address in [lease, dispute] {
        scene.world.svm.airdrop(&address, 1_000_000).unwrap();
    }
    scene.stay_silent();
    let resolve = scene.world.resolve_dispute(&scene.stranger, &scene.lease);
    scene.world.run(&resolve);
    let_end(&mut scene);
    let end = scene.world.end_lease(&scene.stranger, &lease);
    scene.world.run(&end);
    assert_eq!((scene.world.lamports(&lease), scene.world.lamports(&dispute)), (0, 0));
}
