//! Disputes.

use mira_chain::event::body as e;
use mira_chain::event::{AggregateKind as Kind, Event};
use mira_core::Key;
use mira_core::dispute::Verdict;
use mira_core::ledger::Ledger;
use mira_core::provider::Provider;

use super::super::Chain;
use super::{REQUESTER, SCHEMA, dispute, pk};

/// Where the bond of a dispute went. The model does not say, so it is asked for the verdict alone.
fn verdict(before: &Ledger, lease: Key) -> Verdict {
    before.disputes[&lease].verdict(&before.network, before.now).unwrap()
}

impl Chain {
    pub(super) fn dispute_opened(&mut self, lease: Key) -> Event {
        let (books, entry) = (self.ledger.disputes[&lease], self.ledger.leases[&lease].clone());
        Event::DisputeOpened(e::DisputeOpened {
            schema: SCHEMA,
            dispute: pk(dispute(lease)),
            dispute_seq: self.next(Kind::Dispute, dispute(lease)),
            lease: pk(lease),
            lease_seq: self.next(Kind::Lease, lease),
            provider: pk(entry.provider),
            challenger: pk(books.challenger),
            kind: books.kind.as_u8(),
            bond: books.bond.get(),
            evidence: books.evidence,
            exposure: entry.books.exposure.get(),
            opened_at: books.opened_at,
            respond_until: books.respond_until,
            vote_secs: books.vote_secs,
            jail_secs: books.jail_secs,
            max_slash_bps: books.max_slash.get(),
        })
    }

    pub(super) fn dispute_answered(&mut self, lease: Key, actor: Key) -> Event {
        let books = self.ledger.disputes[&lease];
        Event::DisputeAnswered(e::DisputeAnswered {
            schema: SCHEMA,
            dispute: pk(dispute(lease)),
            dispute_seq: self.next(Kind::Dispute, dispute(lease)),
            lease: pk(lease),
            actor: pk(actor),
            contested: books.vote_until > 0,
            answer: books.answer,
            vote_until: books.vote_until,
            verifier_set: books.verifier_set,
        })
    }

    pub(super) fn dispute_voted(&mut self, lease: Key, actor: Key, uphold: bool) -> Event {
        let books = self.ledger.disputes[&lease];
        Event::DisputeVoted(e::DisputeVoted {
            schema: SCHEMA,
            dispute: pk(dispute(lease)),
            dispute_seq: self.next(Kind::Dispute, dispute(lease)),
            lease: pk(lease),
            actor: pk(actor),
            uphold,
            votes_for: books.votes_for,
            votes_against: books.votes_against,
        })
    }

    pub(super) fn dispute_resolved(&mut self, before: &Ledger, lease: Key) -> Event {
        let (bond, provider) = (before.disputes[&lease], before.leases[&lease].provider);
        let entry = self.ledger.providers[&provider].clone();
        let (was, is) = (before.providers[&provider].books, entry.books);
        let verdict = verdict(before, lease);
        let bond_to = if verdict == Verdict::Rejected { entry.owner } else { bond.challenger };
        let (slashed_own, slashed_pool) = split(&was, &is);
        let burned = self.ledger.flows.stake_burned - before.flows.stake_burned;
        let burned = u64::try_from(burned).unwrap();
        let position = self.ledger.positions.get(&(provider, entry.owner)).cloned();
        Event::DisputeResolved(e::DisputeResolved {
            schema: SCHEMA,
            dispute: pk(dispute(lease)),
            dispute_seq: self.next(Kind::Dispute, dispute(lease)),
            lease: pk(lease),
            lease_seq: self.next(Kind::Lease, lease),
            provider: pk(provider),
            provider_seq: self.next(Kind::Provider, provider),
            actor: pk(REQUESTER),
            verdict: verdict.as_u8(),
            bond: bond.bond.get(),
            bond_to: pk(bond_to),
            slashed_own,
            slashed_pool,
            burned_shares: was.own_shares.get() - is.own_shares.get(),
            compensation: slashed_own + slashed_pool - burned,
            burned,
            total_stake_before: was.pool.total_stake.get(),
            total_stake_after: is.pool.total_stake.get(),
            total_shares_after: is.pool.total_shares.get(),
            own_shares_after: is.own_shares.get(),
            reward_index: position.as_ref().map_or(0, |position| position.entry.get()),
            owner_owed_after: position.map_or(0, |position| position.owed.get()),
            provider_exposure_before: was.exposure.get(),
            provider_exposure_after: is.exposure.get(),
            status: is.status.as_u8(),
            jailed_until: is.jailed_until,
        })
    }
}

/// What the owner's own shares lost, and the pool after that.
fn split(was: &Provider, is: &Provider) -> (u64, u64) {
    let taken = was.pool.total_stake.get() - is.pool.total_stake.get();
    let own = taken.min(was.own_stake().unwrap().get());
    (own, taken - own)
}
