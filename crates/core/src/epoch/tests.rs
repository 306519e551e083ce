//! How authorities agree, who can stop them, and what no majority can do.

use super::*;
use crate::testing::local_params;
use std::vec;

const ALL: [Key; 3] = [[1; 32], [2; 32], [3; 32]];
/// The first second at which the first epoch can be approved: the network began at 100.
const READY: i64 = 160;

fn params() -> RewardParams {
    local_params().reward
}

fn begun() -> Epochs {
    Epochs { last_at: 100, ..Epochs::default() }
}

fn epoch(index: u64, fees: u64, total: u64) -> Epoch {
    let (cumulative_fees, cumulative_total) = (Payment::new(fees), Payment::new(total));
    Epoch { index, root: [9; 32], cumulative_fees, cumulative_total, report_hash: [8; 32] }
}

/// Any digest will do here, as long as different epochs have different ones.
fn digest(epoch: &Epoch) -> Hash {
    let mut digest = [0; 32];
    digest[..8].copy_from_slice(&epoch.cumulative_fees.get().to_le_bytes());
    digest[8..16].copy_from_slice(&epoch.cumulative_total.get().to_le_bytes());
    digest
}

fn approve(epochs: &Epochs, authority: Key, epoch: &Epoch, now: i64) -> Result<Epochs> {
    epochs.approve(&ALL, (authority, digest(epoch)), epoch, now, &params())
}

fn pending() -> Epochs {
    let first = epoch(1, 1_000, 800);
    let epochs = approve(&begun(), ALL[0], &first, READY).unwrap();
    assert_eq!(epochs.pending, None);
    approve(&epochs, ALL[2], &first, READY + 5).unwrap()
}

#[test]
fn only_what_may_follow_is_approved() {
    let first = epoch(1, 1_000, 800);
    let refused = |epoch: &Epoch, at| approve(&begun(), ALL[0], epoch, at).unwrap_err();
    assert_eq!(approve(&begun(), [4; 32], &first, READY), Err(Error::WrongSigner));
    assert_eq!(refused(&epoch(0, 1_000, 800), READY), Error::EpochWrongIndex);
    assert_eq!(refused(&epoch(2, 1_000, 800), READY), Error::EpochWrongIndex);
    assert_eq!(refused(&first, READY - 1), Error::EpochTooEarly);
    assert_eq!(refused(&epoch(1, 1_000, 801), READY), Error::EpochOutOfBounds);
    assert_eq!(refused(&epoch(1, u64::MAX, u64::MAX), READY), Error::EpochOutOfBounds);
    assert_eq!(approve(&pending(), ALL[1], &first, READY), Err(Error::EpochPending));
    let worn_out = Epochs { last: epoch(u64::MAX, 0, 0), ..begun() };
    assert_eq!(approve(&worn_out, ALL[0], &first, READY), Err(Error::MathOverflow));
}

#[test]
fn totals_are_cumulative_and_never_fall() {
    let later = Epochs { last: epoch(1, 1_000, 800), ..begun() };
    let outcome = |fees, total| approve(&later, ALL[0], &epoch(2, fees, total), READY).map(|_| ());
    assert_eq!(outcome(999, 800), Err(Error::EpochOutOfBounds));
    assert_eq!(outcome(1_000, 799), Err(Error::EpochOutOfBounds));
    assert_eq!(outcome(1_000, 801), Err(Error::EpochOutOfBounds));
    assert_eq!(outcome(1_000, 800), Ok(()));
    // 80 % of 1 and of 2, rounded down.
    assert_eq!(outcome(1_001, 801), Err(Error::EpochOutOfBounds));
    assert_eq!(outcome(1_002, 801), Ok(()));
}

#[test]
fn an_approval_takes_the_place_of_the_earlier_one() {
    let (one, other) = (epoch(1, 1_000, 800), epoch(1, 1_000, 799));
    let epochs = approve(&begun(), ALL[0], &one, READY).unwrap();
    assert_eq!(approve(&epochs, ALL[0], &one, READY), Err(Error::NothingChanges));
    let changed = approve(&epochs, ALL[0], &other, READY).unwrap();
    assert_eq!(changed.approvals, vec![Approval { authority: ALL[0], digest: digest(&other) }]);
    // The vote it gave before counts no more.
    let split = approve(&changed, ALL[1], &one, READY).unwrap();
    assert_eq!((split.approvals.len(), split.pending), (2, None));
    let agreed = approve(&split, ALL[2], &other, READY).unwrap();
    assert_eq!(agreed.pending.unwrap().epoch, other);
    assert_eq!(agreed.invariant(), Ok(()));
}

#[test]
fn half_of_the_authorities_decide_nothing() {
    let first = epoch(1, 1_000, 800);
    let four = [[1; 32], [2; 32], [3; 32], [4; 32]];
    let mut epochs = begun();
    for (count, authority) in four.into_iter().enumerate() {
        epochs = match epochs.approve(&four, (authority, digest(&first)), &first, READY, &params()) {
            Ok(epochs) => epochs,
            Err(error) => return assert_eq!((error, count), (Error::EpochPending, 3)),
        };
        assert_eq!(epochs.pending.is_some(), count == 2);
    }
    panic!("a pending epoch took an approval");
}

#[test]
fn the_window_starts_with_the_majority() {
    let waiting = pending().pending.unwrap();
    assert_eq!((waiting.final_from, waiting.stale_from), (READY + 20, READY + 45));
    assert_eq!(waiting.share, params().share_bps);
}

#[test]
fn the_guardian_cancels_inside_the_window_and_anyone_when_it_is_stale() {
    let epochs = pending();
    assert_eq!(begun().cancel(true, READY), Err(Error::EpochNotPending));
    let (last, stale) = (READY + 19, READY + 45);
    assert_eq!(epochs.cancel(true, last), Ok(begun()));
    assert_eq!(epochs.cancel(false, last), Err(Error::EpochNotCancellable));
    assert_eq!(epochs.cancel(true, last + 1), Err(Error::EpochNotCancellable));
    assert_eq!(epochs.cancel(true, stale - 1), Err(Error::EpochNotCancellable));
    assert_eq!(epochs.cancel(false, stale), Ok(begun()));
    assert_eq!(epochs.cancel(true, stale), Ok(begun()));
}

#[test]
fn anyone_finalizes_after_the_window() {
    let epochs = pending();
    let enough = Payment::new(1_000);
    assert_eq!(begun().finalize(enough, READY), Err(Error::EpochNotPending));
    assert_eq!(epochs.finalize(enough, READY + 19), Err(Error::EpochWindowOpen));
    assert_eq!(epochs.finalize(Payment::new(999), READY + 20), Err(Error::EpochFeesNotSwept));
    let out = epochs.finalize(enough, READY + 20).unwrap();
    assert_eq!(out.to_treasury, Payment::new(200));
    let after = Epochs { last: epoch(1, 1_000, 800), last_at: READY + 20, ..Epochs::default() };
    assert_eq!(out.epochs, after);
    // A stale one that nobody cancelled is as good.
    assert_eq!(epochs.finalize(enough, READY + 9_999).unwrap().to_treasury, Payment::new(200));
    // The next one waits for its own time.
    let next = epoch(2, 1_000, 800);
    assert_eq!(approve(&after, ALL[0], &next, READY + 79), Err(Error::EpochTooEarly));
    assert!(approve(&after, ALL[0], &next, READY + 80).is_ok());
}

#[test]
fn what_is_pending_keeps_the_share_it_was_approved_under() {
    let first = epoch(1, 1_000, 800);
    let lower = RewardParams { share_bps: Bps::new(7_999).unwrap(), ..params() };
    let epochs = approve(&begun(), ALL[0], &first, READY).unwrap();
    let late = epochs.approve(&ALL, (ALL[1], digest(&first)), &first, READY, &lower);
    assert_eq!(late, Err(Error::EpochOutOfBounds));
    assert!(pending().finalize(Payment::new(1_000), READY + 20).is_ok());
}

#[test]
fn other_authorities_start_anew() {
    let epochs = Epochs { last: epoch(1, 10, 8), last_at: 7, ..pending() };
    assert_eq!(epochs.cleared(), Epochs { last: epoch(1, 10, 8), last_at: 7, pending: None, approvals: vec![] });
}

#[test]
fn the_invariant_sees_broken_books() {
    let epochs = pending();
    let waiting = epochs.pending.unwrap();
    let with = |pending| Epochs { pending: Some(pending), ..epochs.clone() };
    let twice = epochs.approvals.iter().copied().chain([Approval { authority: ALL[0], digest: [7; 32] }]);
    let broken = [
        with(Pending { epoch: epoch(2, 1_000, 800), ..waiting }),
        with(Pending { epoch: epoch(1, 1_000, 801), ..waiting }),
        with(Pending { stale_from: waiting.final_from, ..waiting }),
        Epochs { approvals: twice.collect(), ..epochs.clone() },
        Epochs { last: epoch(0, 5, 6), ..begun() },
    ];
    assert_eq!(epochs.invariant(), Ok(()));
    for books in broken {
        assert_eq!(books.invariant(), Err(Error::InvariantBroken), "{books:?}");
    }
}

#[cfg(feature = "sha2")]
#[test]
fn the_digest_binds_every_field() {
    use crate::hash::Sha2;
    let base = epoch(1, 2, 3);
    let others = [
        Epoch { index: 2, ..base },
        Epoch { root: [1; 32], ..base },
        epoch(1, 3, 3),
        epoch(1, 2, 2),
        epoch(1, 3, 2),
        Epoch { report_hash: [1; 32], ..base },
        Epoch { root: base.report_hash, report_hash: base.root, ..base },
    ];
    for other in others {
        assert_ne!(other.digest::<Sha2>(), base.digest::<Sha2>(), "{other:?}");
    }
    let bytes = [
        PROPOSAL_TAG,
        &[1, 0, 0, 0, 0, 0, 0, 0],
        &[9; 32],
        &[2, 0, 0, 0, 0, 0, 0, 0],
        &[3, 0, 0, 0, 0, 0, 0, 0],
        &[8; 32],
    ]
    .concat();
    assert_eq!(base.digest::<Sha2>(), Sha2::hashv(&[&bytes]));
}
