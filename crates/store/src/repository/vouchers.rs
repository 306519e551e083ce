//! Vouchers: the requesters' book.

use async_trait::async_trait;
use mira_core::Key;

use crate::Result;
use crate::model::{PutVoucher, Voucher};

/// The newest voucher of each lease, and all before it.
#[async_trait]
pub trait VoucherBook {
    /// Stores a voucher if its amount is larger than the newest one's.
    async fn put_voucher(&self, voucher: Voucher) -> Result<PutVoucher>;

    /// A lease's newest voucher.
    async fn voucher(&self, lease: &Key) -> Result<Option<Voucher>>;

    /// The newest voucher of each of these leases that has one.
    async fn vouchers(&self, leases: &[Key]) -> Result<Vec<Voucher>>;

    /// The newest vouchers of a provider's leases that are not released, by lease after a key.
    async fn vouchers_of_provider(&self, provider: &Key, after: Option<Key>, limit: u32) -> Result<Vec<Voucher>>;

    /// All vouchers of a lease that were ever the newest, largest amount first.
    async fn voucher_history(&self, lease: &Key, limit: u32) -> Result<Vec<Voucher>>;
}
