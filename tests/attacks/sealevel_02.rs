//! Owner checks: the very bytes of every account, in an account that belongs to the attacker's program.

use super::tour::{Account, Attempts, Kind, before_each};
use crate::program::support::{WRONG_ADDRESS, WRONG_PROGRAM, mira};
use libtest_mimic::Trial;
use mira_core::Error;
use mira_testkit::{Actor, Refusal, World};
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![refuses_the_same_bytes_of_another_program]
}

fn refuses_the_same_bytes_of_another_program() {
    let mut attempts = Attempts::default();
    before_each(|world, stop| {
        for account in &stop.accounts {
            if let Some(expected) = expected(account) {
                let fake = fake(world, &account.key);
                attempts.refused(world, stop, &stop.with(account, &fake), account.name, expected);
            }
        }
    });
    attempts.assert_at_least(120);
}

/// The account's bytes and lamports, elsewhere, of the attacker's program.
fn fake(world: &mut World, key: &Pubkey) -> Pubkey {
    let address = Actor::new(&format!("fake {key}")).pubkey();
    let mut account = world.svm.get_account(key).unwrap_or_default();
    account.lamports = account.lamports.max(1_000_000);
    account.owner = Actor::new("attacker's program").pubkey();
    world.svm.set_account(address, account).unwrap();
    address
}

fn expected(account: &Account) -> Option<Refusal> {
    match account.kind {
        Kind::Book | Kind::Record | Kind::Tokens => Some(WRONG_PROGRAM.into()),
        Kind::Mint => Some(mira(Error::WrongTokenProgram)),
        Kind::Derived | Kind::New => Some(WRONG_ADDRESS.into()),
        Kind::Named if account.name == "stake_mint" => Some(mira(Error::WrongMint)),
        Kind::Named => Some(mira(Error::WrongAccount)),
        // Signers are `sealevel_00`'s, programs `sealevel_05`'s, the sysvar is `sealevel_10`'s.
        Kind::Signer | Kind::Program | Kind::Event | Kind::Sysvar => None,
    }
}
