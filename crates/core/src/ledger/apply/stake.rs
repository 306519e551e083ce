//! Providers and their stake.

use super::count;
use crate::Key;
use crate::amount::{Bps, Shares, Stake};
use crate::error::{Error, Result};
use crate::ledger::{Ledger, ProviderEntry};
use crate::position::Position;
use crate::provider::{Provider, ProviderUpdate};

pub(super) fn register_provider(
    ledger: &mut Ledger,
    provider: Key,
    (owner, operator): (Key, Key),
    commission: Bps,
) -> Result<()> {
    ledger.network.require_running()?;
    if ledger.providers.contains_key(&provider) {
        return Err(Error::WrongAccount);
    }
    ledger.providers.insert(provider, ProviderEntry { owner, operator, books: Provider::register(commission) });
    Ok(())
}

pub(super) fn update_provider(
    ledger: &mut Ledger,
    provider: Key,
    actor: Key,
    operator: Option<Key>,
    update: &ProviderUpdate,
) -> Result<()> {
    let entry = ledger.providers.get_mut(&provider).ok_or(Error::WrongAccount)?;
    if entry.owner != actor {
        return Err(Error::WrongSigner);
    }
    entry.books = entry.books.update(update, ledger.now, &ledger.network.params)?;
    entry.operator = operator.unwrap_or(entry.operator);
    Ok(())
}

pub(super) fn stake(ledger: &mut Ledger, provider: Key, staker: Key, amount: Stake) -> Result<()> {
    ledger.network.require_running()?;
    let entry = ledger.providers.get_mut(&provider).ok_or(Error::WrongAccount)?;
    let position = ledger.positions.entry((provider, staker)).or_default();
    let out = entry.books.stake(position, amount, staker == entry.owner)?;
    entry.books = out.provider;
    *position = out.position;
    ledger.stake_vault = ledger.stake_vault.checked_add(amount)?;
    count(&mut ledger.flows.stake_in, amount.get())
}

pub(super) fn request_unstake(ledger: &mut Ledger, provider: Key, staker: Key, shares: Shares) -> Result<()> {
    let entry = ledger.providers.get_mut(&provider).ok_or(Error::WrongAccount)?;
    let position = position_mut(&mut ledger.positions, provider, staker)?;
    let by_owner = staker == entry.owner;
    let out = entry.books.request_unstake(position, shares, by_owner, ledger.now, &ledger.network.params)?;
    entry.books = out.provider;
    *position = out.position;
    Ok(())
}

pub(super) fn cancel_unstake(ledger: &mut Ledger, provider: Key, staker: Key, ticket: u8) -> Result<()> {
    let entry = ledger.providers.get_mut(&provider).ok_or(Error::WrongAccount)?;
    let position = position_mut(&mut ledger.positions, provider, staker)?;
    let out = entry.books.cancel_unstake(position, ticket, staker == entry.owner)?;
    entry.books = out.provider;
    *position = out.position;
    Ok(())
}

pub(super) fn withdraw_stake(ledger: &mut Ledger, provider: Key, staker: Key, ticket: u8) -> Result<()> {
    let entry = ledger.providers.get_mut(&provider).ok_or(Error::WrongAccount)?;
    let position = position_mut(&mut ledger.positions, provider, staker)?;
    let out = entry.books.withdraw_stake(position, ticket, ledger.now)?;
    entry.books = out.provider;
    *position = out.position;
    if position.is_empty() {
        ledger.positions.remove(&(provider, staker));
    }
    ledger.stake_vault = ledger.stake_vault.checked_sub(out.amount)?;
    count(&mut ledger.flows.stake_out, out.amount.get())
}

type Positions = alloc::collections::BTreeMap<(Key, Key), Position>;

pub(super) fn position_mut(positions: &mut Positions, provider: Key, staker: Key) -> Result<&mut Position> {
    positions.get_mut(&(provider, staker)).ok_or(Error::WrongAccount)
}
