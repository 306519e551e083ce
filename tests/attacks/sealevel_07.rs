//! Bumps: every derived account again at the next bump below its own; and what the program wrote names the
//! bump that everybody finds.

use super::tour::{Attempts, Kind, Mints, Moment, before_each, walk};
use crate::program::support::WRONG_ADDRESS;
use libtest_mimic::Trial;
use mira::{seeds, state};
use mira_chain::pda;
use mira_core::job::job_id;
use mira_testkit::world::{START, params};
use mira_testkit::{Actor, World};
use solana_sdk::pubkey::Pubkey;
use std::collections::BTreeMap;

pub fn trials() -> Vec<Trial> {
    trials![refuses_addresses_of_other_bumps, stores_canonical_bumps]
}

/// What an address is derived from.
type Seeds = Vec<Vec<u8>>;

/// The bytes are those of the right account; only the address is another one of the same seeds.
fn refuses_addresses_of_other_bumps() {
    let (known, mut attempts) = (known(), Attempts::default());
    before_each(|world, stop| {
        let derived = |kind| matches!(kind, Kind::Book | Kind::New | Kind::Derived);
        for account in stop.accounts.iter().filter(|account| derived(account.kind)) {
            let other = next_bump(&known[&account.key]);
            if let Some(found) = world.svm.get_account(&account.key) {
                world.svm.set_account(other, found).unwrap();
            }
            attempts.refused(world, stop, &stop.with(account, &other), account.name, WRONG_ADDRESS);
        }
    });
    attempts.assert_at_least(100);
}

fn stores_canonical_bumps() {
    let (known, mut seen) = (known(), 0);
    walk(Mints::Two, |world, stop, moment| {
        if moment == Moment::After {
            for account in stop.of(Kind::New) {
                for (address, bump) in stored(world, account.name, &account.key) {
                    assert_eq!((address, bump), canonical(&known[&address]), "{}'s {}", stop.name, account.name);
                    seen += 1;
                }
            }
        }
    });
    // Config, rewards, a shard and a job with their vaults; provider, position, lease and dispute without.
    assert_eq!(seen, 2 + 2 + 2 + 2 + 4);
}

/// The bumps that an account holds, and of what.
fn stored(world: &World, name: &str, key: &Pubkey) -> Vec<(Pubkey, u8)> {
    let own = |bump| vec![(*key, bump)];
    match name {
        "config" => {
            let config: state::Config = world.state(key).unwrap();
            assert_eq!(config.stake_vault, pda::stake_vault());
            [own(config.bump), vec![(pda::treasury(), config.treasury_bump)]].concat()
        }
        "rewards" => {
            let rewards: state::RewardState = world.state(key).unwrap();
            [own(rewards.bump), vec![(pda::reward_vault(), rewards.vault_bump)]].concat()
        }
        "fee_shard" => {
            let shard: state::FeeShard = world.state(key).unwrap();
            [own(shard.bump), vec![(pda::fee_vault(shard.shard), shard.vault_bump)]].concat()
        }
        "job" => {
            let job: state::Job = world.state(key).unwrap();
            [own(job.bump), vec![(pda::escrow(key), job.vault_bump)]].concat()
        }
        "provider" => own(world.state::<state::Provider>(key).unwrap().bump),
        "position" => own(world.state::<state::StakePosition>(key).unwrap().bump),
        "lease" => own(world.state::<state::Lease>(key).unwrap().bump),
        "dispute" => own(world.state::<state::Dispute>(key).unwrap().bump),
        name => panic!("what is a {name}?"),
    }
}

fn canonical(seeds: &Seeds) -> (Pubkey, u8) {
    let seeds: Vec<&[u8]> = seeds.iter().map(Vec::as_slice).collect();
    Pubkey::find_program_address(&seeds, &mira::ID)
}

/// The address of the highest bump below the canonical one that derives one.
fn next_bump(seeds: &Seeds) -> Pubkey {
    let (_, bump) = canonical(seeds);
    let derive = |bump: u8| {
        let bump = [bump];
        let seeds: Vec<&[u8]> = seeds.iter().map(Vec::as_slice).chain([bump.as_slice()]).collect();
        Pubkey::create_program_address(&seeds, &mira::ID).ok()
    };
    (0..bump).rev().find_map(derive).expect("half of all bumps derive an address")
}

/// Every address that the tour passes, and its seeds.
fn known() -> BTreeMap<Pubkey, Seeds> {
    let mut all: Vec<Seeds> = [seeds::CONFIG, seeds::REWARDS, seeds::STAKE_VAULT, seeds::REWARD_VAULT, seeds::TREASURY]
        .map(|seed| vec![seed.to_vec()])
        .to_vec();
    for shard in 0..pda::FEE_SHARDS {
        all.extend([seeds::FEES, seeds::FEE_VAULT].map(|seed| vec![seed.to_vec(), vec![shard]]));
    }
    let made = START + i64::from(params().unbonding_secs);
    let id = job_id(made, 1).unwrap();
    for (owner, requester) in [("owner", "requester"), ("other owner", "other requester")] {
        let (owner, requester) = (Actor::new(owner).pubkey(), Actor::new(requester).pubkey());
        let (provider, job) = (pda::provider(&owner), pda::job(&requester, id));
        let lease = pda::lease(&job, &provider, 0);
        all.push(of(&[seeds::PROVIDER, owner.as_ref()]));
        for staker in [owner, Actor::new("delegator").pubkey()] {
            all.push(of(&[seeds::STAKE, provider.as_ref(), staker.as_ref()]));
        }
        all.push(of(&[seeds::JOB, requester.as_ref(), &id.to_le_bytes()]));
        all.push(of(&[seeds::ESCROW, job.as_ref()]));
        all.push(of(&[seeds::LEASE, job.as_ref(), provider.as_ref(), &0u32.to_le_bytes()]));
        all.push(of(&[seeds::DISPUTE, lease.as_ref()]));
    }
    all.into_iter().map(|seeds| (canonical(&seeds).0, seeds)).collect()
}

fn of(seeds: &[&[u8]]) -> Seeds {
    seeds.iter().map(|seed| seed.to_vec()).collect()
}
