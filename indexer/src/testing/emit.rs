//! What the program says of an action, from the model before and after it.

use mira_chain::event::body as e;
use mira_chain::event::{AggregateKind as Kind, Event};
use mira_core::fee_shard::shard_of;
use mira_core::ledger::{Action, Ledger};
use mira_core::{Key, amount};
use solana_sdk::pubkey::Pubkey;

use super::{Chain, OPERATOR, REQUESTER, SIGNER, key, owner};

const SCHEMA: u8 = e::SCHEMA;

fn pk(key: Key) -> Pubkey {
    Pubkey::new_from_array(key)
}

pub(crate) fn fee_shard(shard: u8) -> Key {
    key(8, shard)
}

const REWARDS: Key = [10; 32];

impl Chain {
    pub(super) fn network_event(&mut self) -> Event {
        let config = [11; 32];
        let params = self.ledger.params;
        Event::NetworkInitialized(e::NetworkInitialized {
            schema: SCHEMA,
            config: pk(config),
            config_seq: self.next(Kind::Network, config),
            admin: pk([12; 32]),
            stake_mint: pk([13; 32]),
            payment_mint: pk([14; 32]),
            cluster_id: self.cluster,
            profile: 1,
            fee_bps: params.fee_bps.get(),
            min_stake: params.min_stake.get(),
            stake_per_million: params.stake_per_million.get(),
            unbonding_secs: params.unbonding_secs,
            max_lease_secs: params.max_lease_secs,
            max_job_secs: params.max_job_secs,
            grace_secs: params.grace_secs,
            dispute_window_secs: params.dispute_window_secs,
            job_id_window_secs: params.job_id_window_secs,
        })
    }

    /// The event of an action that was applied; `None` for what no instruction does.
    pub(super) fn event_of(&mut self, action: &Action, before: &Ledger) -> Option<Event> {
        match *action {
            Action::Advance { .. } | Action::Donate { .. } => None,
            Action::InitFeeShard { shard } => Some(Event::FeeShardInitialized(e::FeeShardInitialized {
                schema: SCHEMA,
                fee_shard: pk(fee_shard(shard)),
                fee_shard_seq: self.next(Kind::FeeShard, fee_shard(shard)),
                payer: pk(REQUESTER),
                shard,
            })),
            Action::RegisterProvider { provider, owner, operator } => Some(self.registered(provider, owner, operator)),
            Action::Stake { provider, staker, amount } => Some(self.staked(before, provider, staker, amount)),
            Action::RequestUnstake { provider, staker, shares } => {
                Some(self.unstake_requested(before, provider, staker, shares))
            }
            Action::WithdrawStake { provider, staker, ticket } => {
                Some(self.withdrawn(before, provider, staker, usize::from(ticket)))
            }
            Action::CreateJob { job, .. } => Some(self.created(job)),
            Action::FundJob { job, amount } => Some(Event::JobFunded(e::JobFunded {
                schema: SCHEMA,
                job: pk(job),
                job_seq: self.next(Kind::Job, job),
                funder: pk(REQUESTER),
                amount: amount.get(),
                funded_before: before.jobs[&job].books.funded.get(),
                funded_after: self.ledger.jobs[&job].books.funded.get(),
            })),
            Action::OpenLease { lease, .. } => Some(self.opened(before, lease)),
            Action::Settle { lease, .. } => Some(self.settled(before, lease)),
            Action::CloseLease { lease, actor } => Some(self.lease_closed(before, lease, actor)),
            Action::ReleaseLease { lease } => Some(self.released(before, lease)),
            Action::EndLease { lease } => Some(self.ended(before, lease)),
            Action::BeginCloseJob { job, actor } => Some(Event::JobClosing(e::JobClosing {
                schema: SCHEMA,
                job: pk(job),
                job_seq: self.next(Kind::Job, job),
                actor: pk(actor),
                closing_at: self.ledger.now,
            })),
            Action::CloseJob { job } => Some(self.closed(before, job)),
            Action::SweepFees { shard } => Some(self.swept(before, shard)),
        }
    }

    fn registered(&mut self, provider: Key, owner: Key, operator: Key) -> Event {
        Event::ProviderRegistered(e::ProviderRegistered {
            schema: SCHEMA,
            provider: pk(provider),
            provider_seq: self.next(Kind::Provider, provider),
            owner: pk(owner),
            operator: pk(operator),
            payout: pk([15; 32]),
            commission_bps: 500,
            resource_class: *b"cpu-small\0\0\0\0\0\0\0",
            region: *b"eu-west\0\0\0\0\0\0\0\0\0",
            metadata_hash: [16; 32],
            registered_at: self.ledger.now,
        })
    }

    fn staked(&mut self, before: &Ledger, provider: Key, staker: Key, amount: amount::Stake) -> Event {
        let (was, is) = (before.providers[&provider].books, self.ledger.providers[&provider].books);
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
            position_shares_after: self.ledger.positions[&(provider, staker)].shares.get(),
            own_shares_after: is.own_shares.get(),
        })
    }

    fn unstake_requested(&mut self, before: &Ledger, provider: Key, staker: Key, shares: amount::Shares) -> Event {
        let (was, is) = (before.providers[&provider].books, self.ledger.providers[&provider].books);
        let position = &self.ledger.positions[&(provider, staker)];
        let (unlock_ts, left) = (position.tickets.last().map_or(0, |ticket| ticket.unlock_ts), position.shares.get());
        Event::UnstakeRequested(e::UnstakeRequested {
            schema: SCHEMA,
            provider: pk(provider),
            provider_seq: self.next(Kind::Provider, provider),
            staker: pk(staker),
            shares: shares.get(),
            unlock_ts,
            unbonding_shares_before: was.pool.unbonding_shares.get(),
            unbonding_shares_after: is.pool.unbonding_shares.get(),
            position_shares_after: left,
            own_shares_after: is.own_shares.get(),
        })
    }

    fn withdrawn(&mut self, before: &Ledger, provider: Key, staker: Key, ticket: usize) -> Event {
        let (was, is) = (before.providers[&provider].books, self.ledger.providers[&provider].books);
        let ticket = before.positions[&(provider, staker)].tickets[ticket];
        Event::StakeWithdrawn(e::StakeWithdrawn {
            schema: SCHEMA,
            provider: pk(provider),
            provider_seq: self.next(Kind::Provider, provider),
            staker: pk(staker),
            shares: ticket.shares.get(),
            amount: was.pool.total_stake.get() - is.pool.total_stake.get(),
            total_stake_before: was.pool.total_stake.get(),
            total_stake_after: is.pool.total_stake.get(),
            total_shares_after: is.pool.total_shares.get(),
            unbonding_shares_after: is.pool.unbonding_shares.get(),
            unlock_ts: ticket.unlock_ts,
        })
    }

    fn created(&mut self, job: Key) -> Event {
        let books = self.ledger.jobs[&job].books;
        Event::JobCreated(e::JobCreated {
            schema: SCHEMA,
            job: pk(job),
            job_seq: self.next(Kind::Job, job),
            requester: pk(books.requester),
            job_id: 77,
            voucher_signer: pk(books.voucher_signer),
            dispatcher: books.dispatcher.map(pk),
            spec_hash: [9; 32],
            tier: books.tier.as_u8(),
            unit_kind: books.unit_kind.as_u8(),
            max_unit_price: books.max_unit_price.get(),
            min_provider_stake: books.min_provider_stake.get(),
            max_share_bps: books.max_share.get(),
            max_leases: books.max_leases,
            created_at: books.created_at,
            deadline: books.deadline,
        })
    }

    fn opened(&mut self, before: &Ledger, lease: Key) -> Event {
        let entry = self.ledger.leases[&lease].clone();
        let (job, provider, books) = (entry.job, entry.provider, entry.books);
        Event::LeaseOpened(e::LeaseOpened {
            schema: SCHEMA,
            lease: pk(lease),
            lease_seq: self.next(Kind::Lease, lease),
            job: pk(job),
            job_seq: self.next(Kind::Job, job),
            provider: pk(provider),
            provider_seq: self.next(Kind::Provider, provider),
            operator: pk(OPERATOR),
            matcher: pk(REQUESTER),
            voucher_signer: pk(SIGNER),
            nonce: entry.nonce,
            unit_price: books.unit_price.get(),
            fee_bps: books.fee.get(),
            cap: books.cap.get(),
            exposure: books.exposure.get(),
            opened_at: books.opened_at,
            expires_at: books.expires_at,
            settle_until: books.settle_until,
            dispute_until: books.dispute_until,
            rent_payer: pk(OPERATOR),
            job_committed_before: before.jobs[&job].books.committed.get(),
            job_committed_after: self.ledger.jobs[&job].books.committed.get(),
            provider_exposure_before: before.providers[&provider].books.exposure.get(),
            provider_exposure_after: self.ledger.providers[&provider].books.exposure.get(),
        })
    }

    fn settled(&mut self, before: &Ledger, lease: Key) -> Event {
        let (was, is) = (before.leases[&lease].books, self.ledger.leases[&lease].books);
        let job = self.ledger.leases[&lease].job;
        let (job_was, job_is) = (before.jobs[&job].books, self.ledger.jobs[&job].books);
        let shard = shard_of(&lease);
        let (shard_was, shard_is) = (before.shards[&shard].books, self.ledger.shards[&shard].books);
        Event::LeaseSettled(e::LeaseSettled {
            schema: SCHEMA,
            lease: pk(lease),
            lease_seq: self.next(Kind::Lease, lease),
            job: pk(job),
            job_seq: self.next(Kind::Job, job),
            fee_shard: pk(fee_shard(shard)),
            fee_shard_seq: self.next(Kind::FeeShard, fee_shard(shard)),
            submitter: pk(OPERATOR),
            payout: pk([15; 32]),
            gross: is.settled.get() - was.settled.get(),
            fee: shard_is.collected.get() - shard_was.collected.get(),
            settled_before: was.settled.get(),
            settled_after: is.settled.get(),
            units_before: was.units.get(),
            units_after: is.units.get(),
            job_paid_before: job_was.paid.get(),
            job_paid_after: job_is.paid.get(),
            job_committed_before: job_was.committed.get(),
            job_committed_after: job_is.committed.get(),
            fee_collected_before: shard_was.collected.get(),
            fee_collected_after: shard_is.collected.get(),
        })
    }

    fn lease_closed(&mut self, before: &Ledger, lease: Key, actor: Key) -> Event {
        let is = self.ledger.leases[&lease].books;
        Event::LeaseClosed(e::LeaseClosed {
            schema: SCHEMA,
            lease: pk(lease),
            lease_seq: self.next(Kind::Lease, lease),
            actor: pk(actor),
            settle_until_before: before.leases[&lease].books.settle_until,
            settle_until_after: is.settle_until,
            dispute_until_after: is.dispute_until,
        })
    }

    fn released(&mut self, before: &Ledger, lease: Key) -> Event {
        let (is, job) = (self.ledger.leases[&lease].books, self.ledger.leases[&lease].job);
        Event::LeaseReleased(e::LeaseReleased {
            schema: SCHEMA,
            lease: pk(lease),
            lease_seq: self.next(Kind::Lease, lease),
            job: pk(job),
            job_seq: self.next(Kind::Job, job),
            actor: pk(owner(0)),
            returned: is.cap.get() - is.settled.get(),
            settle_until: is.settle_until,
            dispute_until: is.dispute_until,
            job_committed_before: before.jobs[&job].books.committed.get(),
            job_committed_after: self.ledger.jobs[&job].books.committed.get(),
            job_open_leases_after: self.ledger.jobs[&job].books.open_leases,
        })
    }

    fn ended(&mut self, before: &Ledger, lease: Key) -> Event {
        let entry = &before.leases[&lease];
        let provider = entry.provider;
        let (was, is) = (before.providers[&provider].books, self.ledger.providers[&provider].books);
        Event::LeaseEnded(e::LeaseEnded {
            schema: SCHEMA,
            lease: pk(lease),
            lease_seq: self.next(Kind::Lease, lease),
            provider: pk(provider),
            provider_seq: self.next(Kind::Provider, provider),
            actor: pk(owner(0)),
            rent_payer: pk(OPERATOR),
            exposure: entry.books.exposure.get(),
            provider_exposure_before: was.exposure.get(),
            provider_exposure_after: is.exposure.get(),
            provider_open_leases_after: is.open_leases,
        })
    }

    fn closed(&mut self, before: &Ledger, job: Key) -> Event {
        let entry = &before.jobs[&job];
        Event::JobClosed(e::JobClosed {
            schema: SCHEMA,
            job: pk(job),
            job_seq: self.next(Kind::Job, job),
            actor: pk(REQUESTER),
            refunded: entry.books.funded.get() - entry.books.paid.get(),
            foreign: entry.foreign.get(),
            funded: entry.books.funded.get(),
            paid: entry.books.paid.get(),
        })
    }

    fn swept(&mut self, before: &Ledger, shard: u8) -> Event {
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
}
