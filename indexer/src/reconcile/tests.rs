//! Random honest histories on the protocol's model: whatever is on its way is pending, by exactly what is
//! on its way; nothing that matches is flagged.

use super::*;
use crate::apply::PlacedEvent;
use crate::testing::{Chain, OPERATOR, folded, lease as address};
use mira_core::amount::{Payment, Units};
use mira_core::ledger::Action;
use mira_store::model::{LeaseRow, Projection, UsageReport, Voucher};
use proptest::prelude::*;

/// Payment units a unit, as the chain for tests opens its leases.
const PRICE: u64 = 2;
const CAPS: [u64; 2] = [20_000, 10_000];

/// What both sides of a lease have said, in units.
#[derive(Clone, Copy, Default)]
struct Said {
    reported: u64,
    vouchered: u64,
    settled: u64,
}

/// A network of two leases whose parties keep to the rules.
struct Honest {
    chain: Chain,
    slots: Vec<Vec<PlacedEvent>>,
    said: [Said; 2],
}

impl Honest {
    fn new() -> Self {
        let mut chain = Chain::furnished([7; 32]);
        chain.open(1, CAPS[0]).unwrap();
        chain.open(2, CAPS[1]).unwrap();
        Self { chain, slots: Vec::new(), said: Default::default() }
    }

    fn act(&mut self, of: usize, what: u8, units: u64) {
        let said = &mut self.said[of];
        match what {
            0 => said.reported = (said.reported + units).min(CAPS[of] / PRICE),
            1 => said.vouchered = said.reported.min(said.vouchered + units),
            2 => said.vouchered = said.reported,
            _ if said.vouchered > said.settled => {
                said.settled = said.vouchered;
                let number = u8::try_from(of + 1).unwrap();
                self.chain.settle(number, said.settled * PRICE, said.settled).unwrap();
            }
            _ => {}
        }
    }

    /// The leases as the index has them, with their books.
    fn books(&mut self) -> Vec<(LeaseRow, Books)> {
        let slot = u64::try_from(self.slots.len()).unwrap() + 1;
        self.slots.push(self.chain.take(slot));
        let rows = folded(&self.slots).into_iter().filter_map(|row| match row {
            Projection::Lease(row) => Some(row),
            _ => None,
        });
        let with_books = |row: LeaseRow| {
            let said = self.said[usize::from(row.lease == address(2))];
            let books = Books::of(&row, report(&row, said).as_ref(), voucher(&row, said).as_ref());
            (row, books)
        };
        rows.map(with_books).collect()
    }

    /// Everything is vouchered, settled, released and ended.
    fn wind_up(&mut self) {
        for of in [0, 1] {
            self.act(of, 2, 0);
            self.act(of, 3, 0);
        }
        for lease in [1, 2].map(address) {
            self.chain.run(Action::CloseLease { lease, actor: OPERATOR }).unwrap();
            self.chain.run(Action::ReleaseLease { lease }).unwrap();
        }
        self.chain.run(Action::Advance { secs: 200 }).unwrap();
        for lease in [1, 2].map(address) {
            self.chain.run(Action::EndLease { lease }).unwrap();
        }
    }
}

fn report(row: &LeaseRow, said: Said) -> Option<UsageReport> {
    (said.reported > 0).then(|| UsageReport {
        lease: row.lease,
        seq: 1,
        cumulative_units: Units::new(said.reported),
        items: 1,
        outputs_hash: [0; 32],
        signer: row.operator,
        signature: [0; 64],
        received_ms: 10,
    })
}

fn voucher(row: &LeaseRow, said: Said) -> Option<Voucher> {
    (said.vouchered > 0).then(|| Voucher {
        lease: row.lease,
        cumulative_amount: Payment::new(said.vouchered * PRICE),
        cumulative_units: Units::new(said.vouchered),
        signer: row.voucher_signer,
        signature: [0; 64],
        received_ms: 20,
    })
}

/// What must be found of a lease that works.
fn expected(said: Said) -> Vec<(Class, State, u64)> {
    let open =
        [(Class::Unvouchered, said.reported - said.vouchered), (Class::Unsettled, said.vouchered - said.settled)];
    let open = open.into_iter().filter(|(_, units)| *units > 0);
    open.map(|(class, units)| (class, State::Pending, units * PRICE)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(0x6d69_7261), ..ProptestConfig::default() })]

    #[test]
    fn honest_parties_have_nothing_but_what_is_on_its_way(
        acts in proptest::collection::vec((0..2_usize, 0..4_u8, 1..3_000_u64), 1..40),
    ) {
        let mut honest = Honest::new();
        for (of, what, units) in acts {
            honest.act(of, what, units);
            for (row, books) in honest.books() {
                let said = honest.said[usize::from(row.lease == address(2))];
                let Reconciled { matched, eligible, differences } = lease(&books);
                let found: Vec<_> = differences.iter().map(|one| (one.class, one.state, one.amount.get())).collect();
                prop_assert_eq!(found, expected(said));
                prop_assert_eq!((matched.get(), eligible.amount), (said.settled * PRICE, row.settled));
                prop_assert_eq!((eligible.fees, eligible.excluded), (row.fee_paid, None));
            }
        }
        honest.wind_up();
        let ended = honest.books();
        prop_assert_eq!(ended.len(), 2);
        for (row, books) in ended {
            prop_assert_eq!(books.phase, Phase::Ended);
            let Reconciled { matched, eligible, differences } = lease(&books);
            prop_assert_eq!(differences, vec![]);
            prop_assert_eq!((matched, eligible.amount, eligible.fees), (row.settled, row.settled, row.fee_paid));
        }
    }
}

#[test]
fn a_lost_dispute_excludes_and_an_open_one_waits() {
    let mut chain = Chain::furnished([7; 32]);
    chain.disputed_lease().unwrap();
    let of = |slots: &[Vec<PlacedEvent>]| {
        let lease = folded(slots).into_iter().find_map(|row| match row {
            Projection::Lease(row) => Some(row),
            _ => None,
        });
        Books::of(&lease.unwrap(), None, None).dispute
    };
    let open = vec![chain.take(1)];
    assert_eq!(of(&open), Dispute::Open);
    let mut lost = Chain::furnished([7; 32]);
    lost.a_dispute();
    assert_eq!(of(&[lost.take(1)]), Dispute::Lost);
}
