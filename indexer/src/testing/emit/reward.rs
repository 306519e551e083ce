//! Fees, epochs and rewards.

use mira_chain::event::body as e;
use mira_chain::event::{AggregateKind as Kind, Event};
use mira_core::hash::Sha2;
use mira_core::ledger::Ledger;
use mira_core::{Hash, Key, epoch};

use super::super::Chain;
use super::{PAYOUT, REQUESTER, REWARDS, SCHEMA, fee_shard, pk};

impl Chain {
    pub(super) fn shard_made(&mut self, shard: u8) -> Event {
        Event::FeeShardInitialized(e::FeeShardInitialized {
            schema: SCHEMA,
            fee_shard: pk(fee_shard(shard)),
            fee_shard_seq: self.next(Kind::FeeShard, fee_shard(shard)),
            payer: pk(REQUESTER),
            shard,
        })
    }

    pub(super) fn swept(&mut self, before: &Ledger, shard: u8) -> Event {
        let (was, is) = (before.shards[&shard].books, self.ledger.shards[&shard].books);
        Event::FeesSwept(e::FeesSwept {
            schema: SCHEMA,
            fee_shard: pk(fee_shard(shard)),
            fee_shard_seq: self.next(Kind::FeeShard, fee_shard(shard)),
            rewards: pk(REWARDS),
            rewards_seq: self.next(Kind::Rewards, REWARDS),
            actor: pk(REQUESTER),
            amount: is.swept.get() - was.swept.get(),
            fee_swept_before: was.swept.get(),
            fee_swept_after: is.swept.get(),
            rewards_swept_before: before.rewards.books.swept.get(),
            rewards_swept_after: self.ledger.rewards.books.swept.get(),
        })
    }

    pub(super) fn approved(&mut self, authority: Key, epoch: &epoch::Epoch, digest: Hash) -> Event {
        let epochs = self.ledger.rewards.books.epochs.clone();
        let agreeing = epochs.approvals.iter().filter(|approval| approval.digest == digest).count();
        Event::EpochApproved(e::EpochApproved {
            schema: SCHEMA,
            rewards: pk(REWARDS),
            rewards_seq: self.next(Kind::Rewards, REWARDS),
            actor: pk(authority),
            epoch: epoch.into(),
            digest,
            approvals: u8::try_from(agreeing).unwrap(),
            pending: epochs.pending.is_some(),
            share_bps: epochs.pending.map_or(0, |pending| pending.share.get()),
            final_from: epochs.pending.map_or(0, |pending| pending.final_from),
            stale_from: epochs.pending.map_or(0, |pending| pending.stale_from),
        })
    }

    pub(super) fn cancelled(&mut self, before: &Ledger, actor: Key) -> Event {
        let epochs = &before.rewards.books.epochs;
        Event::EpochCancelled(e::EpochCancelled {
            schema: SCHEMA,
            rewards: pk(REWARDS),
            rewards_seq: self.next(Kind::Rewards, REWARDS),
            actor: pk(actor),
            index: epochs.pending.map_or(0, |pending| pending.epoch.index),
            digest: epochs.pending.map_or([0; 32], |pending| pending.epoch.digest::<Sha2>()),
        })
    }

    pub(super) fn finalized(&mut self, before: &Ledger) -> Event {
        let (was, is) = (&before.rewards.books, self.ledger.rewards.books.clone());
        Event::EpochFinalized(e::EpochFinalized {
            schema: SCHEMA,
            rewards: pk(REWARDS),
            rewards_seq: self.next(Kind::Rewards, REWARDS),
            actor: pk(REQUESTER),
            epoch: (&is.epochs.last).into(),
            last_at: is.epochs.last_at,
            fees_before: was.epochs.last.cumulative_fees.get(),
            total_before: was.epochs.last.cumulative_total.get(),
            to_treasury: is.to_treasury.get() - was.to_treasury.get(),
            to_treasury_before: was.to_treasury.get(),
            to_treasury_after: is.to_treasury.get(),
        })
    }

    pub(super) fn claimed(&mut self, before: &Ledger, provider: Key) -> Event {
        let (was, is) = (before.providers[&provider].books, self.ledger.providers[&provider].books);
        let (all_was, all_is) = (&before.rewards.books, self.ledger.rewards.books.clone());
        let (amount, paid) = (is.claimed.get() - was.claimed.get(), all_is.paid_out.get() - all_was.paid_out.get());
        Event::RewardClaimed(e::RewardClaimed {
            schema: SCHEMA,
            provider: pk(provider),
            provider_seq: self.next(Kind::Provider, provider),
            rewards: pk(REWARDS),
            rewards_seq: self.next(Kind::Rewards, REWARDS),
            actor: pk(REQUESTER),
            payout: pk(PAYOUT),
            epoch: all_is.epochs.last.index,
            amount,
            owner_amount: paid,
            shared_amount: amount - paid,
            provider_claimed_before: was.claimed.get(),
            provider_claimed_after: is.claimed.get(),
            reward_index_before: was.reward_index.get(),
            reward_index_after: is.reward_index.get(),
            rewards_claimed_before: all_was.claimed.get(),
            rewards_claimed_after: all_is.claimed.get(),
            rewards_paid_out_after: all_is.paid_out.get(),
        })
    }

    pub(super) fn delegation_claimed(&mut self, before: &Ledger, provider: Key, staker: Key) -> Event {
        let (was, is) = (before.rewards.books.paid_out.get(), self.ledger.rewards.books.paid_out.get());
        Event::DelegationRewardClaimed(e::DelegationRewardClaimed {
            schema: SCHEMA,
            provider: pk(provider),
            provider_seq: self.next(Kind::Provider, provider),
            rewards: pk(REWARDS),
            rewards_seq: self.next(Kind::Rewards, REWARDS),
            actor: pk(REQUESTER),
            staker: pk(staker),
            amount: is - was,
            reward_index: self.ledger.providers[&provider].books.reward_index.get(),
            rewards_paid_out_before: was,
            rewards_paid_out_after: is,
            closed: !self.ledger.positions.contains_key(&(provider, staker)),
        })
    }
}
