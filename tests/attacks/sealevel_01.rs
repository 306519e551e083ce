//! Account data matching: in the place of every account another one that is just as real, of the same kind,
//! but somebody else's, or of another job, lease, provider, position, dispute, shard or mint.

use super::support::{mint_of, owner_of};
use super::tour::{Account, Attempts, Kind, Stop, before_each};
use crate::program::support::{NOT_THE_OWNER, WRONG_ADDRESS, mira};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::pda;
use mira_core::Error;
use mira_testkit::{Actor, Refusal, World};
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![
        refuses_anothers_book,
        refuses_anothers_tokens,
        refuses_tokens_of_another_mint,
        refuses_another_mint,
        refuses_another_key
    ]
}

fn refuses_anothers_book() {
    let mut attempts = Attempts::default();
    before_each(|world, stop| {
        for account in stop.of(Kind::Book) {
            for other in others(world, account) {
                attempts.refused(
                    world,
                    stop,
                    &stop.with(account, &other),
                    account.name,
                    anothers_book(world, stop, account, &other),
                );
            }
        }
    });
    attempts.assert_at_least(60);
}

/// All of the same kind that the network has, but this one.
fn others(world: &World, account: &Account) -> Vec<Pubkey> {
    let model = &world.model;
    let keys: Vec<Pubkey> = match account.name {
        "provider" => model.providers.keys().map(|key| Pubkey::from(*key)).collect(),
        "job" => model.jobs.keys().map(|key| Pubkey::from(*key)).collect(),
        "lease" => model.leases.keys().map(|key| Pubkey::from(*key)).collect(),
        "dispute" => model.disputes.keys().map(|lease| pda::dispute(&Pubkey::from(*lease))).collect(),
        "position" => {
            model.positions.keys().map(|(of, by)| pda::stake_position(&(*of).into(), &(*by).into())).collect()
        }
        "fee_shard" => model.shards.keys().map(|shard| pda::fee_shard(*shard)).collect(),
        // There is one of each.
        "config" | "rewards" => Vec::new(),
        name => panic!("what is a {name}?"),
    };
    keys.into_iter().filter(|key| *key != account.key).collect()
}

/// Most are not where the others lead; some are, but their people do not sign or are not the ones passed.
fn anothers_book(world: &World, stop: &Stop, account: &Account, other: &Pubkey) -> Refusal {
    match (stop.name, account.name) {
        ("UpdateProvider" | "RespondDispute", "provider") => mira(Error::WrongSigner),
        ("ExtendJob" | "UpdateJob" | "BeginCloseJob", "job") => mira(Error::WrongSigner),
        ("CloseJob", "job") | ("ClaimReward", "provider") | ("RespondDispute", "dispute") => mira(Error::WrongAccount),
        (name, "position") => {
            let mine = stop.accounts.iter().find(|account| account.name == "provider").unwrap();
            let of = world.state::<state::StakePosition>(other).unwrap().provider;
            match name {
                _ if of != mine.key => WRONG_ADDRESS.into(),
                "RequestUnstake" | "CancelUnstake" => mira(Error::WrongSigner),
                _ => mira(Error::WrongAccount),
            }
        }
        _ => WRONG_ADDRESS.into(),
    }
}

fn refuses_anothers_tokens() {
    let mut attempts = Attempts::default();
    before_each(|world, stop| {
        let mallory = world.actor("mallory").pubkey();
        for account in stop.of(Kind::Tokens) {
            let Some(expected) = anothers_tokens(stop, account) else { continue };
            let mint = mint_of(world, &account.key);
            let purse = mira_chain::token::associated(&mallory, &mint);
            attempts.refused(world, stop, &stop.with(account, &purse), account.name, expected);
        }
    });
    attempts.assert_at_least(9);
}

fn anothers_tokens(stop: &Stop, account: &Account) -> Option<Refusal> {
    match (stop.name, account.name) {
        // An owner is paid where it wants, and so is the admin: that they sign is enough.
        ("RegisterProvider" | "UpdateProvider", "payout") | ("WithdrawTreasury", _) => None,
        ("CloseJob", "vault") => Some(WRONG_ADDRESS.into()),
        (_, "from") => Some(NOT_THE_OWNER),
        _ => Some(mira(Error::WrongAccount)),
    }
}

fn refuses_tokens_of_another_mint() {
    let mut attempts = Attempts::default();
    before_each(|world, stop| {
        let strange = Actor::new("strange mint").pubkey();
        world.put_mint(strange);
        for account in stop.of(Kind::Tokens) {
            let owner = owner_of(world, &account.key);
            let purse = world.put_purse(&owner, strange, 1_000_000_000_000);
            let expected = if account.name == "vault" { WRONG_ADDRESS.into() } else { mira(Error::WrongMint) };
            attempts.refused(world, stop, &stop.with(account, &purse), account.name, expected);
        }
    });
    attempts.assert_at_least(12);
}

/// A shard's or a job's vault would hold what nobody pays in.
fn refuses_another_mint() {
    let mut attempts = Attempts::default();
    before_each(|world, stop| {
        let strange = Actor::new("strange mint").pubkey();
        world.put_mint(strange);
        // The first instruction chooses the mints.
        for account in stop.of(Kind::Mint).filter(|_| stop.name != "Initialize") {
            for other in [strange, world.stake_mint] {
                attempts.refused(world, stop, &stop.with(account, &other), account.name, Error::WrongMint);
            }
        }
    });
    attempts.assert_at_least(4);
}

/// Whoever is named is named by another account, also as the receiver of a rent.
fn refuses_another_key() {
    let mut attempts = Attempts::default();
    before_each(|world, stop| {
        let mallory = world.actor("mallory").pubkey();
        for account in stop.of(Kind::Named) {
            let other = match account.name {
                "payout" => world.payment_purse(&mallory),
                "stake_mint" => world.payment_mint,
                _ => mallory,
            };
            let expected = if account.name == "stake_mint" { Error::WrongMint } else { Error::WrongAccount };
            attempts.refused(world, stop, &stop.with(account, &other), account.name, expected);
        }
    });
    attempts.assert_at_least(9);
}
