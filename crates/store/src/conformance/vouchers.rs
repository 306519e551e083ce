//! The requesters' book.

use futures_util::future::join_all;
use mira_core::amount::Units;

use super::{Bench, sample};
use crate::model::{PutVoucher, Voucher};

pub async fn only_a_larger_amount_counts(bench: &Bench) {
    let store = &bench.store;
    // Amounts whose order as text or as bytes of their own length would be another.
    let growing = [9, 10, 255, 256, 1 << 56, u64::MAX].map(|amount| sample::voucher(1, amount));
    for voucher in &growing {
        assert_eq!(store.put_voucher(voucher.clone()).await.unwrap(), PutVoucher::Stored);
        assert_eq!(store.voucher(&sample::key(1)).await.unwrap().as_ref(), Some(voucher));
    }
    let newest = growing[5].clone();
    let again = Voucher { received_ms: 7, ..newest.clone() };
    assert_eq!(store.put_voucher(again).await.unwrap(), PutVoucher::Duplicate);
    let stale = PutVoucher::Stale { newest: newest.clone() };
    assert_eq!(store.put_voucher(sample::voucher(1, 300)).await.unwrap(), stale);
    let other_units = Voucher { cumulative_units: Units::ZERO, ..newest.clone() };
    assert_eq!(store.put_voucher(other_units).await.unwrap(), stale);
    let history = store.voucher_history(&sample::key(1), 4).await.unwrap();
    assert_eq!(history, [5, 4, 3, 2].map(|n: usize| growing[n].clone()));
}

pub async fn racing_vouchers_leave_the_largest(bench: &Bench) {
    let puts = (1..=20).map(|n| bench.store.put_voucher(sample::voucher(1, 7 * n % 23)));
    let stored = join_all(puts).await.into_iter().filter(|put| matches!(put, Ok(PutVoucher::Stored))).count();
    let largest = sample::voucher(1, (1..=20).map(|n| 7 * n % 23).max().unwrap());
    assert_eq!(bench.store.voucher(&sample::key(1)).await.unwrap(), Some(largest));
    let history = bench.store.voucher_history(&sample::key(1), 100).await.unwrap();
    assert_eq!(history.len(), stored);
}

pub async fn those_of_a_provider(bench: &Bench) {
    bench.with(sample::world()).await;
    for lease in 0..40 {
        bench.store.put_voucher(sample::voucher(lease, 5)).await.unwrap();
    }
    // Provider 0 has leases 0, 3, 6, …; those that 5 divides are released.
    let expected = [3, 6, 9, 12, 18, 21, 24, 27, 33, 36, 39].map(|n| sample::voucher(n, 5));
    let found = bench.store.vouchers_of_provider(&sample::key(0), None, 100).await.unwrap();
    assert_eq!(found, expected);
    let page = bench.store.vouchers_of_provider(&sample::key(0), Some(sample::key(12)), 2).await.unwrap();
    assert_eq!(page, expected[4..6]);
    let some = bench.store.vouchers(&[sample::key(1), sample::key(99)]).await.unwrap();
    assert_eq!(some, [sample::voucher(1, 5)]);
}
