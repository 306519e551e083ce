//! What to do with a lease, decided from the journal and the chain alone: pull work, settle, close, release or end.

use mira_core::amount::Payment;

use crate::journal::LeaseBook;

/// What the chain says of a lease at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainView {
    /// The chain's clock, unix seconds.
    pub now: i64,
    /// Paid so far, payment base units.
    pub settled: u64,
    /// No work after this.
    pub expires_at: i64,
    /// The escrow may be released from here on; a closing job is taken into account.
    pub settle_until: i64,
    /// The lease may end from here on.
    pub dispute_until: i64,
    /// Whether the lease's end has begun: it was closed, its job is closing, or it expired.
    pub ending: bool,
    /// Whether the escrow was released.
    pub released: bool,
    /// Whether a dispute is open.
    pub disputed: bool,
}

/// The next transaction for a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Cash the newest voucher.
    Settle,
    /// Give up the rest of the lease's time, since all is paid and no work will come.
    Close,
    /// Return what is not settled to the job.
    Release,
    /// Free the stake.
    End,
}

/// What the node itself is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Situation {
    /// The node is stopping.
    pub draining: bool,
    /// Shards of this lease that are running.
    pub in_flight: u32,
    /// Settle a running lease when this much is unsettled.
    pub settle_gain: Payment,
}

/// Whether to ask for work under a lease: it lasts, the cap has room, and the requester keeps up with vouchers.
#[must_use]
pub fn may_pull(lease: &LeaseBook, credit_window: Payment, now: i64) -> bool {
    lease.is_live()
        && now < lease.terms.expires_at
        && lease.earned().get() < lease.terms.cap
        && lease.unvouched() <= credit_window
}

/// The next step for a lease that exists on chain, if there is one now.
#[must_use]
pub fn next(lease: &LeaseBook, view: &ChainView, node: &Situation) -> Option<Action> {
    if view.released {
        return (!view.disputed && view.now >= view.dispute_until).then_some(Action::End);
    }
    let unsettled = lease.vouched().get().min(lease.terms.cap).saturating_sub(view.settled);
    if unsettled > 0 && (node.draining || view.ending || unsettled >= node.settle_gain.get()) {
        return Some(Action::Settle);
    }
    if view.now >= view.settle_until {
        return Some(Action::Release);
    }
    let all_paid = unsettled == 0 && lease.unvouched() == Payment::ZERO && lease.unjudged.is_empty();
    (view.ending && all_paid && node.in_flight == 0).then_some(Action::Close)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Book, Done, LeaseTerms, Record, SignedVoucher};

    const LEASE: [u8; 32] = [1; 32];
    const RUNNING: ChainView = ChainView {
        now: 100,
        settled: 0,
        expires_at: 200,
        settle_until: 300,
        dispute_until: 400,
        ending: false,
        released: false,
        disputed: false,
    };
    const ENDING: ChainView = ChainView { ending: true, ..RUNNING };
    const WORKING: Situation = Situation { draining: false, in_flight: 0, settle_gain: Payment::new(50) };

    /// A lease at one base unit per unit that earned `units` and has a voucher for `vouched`.
    fn lease(units: u64, vouched: u64) -> LeaseBook {
        let mut book = Book::default();
        let terms = LeaseTerms { job: [2; 32], unit_price: 1_000_000, cap: 100, expires_at: 200 };
        let done = Done { shard: 0, attempt: 1, output: [3; 32], units };
        let voucher = SignedVoucher { cumulative_amount: vouched, cumulative_units: vouched, signature: [0; 64] };
        for record in [
            Record::LeaseAccepted { lease: LEASE, terms },
            Record::LeaseOpened { lease: LEASE, voucher_signer: [4; 32] },
            Record::ShardDone { lease: LEASE, done },
            Record::ShardJudged { lease: LEASE, shard: 0, attempt: 1, accepted: true, cumulative_units: units },
            Record::VoucherReceived { lease: LEASE, voucher },
        ] {
            book.apply(&record);
        }
        book.lease(&LEASE).expect("accepted").clone()
    }

    #[test]
    fn work_stops_at_the_credit_window_the_cap_and_the_end() {
        let window = Payment::new(10);
        assert!(may_pull(&lease(10, 0), window, 100));
        assert!(!may_pull(&lease(11, 0), window, 100));
        assert!(may_pull(&lease(11, 1), window, 100));
        assert!(!may_pull(&lease(100, 100), window, 100), "the cap is used up");
        assert!(!may_pull(&lease(10, 0), window, 200), "expired");
    }

    #[test]
    fn vouchers_wait_for_a_gain_an_end_or_a_drain() {
        assert_eq!(next(&lease(40, 40), &RUNNING, &WORKING), None);
        assert_eq!(next(&lease(50, 50), &RUNNING, &WORKING), Some(Action::Settle));
        assert_eq!(next(&lease(40, 40), &ENDING, &WORKING), Some(Action::Settle));
        let draining = Situation { draining: true, ..WORKING };
        assert_eq!(next(&lease(40, 40), &RUNNING, &draining), Some(Action::Settle));
        assert_eq!(next(&lease(40, 40), &ChainView { settled: 40, ..RUNNING }, &draining), None);
    }

    #[test]
    fn a_paid_lease_is_closed_and_an_unpaid_one_waits() {
        let paid = ChainView { settled: 40, ..ENDING };
        assert_eq!(next(&lease(40, 40), &paid, &WORKING), Some(Action::Close));
        assert_eq!(next(&lease(60, 40), &paid, &WORKING), None, "a voucher may still come");
        assert_eq!(next(&lease(40, 40), &paid, &Situation { in_flight: 1, ..WORKING }), None);
    }

    #[test]
    fn settle_comes_before_release_and_release_before_end() {
        let late = ChainView { now: 300, ..ENDING };
        assert_eq!(next(&lease(60, 40), &late, &WORKING), Some(Action::Settle));
        assert_eq!(next(&lease(60, 40), &ChainView { settled: 40, ..late }, &WORKING), Some(Action::Release));
        let released = ChainView { released: true, settled: 40, ..late };
        assert_eq!(next(&lease(60, 60), &released, &WORKING), None);
        assert_eq!(next(&lease(60, 60), &ChainView { now: 400, ..released }, &WORKING), Some(Action::End));
        assert_eq!(next(&lease(60, 60), &ChainView { now: 400, disputed: true, ..released }, &WORKING), None);
    }
}
