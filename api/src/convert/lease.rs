//! Leases.

use mira_store::model::LeaseRow;
use mira_wire::lease::Lease;
use mira_wire::{KeyStr, Time};

/// A lease.
pub fn lease(row: &LeaseRow) -> Lease {
    Lease {
        lease: KeyStr(row.lease),
        job: KeyStr(row.job),
        provider: KeyStr(row.provider),
        operator: KeyStr(row.operator),
        voucher_signer: KeyStr(row.voucher_signer),
        nonce: row.nonce,
        unit_price: row.unit_price.get().into(),
        fee_bps: row.fee.get(),
        cap: row.cap.get().into(),
        exposure: row.exposure.get().into(),
        settled: row.settled.get().into(),
        fee_paid: row.fee_paid.get().into(),
        returned: row.returned.get().into(),
        units: row.units.get().into(),
        opened_at: Time::from_secs(row.opened_at),
        expires_at: Time::from_secs(row.expires_at),
        settle_until: Time::from_secs(row.settle_until),
        dispute_until: Time::from_secs(row.dispute_until),
        disputed: row.disputed,
        challenged: row.challenged,
        released: row.released,
        ended: row.ended,
        seq: row.seq.into(),
    }
}
