//! Providers and their stake.

use mira_chain::event::body as e;
use mira_chain::event::{AggregateKind as Kind, Event};
use mira_core::ledger::{Ledger, ProviderEntry};
use mira_core::{Key, amount};

use super::super::Chain;
use super::{PAYOUT, REQUESTER, SCHEMA, pk};

const CLASS: [u8; 16] = *b"cpu-small\0\0\0\0\0\0\0";
const REGION: [u8; 16] = *b"eu-west\0\0\0\0\0\0\0\0\0";

impl Chain {
    pub(super) fn registered(&mut self, provider: Key) -> Event {
        let entry = self.ledger.providers[&provider].clone();
        Event::ProviderRegistered(e::ProviderRegistered {
            schema: SCHEMA,
            provider: pk(provider),
            provider_seq: self.next(Kind::Provider, provider),
            owner: pk(entry.owner),
            operator: pk(entry.operator),
            payout: pk(PAYOUT),
            commission_bps: entry.books.commission.rate.get(),
            resource_class: CLASS,
            region: REGION,
            metadata_hash: [16; 32],
            registered_at: self.ledger.now,
        })
    }

    pub(super) fn provider_updated(&mut self, before: &Ledger, provider: Key, actor: Key) -> Event {
        let entry = self.ledger.providers[&provider].clone();
        Event::ProviderUpdated(e::ProviderUpdated {
            schema: SCHEMA,
            provider: pk(provider),
            provider_seq: self.next(Kind::Provider, provider),
            actor: pk(actor),
            jailed_until: entry.books.jailed_until,
            settings_before: settings(&before.providers[&provider]),
            settings_after: settings(&entry),
        })
    }

    pub(super) fn staked(&mut self, before: &Ledger, provider: Key, staker: Key, amount: amount::Stake) -> Event {
        let (was, is) = (before.providers[&provider].books, self.ledger.providers[&provider].books);
        let position = self.ledger.positions[&(provider, staker)].clone();
        Event::StakeAdded(e::StakeAdded {
            schema: SCHEMA,
            provider: pk(provider),
            provider_seq: self.next(Kind::Provider, provider),
            staker: pk(staker),
            amount: amount.get(),
            shares: is.pool.total_shares.get() - was.pool.total_shares.get(),
            total_stake_before: was.pool.total_stake.get(),
            total_stake_after: is.pool.total_stake.get(),
            total_shares_after: is.pool.total_shares.get(),
            position_shares_after: position.shares.get(),
            own_shares_after: is.own_shares.get(),
            reward_index: is.reward_index.get(),
            position_owed_after: position.owed.get(),
        })
    }

    pub(super) fn unstake_requested(
        &mut self,
        before: &Ledger,
        provider: Key,
        staker: Key,
        shares: amount::Shares,
    ) -> Event {
        let (was, is) = (before.providers[&provider].books, self.ledger.providers[&provider].books);
        let position = self.ledger.positions[&(provider, staker)].clone();
        Event::UnstakeRequested(e::UnstakeRequested {
            schema: SCHEMA,
            provider: pk(provider),
            provider_seq: self.next(Kind::Provider, provider),
            staker: pk(staker),
            shares: shares.get(),
            unlock_ts: position.tickets.last().map_or(0, |ticket| ticket.unlock_ts),
            unbonding_shares_before: was.pool.unbonding_shares.get(),
            unbonding_shares_after: is.pool.unbonding_shares.get(),
            position_shares_after: position.shares.get(),
            own_shares_after: is.own_shares.get(),
            reward_index: is.reward_index.get(),
            position_owed_after: position.owed.get(),
        })
    }

    pub(super) fn unstake_cancelled(&mut self, before: &Ledger, provider: Key, staker: Key, index: u8) -> Event {
        let (was, is) = (before.providers[&provider].books, self.ledger.providers[&provider].books);
        let ticket = before.positions[&(provider, staker)].tickets[usize::from(index)];
        let position = self.ledger.positions[&(provider, staker)].clone();
        Event::UnstakeCancelled(e::UnstakeCancelled {
            schema: SCHEMA,
            provider: pk(provider),
            provider_seq: self.next(Kind::Provider, provider),
            staker: pk(staker),
            shares: ticket.shares.get(),
            unlock_ts: ticket.unlock_ts,
            ticket: index,
            unbonding_shares_before: was.pool.unbonding_shares.get(),
            unbonding_shares_after: is.pool.unbonding_shares.get(),
            position_shares_after: position.shares.get(),
            own_shares_after: is.own_shares.get(),
            reward_index: is.reward_index.get(),
            position_owed_after: position.owed.get(),
        })
    }

    pub(super) fn withdrawn(&mut self, before: &Ledger, provider: Key, staker: Key, index: u8) -> Event {
        let (was, is) = (before.providers[&provider].books, self.ledger.providers[&provider].books);
        let ticket = before.positions[&(provider, staker)].tickets[usize::from(index)];
        Event::StakeWithdrawn(e::StakeWithdrawn {
            schema: SCHEMA,
            provider: pk(provider),
            provider_seq: self.next(Kind::Provider, provider),
            actor: pk(REQUESTER),
            staker: pk(staker),
            shares: ticket.shares.get(),
            amount: was.pool.total_stake.get() - is.pool.total_stake.get(),
            total_stake_before: was.pool.total_stake.get(),
            total_stake_after: is.pool.total_stake.get(),
            total_shares_after: is.pool.total_shares.get(),
            unbonding_shares_after: is.pool.unbonding_shares.get(),
            unlock_ts: ticket.unlock_ts,
            closed: !self.ledger.positions.contains_key(&(provider, staker)),
        })
    }
}

/// The model knows no payout account and no description: they stay.
fn settings(entry: &ProviderEntry) -> e::ProviderSettings {
    let (books, commission) = (&entry.books, &entry.books.commission);
    e::ProviderSettings {
        operator: pk(entry.operator),
        payout: pk(PAYOUT),
        status: books.status.as_u8(),
        commission_bps: commission.rate.get(),
        next_commission_bps: commission.next.get(),
        next_commission_from: commission.from,
        resource_class: CLASS,
        region: REGION,
        metadata_hash: [16; 32],
    }
}
