//! Addresses that somebody sent lamports to before the program makes an account there: too little for its
//! rent, enough, and far too much. Each kind of account is made all the same, and belongs to the program.

use super::tour::{Kind, Mints, Moment, Stop, walk};
use crate::program::support::EXISTS;
use libtest_mimic::Trial;
use mira_chain::pda;
use mira_chain::token::TOKEN_PROGRAM;
use mira_core::dispute::DisputeKind;
use mira_testkit::scene::dispute::EVIDENCE;
use mira_testkit::{Scene, World};
use solana_sdk::pubkey::Pubkey;
use std::collections::BTreeSet;

pub fn trials() -> Vec<Trial> {
    trials![
        makes_all_where_a_little_is,
        makes_all_where_the_rent_is,
        makes_all_where_a_fortune_is,
        refuses_an_address_that_is_taken,
    ]
}

/// The least that the runtime leaves on an account without data.
const LITTLE: u64 = 890_880;

fn makes_all_where_a_little_is() {
    makes_all(|_, _| LITTLE);
}

fn makes_all_where_the_rent_is() {
    makes_all(|world, name| world.svm.minimum_balance_for_rent_exemption(space(name)));
}

fn makes_all_where_a_fortune_is() {
    makes_all(|_, _| 10_000_000_000);
}

/// Every account that the program ever makes, by the names of its instructions.
const KINDS: [&str; 13] = [
    "config",
    "dispute",
    "fee_shard",
    "fee_vault",
    "job",
    "lease",
    "position",
    "provider",
    "reward_vault",
    "rewards",
    "stake_vault",
    "treasury",
    "vault",
];

/// Bytes of each.
fn space(name: &str) -> usize {
    use mira::state;
    match name {
        "config" => state::Config::SPACE,
        "dispute" => state::Dispute::SPACE,
        "fee_shard" => state::FeeShard::SPACE,
        "job" => state::Job::SPACE,
        "lease" => state::Lease::SPACE,
        "position" => state::StakePosition::SPACE,
        "provider" => state::Provider::SPACE,
        "rewards" => state::RewardState::SPACE,
        // A token account.
        _ => 165,
    }
}

/// Sends lamports to each address right before something is made there.
fn makes_all(amount: impl Fn(&World, &str) -> u64) {
    let mut made = BTreeSet::new();
    let mut paid: Vec<(&str, Pubkey, u64)> = Vec::new();
    walk(Mints::Two, |world, stop, moment| match moment {
        Moment::Before => {
            paid = to_be_made(world, stop).map(|(name, key)| (name, key, amount(world, name))).collect();
            for (_, key, lamports) in &paid {
                world.svm.airdrop(key, *lamports).unwrap();
            }
        }
        Moment::After => {
            for (name, key, lamports) in paid.drain(..) {
                let account = world.svm.get_account(&key).unwrap();
                let owner = if name.ends_with("vault") || name == "treasury" { TOKEN_PROGRAM } else { mira::ID };
                let rent = world.svm.minimum_balance_for_rent_exemption(space(name));
                assert_eq!((account.owner, account.data.len()), (owner, space(name)), "{name}");
                assert_eq!(account.lamports, lamports.max(rent), "{name}");
                made.insert(name);
            }
        }
    });
    assert!(made.iter().eq(KINDS.iter()), "{made:?}");
}

/// The accounts of an instruction that are not there yet, all of which it makes.
fn to_be_made<'a>(world: &World, stop: &'a Stop) -> impl Iterator<Item = (&'static str, Pubkey)> + use<'a> {
    let missing: BTreeSet<Pubkey> =
        stop.accounts.iter().map(|account| account.key).filter(|key| world.lamports(key) == 0).collect();
    let made = |kind| matches!(kind, Kind::New | Kind::Derived);
    let accounts = stop.accounts.iter().filter(move |account| made(account.kind) && missing.contains(&account.key));
    accounts.map(|account| (account.name, account.key))
}

/// An account would do harm, but nobody can make one there: only the program signs for its addresses.
fn refuses_an_address_that_is_taken() {
    let mut scene = Scene::lease();
    let Scene { world, requester, lease, .. } = &mut scene;
    let step = world.open_dispute(requester, lease, DisputeKind::NoShow, EVIDENCE);
    let address = pda::dispute(lease);
    world.put(address, solana_sdk_ids::stake::ID, vec![0; 200]);
    assert_eq!(world.tampered(&step), EXISTS);
    world.svm.set_account(address, Default::default()).unwrap();
    world.run(&step);
}
