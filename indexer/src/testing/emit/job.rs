//! Jobs.

use mira_chain::event::body as e;
use mira_chain::event::{AggregateKind as Kind, Event};
use mira_core::Key;
use mira_core::amount::Payment;
use mira_core::ledger::Ledger;

use super::super::Chain;
use super::{REQUESTER, SCHEMA, pk};

impl Chain {
    pub(super) fn created(&mut self, job: Key) -> Event {
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
            young_until: books.young_until,
            due_at: books.due_at,
        })
    }

    pub(super) fn funded(&mut self, before: &Ledger, job: Key, amount: Payment) -> Event {
        Event::JobFunded(e::JobFunded {
            schema: SCHEMA,
            job: pk(job),
            job_seq: self.next(Kind::Job, job),
            funder: pk(REQUESTER),
            amount: amount.get(),
            funded_before: before.jobs[&job].books.funded.get(),
            funded_after: self.ledger.jobs[&job].books.funded.get(),
        })
    }

    pub(super) fn extended(&mut self, before: &Ledger, job: Key, actor: Key) -> Event {
        let (was, is) = (before.jobs[&job].books, self.ledger.jobs[&job].books);
        Event::JobExtended(e::JobExtended {
            schema: SCHEMA,
            job: pk(job),
            job_seq: self.next(Kind::Job, job),
            actor: pk(actor),
            deadline_before: was.deadline,
            deadline_after: is.deadline,
            due_at_after: is.due_at,
        })
    }

    pub(super) fn job_updated(&mut self, before: &Ledger, job: Key, actor: Key) -> Event {
        let (was, is) = (before.jobs[&job].books, self.ledger.jobs[&job].books);
        Event::JobUpdated(e::JobUpdated {
            schema: SCHEMA,
            job: pk(job),
            job_seq: self.next(Kind::Job, job),
            actor: pk(actor),
            voucher_signer_before: pk(was.voucher_signer),
            voucher_signer_after: pk(is.voucher_signer),
            dispatcher_before: was.dispatcher.map(pk),
            dispatcher_after: is.dispatcher.map(pk),
        })
    }

    pub(super) fn closing(&mut self, job: Key, actor: Key) -> Event {
        Event::JobClosing(e::JobClosing {
            schema: SCHEMA,
            job: pk(job),
            job_seq: self.next(Kind::Job, job),
            actor: pk(actor),
            closing_at: self.ledger.now,
        })
    }

    pub(super) fn closed(&mut self, before: &Ledger, job: Key) -> Event {
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
}
