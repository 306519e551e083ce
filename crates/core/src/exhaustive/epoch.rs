//! Every pair of epochs whose totals fit in four bits.

use super::rates;
use crate::amount::{Bps, Payment};
use crate::epoch::{Epoch, Epochs};
use crate::error::Error;
use crate::params::{REWARD_SHARE_BPS_MAX, RewardParams};
use crate::testing::local_params;

const ONLY: [u8; 32] = [1; 32];
const NOW: i64 = 100;

fn epoch(index: u64, fees: u64, total: u64) -> Epoch {
    let (cumulative_fees, cumulative_total) = (Payment::new(fees), Payment::new(total));
    Epoch { index, cumulative_fees, cumulative_total, ..Epoch::default() }
}

fn shares() -> impl Iterator<Item = Bps> {
    rates().filter(|rate| rate.get() < REWARD_SHARE_BPS_MAX).chain(Bps::new(REWARD_SHARE_BPS_MAX))
}

/// The one authority approves `next` after `last`.
fn approved(last: Epoch, next: &Epoch, share: Bps) -> Result<Epochs, Error> {
    let epochs = Epochs { last, ..Epochs::default() };
    let params = RewardParams { share_bps: share, ..local_params().reward };
    epochs.approve(&[ONLY], (ONLY, [2; 32]), next, NOW, &params)
}

#[test]
fn an_epoch_is_accepted_exactly_within_its_bounds() {
    for (fees_before, fees) in (0..16).flat_map(|before| (0..16).map(move |fees| (before, fees))) {
        for (total_before, total) in (0..=fees_before).flat_map(|before| (0..16).map(move |total| (before, total))) {
            for share in shares() {
                let within = fees >= fees_before
                    && total >= total_before
                    && (total - total_before) * 10_000 <= (fees - fees_before) * u64::from(share.get());
                let outcome = approved(epoch(4, fees_before, total_before), &epoch(5, fees, total), share);
                match outcome {
                    Ok(epochs) => assert!(within && epochs.invariant().is_ok() && epochs.pending.is_some()),
                    Err(error) => assert!(!within && error == Error::EpochOutOfBounds),
                }
            }
        }
    }
}

#[test]
fn fees_become_rewards_and_treasury_once_they_are_swept() {
    for (fees_before, fees) in (0..16).flat_map(|before| (before..16).map(move |fees| (before, fees))) {
        for share in shares() {
            for total in 0..=(fees - fees_before) * u64::from(share.get()) / 10_000 {
                let epochs = approved(epoch(4, fees_before, 0), &epoch(5, fees, total), share).unwrap();
                for swept in 0..16 {
                    match epochs.finalize(Payment::new(swept), NOW + 15) {
                        Ok(out) => {
                            assert!(swept >= fees);
                            assert_eq!(out.to_treasury.get() + total, fees - fees_before);
                            assert_eq!((out.epochs.last, out.epochs.pending), (epoch(5, fees, total), None));
                        }
                        Err(error) => assert!(swept < fees && error == Error::EpochFeesNotSwept),
                    }
                }
            }
        }
    }
}

/// Every second from the majority to long after: who may cancel, and whether it can be finalized.
#[test]
fn a_pending_epoch_always_has_a_way_out() {
    let epochs = approved(epoch(0, 0, 0), &epoch(1, 10, 5), Bps::new(5_000).unwrap()).unwrap();
    for at in 0..60 {
        let (final_from, stale_from) = (15, 40);
        let cancels = |by_guardian| epochs.cancel(by_guardian, NOW + at).is_ok();
        assert_eq!(cancels(true), at < final_from || at >= stale_from);
        assert_eq!(cancels(false), at >= stale_from);
        assert_eq!(epochs.finalize(Payment::new(10), NOW + at).is_ok(), at >= final_from);
        assert!(cancels(true) || epochs.finalize(Payment::new(10), NOW + at).is_ok());
    }
}
