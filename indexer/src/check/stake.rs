//! Invariant 3. The stake vault holds the sum of all pools and the bonds of open disputes; a pool's shares are those of its positions,
//! tickets included; a provider's own shares mirror its owner's position.

use std::collections::HashMap;

use mira_chain::pda;
use mira_core::Key;

use super::finding::Findings;
use super::{Books, CheckResult, Vaults};
use crate::convert::base58;

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    active: u128,
    tickets: u128,
}

pub(super) fn check(books: &Books, vaults: &Vaults, gifts: bool) -> CheckResult {
    let mut findings = Findings::default();
    let mut sums: HashMap<Key, Sums> = HashMap::new();
    let mut own: HashMap<(Key, Key), u128> = HashMap::new();
    for position in &books.positions {
        let sum = sums.entry(position.provider).or_default();
        let tickets = position.tickets.iter().map(|ticket| ticket.shares.get()).fold(0, u128::saturating_add);
        sum.active = sum.active.saturating_add(position.shares.get());
        sum.tickets = sum.tickets.saturating_add(tickets);
        own.insert((position.provider, position.staker), position.shares.get());
    }
    let mut staked = 0_u128;
    for provider in &books.providers {
        let name = format!("provider {}", base58(&provider.provider));
        let sum = sums.remove(&provider.provider).unwrap_or_default();
        let all = sum.active.saturating_add(sum.tickets);
        let owners = own.get(&(provider.provider, provider.owner)).copied().unwrap_or(0);
        findings.equal(format!("{name}: total shares"), &provider.total_shares.get(), &all);
        findings.equal(format!("{name}: unbonding shares"), &provider.unbonding_shares.get(), &sum.tickets);
        findings.equal(format!("{name}: own shares"), &provider.own_shares.get(), &owners);
        staked = staked.saturating_add(u128::from(provider.total_stake.get()));
    }
    sums.keys().for_each(|provider| findings.wrong(format!("provider {}: has positions and no row", base58(provider))));
    let bonds = books.leases.iter().map(|lease| u128::from(lease.bond.get())).fold(0, u128::saturating_add);
    if books.network.is_some() {
        let vault = pda::stake_vault().to_bytes();
        findings.vault("all stake", &vault, staked.saturating_add(bonds), vaults.balance(&vault), gifts);
    }
    let (providers, positions) = (books.providers.len(), books.positions.len());
    let figures = format!("{providers} providers, {positions} positions: {staked} staked, {bonds} in bonds");
    findings.result("stake_conserved", figures)
}
