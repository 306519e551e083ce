//! Fees, epochs and rewards.

use super::count;
use super::stake::position_mut;
use crate::amount::Payment;
use crate::epoch::Epoch;
use crate::error::{Error, Result};
use crate::fee_shard::FEE_SHARDS;
use crate::ledger::{Ledger, ShardEntry};
use crate::{Hash, Key};

pub(super) fn init_fee_shard(ledger: &mut Ledger, shard: u8) -> Result<()> {
    if shard >= FEE_SHARDS {
        return Err(Error::InvalidParams);
    }
    if ledger.shards.contains_key(&shard) {
        return Err(Error::WrongAccount);
    }
    ledger.shards.insert(shard, ShardEntry::default());
    Ok(())
}

pub(super) fn sweep_fees(ledger: &mut Ledger, shard: u8) -> Result<()> {
    let entry = ledger.shards.get_mut(&shard).ok_or(Error::WrongAccount)?;
    let out = entry.books.sweep(&ledger.rewards.books)?;
    entry.books = out.shard;
    entry.vault = entry.vault.checked_sub(out.amount)?;
    ledger.rewards.books = out.rewards;
    ledger.rewards.vault = ledger.rewards.vault.checked_add(out.amount)?;
    Ok(())
}

pub(super) fn approve_epoch(ledger: &mut Ledger, authority: Key, epoch: &Epoch, digest: Hash) -> Result<()> {
    let authorities = &ledger.network.reward_authorities;
    let (now, params) = (ledger.now, &ledger.network.params.reward);
    let books = &mut ledger.rewards.books;
    books.epochs = books.epochs.approve(authorities, (authority, digest), epoch, now, params)?;
    Ok(())
}

pub(super) fn cancel_epoch(ledger: &mut Ledger, actor: Key) -> Result<()> {
    let books = &mut ledger.rewards.books;
    books.epochs = books.epochs.cancel(actor == ledger.network.guardian, ledger.now)?;
    Ok(())
}

pub(super) fn finalize_epoch(ledger: &mut Ledger) -> Result<()> {
    let rewards = &mut ledger.rewards;
    let (books, to_treasury) = rewards.books.finalize(ledger.now)?;
    rewards.books = books;
    rewards.vault = rewards.vault.checked_sub(to_treasury)?;
    rewards.treasury = rewards.treasury.checked_add(to_treasury)?;
    Ok(())
}

pub(super) fn claim_reward(
    ledger: &mut Ledger,
    provider: Key,
    amount: Payment,
    root: Hash,
    payout_usable: bool,
) -> Result<()> {
    let entry = ledger.providers.get_mut(&provider).ok_or(Error::WrongAccount)?;
    let rewards = &mut ledger.rewards;
    // Before the first epoch the root is 32 zero bytes, where no proof leads.
    if rewards.books.epochs.last.index == 0 || root != rewards.books.epochs.last.root {
        return Err(Error::InvalidProof);
    }
    let out = match payout_usable {
        true => entry.books.claim_reward(amount, ledger.now)?,
        false => entry.books.claim_reward_shared(amount)?,
    };
    rewards.books = rewards.books.claim(out.amount, out.owner)?;
    rewards.vault = rewards.vault.checked_sub(out.owner)?;
    entry.books = out.provider;
    count(&mut ledger.flows.payment_out, out.owner.get())
}

pub(super) fn claim_delegation_reward(ledger: &mut Ledger, provider: Key, staker: Key) -> Result<()> {
    let entry = ledger.providers.get(&provider).ok_or(Error::WrongAccount)?;
    let position = position_mut(&mut ledger.positions, provider, staker)?;
    let out = entry.books.claim_delegation(position)?;
    *position = out.position;
    if position.is_empty() {
        ledger.positions.remove(&(provider, staker));
    }
    let rewards = &mut ledger.rewards;
    rewards.books = rewards.books.pay(out.amount)?;
    rewards.vault = rewards.vault.checked_sub(out.amount)?;
    count(&mut ledger.flows.payment_out, out.amount.get())
}
