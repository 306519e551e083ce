//! Type cosplay: in the place of every account one of another type, of the right program.

use super::tour::{Account, Attempts, Kind, before_each};
use crate::program::support::{WRONG_ADDRESS, WRONG_PROGRAM, WRONG_TYPE, mira};
use libtest_mimic::Trial;
use mira_chain::pda;
use mira_core::Error;
use mira_testkit::{Refusal, World};
use solana_sdk::instruction::InstructionError;
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![refuses_books_of_another_type, refuses_other_things_for_tokens_and_mints]
}

fn refuses_books_of_another_type() {
    let mut attempts = Attempts::default();
    before_each(|world, stop| {
        for account in stop.accounts.iter().filter(|account| matches!(account.kind, Kind::Book | Kind::Derived)) {
            let expected = if account.kind == Kind::Book { WRONG_TYPE } else { WRONG_ADDRESS };
            for (name, key) in books(world) {
                if name != account.name && key != account.key {
                    attempts.refused(world, stop, &stop.with(account, &key), account.name, expected);
                }
            }
        }
    });
    attempts.assert_at_least(500);
}

/// One account of each type that there is so far.
fn books(world: &World) -> Vec<(&'static str, Pubkey)> {
    let model = &world.model;
    let singles = [("config", pda::config()), ("rewards", pda::rewards())];
    let shard = model.shards.keys().next().map(|shard| ("fee_shard", pda::fee_shard(*shard)));
    let provider = model.providers.keys().next().map(|key| ("provider", Pubkey::from(*key)));
    let position = model.positions.keys().next();
    let position = position.map(|(of, by)| ("position", pda::stake_position(&(*of).into(), &(*by).into())));
    let job = model.jobs.keys().next().map(|key| ("job", Pubkey::from(*key)));
    let lease = model.leases.keys().next().map(|key| ("lease", Pubkey::from(*key)));
    let dispute = model.disputes.keys().next().map(|key| ("dispute", pda::dispute(&(*key).into())));
    let there = |(_, key): &(&str, Pubkey)| world.lamports(key) > 0;
    let all = singles.into_iter().chain(shard).chain(provider).chain(position).chain(job).chain(lease).chain(dispute);
    all.filter(there).collect()
}

fn refuses_other_things_for_tokens_and_mints() {
    let mut attempts = Attempts::default();
    before_each(|world, stop| {
        let (wallet, mint) = (world.payer.pubkey(), world.stake_mint);
        let tokens = world.put_purse(&wallet, mint, 5);
        let config = (world.lamports(&pda::config()) > 0).then(|| ("config", pda::config()));
        for account in &stop.accounts {
            for (what, key) in [("wallet", wallet), ("mint", mint), ("tokens", tokens)].into_iter().chain(config) {
                if let Some(expected) = expected(account, what).filter(|_| key != account.key) {
                    attempts.refused(world, stop, &stop.with(account, &key), account.name, expected);
                }
            }
        }
    });
    attempts.assert_at_least(300);
}

fn expected(account: &Account, what: &str) -> Option<Refusal> {
    match (account.kind, what) {
        (Kind::Tokens, "mint") => Some(Refusal::Instruction(InstructionError::InvalidAccountData)),
        (Kind::Tokens, "wallet" | "config") => Some(WRONG_PROGRAM.into()),
        (Kind::Mint, "tokens") => Some(mira(Error::WrongMint)),
        (Kind::Mint, "wallet" | "config") => Some(mira(Error::WrongTokenProgram)),
        (Kind::Book, "mint" | "tokens" | "wallet") => Some(WRONG_PROGRAM.into()),
        (Kind::New | Kind::Derived, _) => Some(WRONG_ADDRESS.into()),
        _ => None,
    }
}
