//! Usage reports.

use mira_core::Key;
use mira_core::amount::Units;
use mira_store::model::UsageReport as Row;
use mira_wire::usage::{StoredUsage, UsageReport};
use mira_wire::{HashHex, KeyStr, SigStr, Time};

/// A report to store, signed by `signer`.
pub fn usage_from_wire(report: &UsageReport, signer: &Key, received_ms: i64) -> Row {
    Row {
        lease: report.lease.get(),
        seq: report.seq.get(),
        cumulative_units: Units::new(report.cumulative_units.get()),
        items: report.items,
        outputs_hash: report.outputs_hash.get(),
        signer: *signer,
        signature: report.signature.get(),
        received_ms,
    }
}

/// A stored report.
pub fn usage_to_wire(row: &Row) -> StoredUsage {
    StoredUsage {
        report: UsageReport {
            lease: KeyStr(row.lease),
            seq: row.seq.into(),
            cumulative_units: row.cumulative_units.get().into(),
            items: row.items,
            outputs_hash: HashHex(row.outputs_hash),
            signature: SigStr(row.signature),
        },
        received_at: Time::from_ms(row.received_ms),
    }
}
