//! Vouchers.

use mira_core::Key;
use mira_core::amount::{Payment, Units};
use mira_store::model::Voucher as Row;
use mira_wire::voucher::{StoredVoucher, Voucher};
use mira_wire::{KeyStr, SigStr, Time};

/// A voucher to store, signed by `signer`.
pub fn voucher_from_wire(voucher: &Voucher, signer: &Key, received_ms: i64) -> Row {
    Row {
        lease: voucher.lease.get(),
        cumulative_amount: Payment::new(voucher.cumulative_amount.get()),
        cumulative_units: Units::new(voucher.cumulative_units.get()),
        signer: *signer,
        signature: voucher.signature.get(),
        received_ms,
    }
}

/// A stored voucher.
pub fn voucher_to_wire(row: &Row) -> StoredVoucher {
    StoredVoucher {
        voucher: Voucher {
            lease: KeyStr(row.lease),
            cumulative_amount: row.cumulative_amount.get().into(),
            cumulative_units: row.cumulative_units.get().into(),
            signature: SigStr(row.signature),
        },
        received_at: Time::from_ms(row.received_ms),
    }
}
