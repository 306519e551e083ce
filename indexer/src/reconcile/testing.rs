//! Books for tests: two payment units a unit, a cap of 1,000, a fee of 1.5 %.

#![allow(clippy::unwrap_used)]

use mira_core::amount::{Bps, Payment, UnitPrice, Units};
use mira_core::fee::fee_ceil;

use super::{Aside, Audit, Books, Dispute, Phase, Quarantine};

/// Reported units, at 10 ms; the voucher's amount and units, at 20 ms; settled amount and units.
pub(crate) fn books(reported: Option<u64>, vouchered: Option<(u64, u64)>, settled: (u64, u64)) -> Books {
    let fee = Bps::new(150).unwrap();
    Books {
        lease: [1; 32],
        provider: [2; 32],
        unit_price: UnitPrice::new(2_000_000),
        cap: Payment::new(1_000),
        reported: reported.map(|units| (Units::new(units), 10)),
        vouchered: vouchered.map(|(amount, units)| (Payment::new(amount), Units::new(units), 20)),
        settled: (Payment::new(settled.0), Units::new(settled.1)),
        fee_paid: fee_ceil(Payment::new(settled.0), fee).unwrap(),
        quarantine: Quarantine::default(),
        audit: Audit::NoResult,
        phase: Phase::Open,
        dispute: Dispute::None,
    }
}

/// A hundred units through all three books.
pub(crate) fn matching() -> Books {
    books(Some(100), Some((200, 100)), (200, 100))
}

pub(crate) fn aside(units: u64, since_ms: i64) -> Option<Aside> {
    Some(Aside { units: Units::new(units), since_ms })
}
