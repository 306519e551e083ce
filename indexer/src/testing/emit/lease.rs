//! Leases.

use mira_chain::event::body as e;
use mira_chain::event::{AggregateKind as Kind, Event};
use mira_core::Key;
use mira_core::fee_shard::shard_of;
use mira_core::ledger::Ledger;

use super::super::Chain;
use super::{OPERATOR, PAYOUT, SCHEMA, fee_shard, owner, pk};

impl Chain {
    pub(super) fn opened(&mut self, before: &Ledger, lease: Key, matcher: Key) -> Event {
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
            operator: pk(entry.operator),
            matcher: pk(matcher),
            voucher_signer: pk(entry.voucher_signer),
            nonce: entry.nonce,
            unit_price: books.unit_price.get(),
            fee_bps: books.fee.get(),
            cap: books.cap.get(),
            exposure: books.exposure.get(),
            stake_per_million: books.stake_per_million.get(),
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

    pub(super) fn settled(&mut self, before: &Ledger, lease: Key, submitter: Key) -> Event {
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
            submitter: pk(submitter),
            payout: pk(PAYOUT),
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

    pub(super) fn lease_closed(&mut self, before: &Ledger, lease: Key, actor: Key) -> Event {
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

    pub(super) fn released(&mut self, before: &Ledger, lease: Key) -> Event {
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

    pub(super) fn ended(&mut self, before: &Ledger, lease: Key) -> Event {
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
}
