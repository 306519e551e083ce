//! The fold of all facts: what the node knows of each of its leases.

use std::collections::BTreeMap;

use mira_core::amount::{Payment, UnitPrice, Units};
use mira_core::hash::Sha2;
use mira_core::{Hash, Key, price, usage};

use super::record::{Done, LeaseTerms, Record, SignedUsage, SignedVoucher};

/// One lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseBook {
    /// What was agreed.
    pub terms: LeaseTerms,
    /// Set once it exists on chain: whose signature its vouchers need.
    pub voucher_signer: Option<Key>,
    /// Nothing more happens under it.
    pub gone: bool,
    /// Results that the dispatcher has not judged yet, by shard and attempt.
    pub unjudged: BTreeMap<(u32, u32), Done>,
    /// Units of all shards that ran, accepted or not: the most that may ever be claimed.
    pub done_units: u64,
    /// Units of accepted shards.
    pub units: u64,
    /// Accepted shards.
    pub items: u32,
    /// Running hash of their outputs.
    pub outputs_hash: Hash,
    /// The newest report.
    pub usage: Option<SignedUsage>,
    /// The number of the newest report that is stored for good; 0 for none.
    pub usage_stored: u64,
    /// The highest voucher.
    pub voucher: Option<SignedVoucher>,
    /// Paid on chain, payment base units.
    pub settled: u64,
}

impl LeaseBook {
    const fn new(terms: LeaseTerms) -> Self {
        Self {
            terms,
            voucher_signer: None,
            gone: false,
            unjudged: BTreeMap::new(),
            done_units: 0,
            units: 0,
            items: 0,
            outputs_hash: [0; 32],
            usage: None,
            usage_stored: 0,
            voucher: None,
            settled: 0,
        }
    }

    /// Whether it exists on chain and is not over.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.voucher_signer.is_some() && !self.gone
    }

    /// What the accepted units cost, at most the cap.
    #[must_use]
    pub fn earned(&self) -> Payment {
        let cost = price::amount_ceil(Units::new(self.units), UnitPrice::new(self.terms.unit_price));
        cost.map_or(Payment::new(self.terms.cap), |cost| cost.min(Payment::new(self.terms.cap)))
    }

    /// The highest voucher's amount, or zero.
    #[must_use]
    pub fn vouched(&self) -> Payment {
        Payment::new(self.voucher.map_or(0, |voucher| voucher.cumulative_amount))
    }

    /// What was earned without a voucher for it yet.
    #[must_use]
    pub fn unvouched(&self) -> Payment {
        Payment::new(self.earned().get().saturating_sub(self.vouched().get()))
    }

    /// What the highest voucher would bring if it were settled now, fees included.
    #[must_use]
    pub fn unsettled(&self) -> Payment {
        Payment::new(self.vouched().get().min(self.terms.cap).saturating_sub(self.settled))
    }

    /// Whether accepted units are not in a report yet.
    #[must_use]
    pub fn owes_report(&self) -> bool {
        self.units > self.usage.map_or(0, |usage| usage.cumulative_units)
    }

    fn judged(&mut self, shard: u32, attempt: u32, accepted: bool, cumulative_units: u64) {
        let done = self.unjudged.remove(&(shard, attempt));
        if !accepted {
            return;
        }
        if let Some(done) = done {
            self.items = self.items.saturating_add(1);
            self.outputs_hash = usage::chain_output::<Sha2>(&self.outputs_hash, &done.output);
        }
        // Answers may come out of order, and nobody's word makes this node claim more than it ran.
        self.units = self.units.max(cumulative_units).min(self.done_units);
    }
}

/// Everything that the node knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    leases: BTreeMap<Key, LeaseBook>,
}

impl Book {
    /// One lease, if this node ever accepted it.
    #[must_use]
    pub fn lease(&self, lease: &Key) -> Option<&LeaseBook> {
        self.leases.get(lease)
    }

    /// All leases.
    pub fn leases(&self) -> impl Iterator<Item = (&Key, &LeaseBook)> {
        self.leases.iter()
    }

    /// Leases that exist on chain and are not over.
    pub fn live(&self) -> impl Iterator<Item = (&Key, &LeaseBook)> {
        self.leases().filter(|(_, lease)| lease.is_live())
    }

    /// Folds one fact in. A fact about a lease that was never accepted changes nothing.
    pub fn apply(&mut self, record: &Record) {
        if let Record::LeaseAccepted { lease, terms } = record {
            // The same address is proposed again when the first transaction expired; once it exists on chain its terms are fixed.
            if self.leases.get(lease).is_none_or(|known| known.voucher_signer.is_none()) {
                self.leases.insert(*lease, LeaseBook::new(*terms));
            }
            return;
        }
        let Some(lease) = self.leases.get_mut(record.lease()) else { return };
        match *record {
            Record::LeaseAccepted { .. } => {}
            Record::LeaseOpened { voucher_signer, .. } => lease.voucher_signer = Some(voucher_signer),
            Record::LeaseGone { .. } => lease.gone = true,
            Record::ShardDone { done, .. } => {
                if lease.unjudged.insert((done.shard, done.attempt), done).is_none() {
                    lease.done_units = lease.done_units.saturating_add(done.units);
                }
            }
            Record::ShardJudged { shard, attempt, accepted, cumulative_units, .. } => {
                lease.judged(shard, attempt, accepted, cumulative_units);
            }
            Record::UsageSigned { usage, .. } => lease.usage = Some(usage),
            Record::UsageStored { seq, .. } => lease.usage_stored = lease.usage_stored.max(seq),
            Record::VoucherReceived { voucher, .. } => {
                if voucher.cumulative_amount > lease.vouched().get() {
                    lease.voucher = Some(voucher);
                }
            }
            Record::Settled { amount, .. } => lease.settled = lease.settled.max(amount),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEASE: Key = [1; 32];

    fn book(records: &[Record]) -> LeaseBook {
        let mut book = Book::default();
        let terms = LeaseTerms { job: [2; 32], unit_price: 1_000_000, cap: 100, expires_at: 9 };
        book.apply(&Record::LeaseAccepted { lease: LEASE, terms });
        for record in records {
            book.apply(record);
        }
        book.lease(&LEASE).expect("accepted").clone()
    }

    fn done(shard: u32, units: u64) -> Record {
        Record::ShardDone { lease: LEASE, done: Done { shard, attempt: 1, output: [3; 32], units } }
    }

    fn judged(shard: u32, accepted: bool, cumulative_units: u64) -> Record {
        Record::ShardJudged { lease: LEASE, shard, attempt: 1, accepted, cumulative_units }
    }

    #[test]
    fn only_accepted_work_is_earned() {
        let lease = book(&[done(0, 10), done(1, 20), judged(0, true, 10), judged(1, false, 0)]);
        assert_eq!((lease.units, lease.items, lease.earned().get()), (10, 1, 10));
        assert!(lease.unjudged.is_empty() && lease.owes_report());
    }

    #[test]
    fn answers_out_of_order_and_lies_are_held_to_what_ran() {
        let lease = book(&[done(0, 10), done(1, 20), judged(1, true, 30), judged(0, true, 10)]);
        assert_eq!((lease.units, lease.items), (30, 2));
        let lied = book(&[done(0, 10), judged(0, true, 1_000_000)]);
        assert_eq!(lied.units, 10);
    }

    #[test]
    fn vouchers_only_grow_and_the_cap_holds() {
        let voucher = |amount| Record::VoucherReceived {
            lease: LEASE,
            voucher: SignedVoucher { cumulative_amount: amount, cumulative_units: amount, signature: [0; 64] },
        };
        let lease = book(&[done(0, 500), judged(0, true, 500), voucher(40), voucher(30)]);
        assert_eq!(lease.earned().get(), 100);
        assert_eq!((lease.vouched().get(), lease.unvouched().get()), (40, 60));
        let over = book(&[voucher(400), Record::Settled { lease: LEASE, amount: 70 }]);
        assert_eq!(over.unsettled().get(), 30);
    }

    #[test]
    fn an_expired_proposal_may_come_again_with_other_terms() {
        let terms = LeaseTerms { job: [2; 32], unit_price: 7, cap: 50, expires_at: 10 };
        let again = Record::LeaseAccepted { lease: LEASE, terms };
        let lease = book(&[Record::LeaseGone { lease: LEASE }, again]);
        assert!(!lease.gone && lease.terms == terms);
        let opened = Record::LeaseOpened { lease: LEASE, voucher_signer: [5; 32] };
        assert_eq!(book(&[opened, again]).terms.cap, 100);
    }

    #[test]
    fn live_is_opened_and_not_gone() {
        let opened = Record::LeaseOpened { lease: LEASE, voucher_signer: [5; 32] };
        assert!(!book(&[]).is_live());
        assert!(book(&[opened]).is_live());
        assert!(!book(&[opened, Record::LeaseGone { lease: LEASE }]).is_live());
    }
}
