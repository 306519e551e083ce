//! Shared addresses: one address signs for several vaults (the config for stake and treasury), so every
//! vault is passed in the place of every other one, also where all of them hold the same token.

use super::tour::{Account, Attempts, Kind, Mints, Moment, walk};
use crate::program::support::{WRONG_ADDRESS, mira};
use libtest_mimic::Trial;
use mira_chain::pda;
use mira_core::Error;
use mira_testkit::World;
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![refuses_other_vaults_of_two_mints, refuses_other_vaults_of_one_mint]
}

fn refuses_other_vaults_of_two_mints() {
    every_vault_for_every_other(Mints::Two);
}

/// Here the token program would not notice.
fn refuses_other_vaults_of_one_mint() {
    every_vault_for_every_other(Mints::One);
}

fn every_vault_for_every_other(mints: Mints) {
    let mut attempts = Attempts::default();
    walk(mints, |world, stop, moment| {
        if moment == Moment::After {
            return;
        }
        for account in stop.accounts.iter().filter(|account| is_vault(account)) {
            for vault in vaults(world).into_iter().filter(|vault| *vault != account.key) {
                let expected = match account.kind {
                    Kind::Named => mira(Error::WrongAccount),
                    _ => WRONG_ADDRESS.into(),
                };
                attempts.refused(world, stop, &stop.with(account, &vault), account.name, expected);
            }
        }
    });
    attempts.assert_at_least(116);
}

fn is_vault(account: &Account) -> bool {
    matches!(account.name, "vault" | "stake_vault" | "fee_vault" | "reward_vault" | "treasury")
}

/// All that there are so far, and the two shards' that are always tried.
fn vaults(world: &World) -> Vec<Pubkey> {
    let escrows = world.model.jobs.keys().map(|job| pda::escrow(&(*job).into()));
    let singles = [pda::stake_vault(), pda::reward_vault(), pda::treasury(), pda::fee_vault(0), pda::fee_vault(1)];
    singles.into_iter().chain(escrows).collect()
}
