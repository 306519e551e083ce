//! Every way a small job and its lease can go: what is paid, what returns, and when.

use super::{NOW, funded, leased, payments, rates};
use crate::amount::{Payment, Units};
use crate::error::Error;
use crate::job::{Job, JobStatus};
use crate::lease::Closer;
use crate::testing::local_params;
use std::vec::Vec;

#[test]
fn every_order_of_vouchers_pays_the_largest_up_to_the_cap() {
    for cap in 1..16 {
        for (a, b) in payments().flat_map(|a| payments().map(move |b| (a, b))) {
            let (mut job, _, mut lease) = leased(cap);
            let mut gross = 0;
            for amount in [a, b] {
                match lease.settle(&job, amount, Units::ZERO) {
                    Ok(settled) => {
                        gross += settled.settlement.gross.get();
                        (job, lease) = (settled.job, settled.lease);
                    }
                    Err(error) => assert_eq!(error, Error::NothingToSettle),
                }
            }
            assert_eq!(gross, a.max(b).get().min(cap));
            assert_eq!((lease.settled, job.paid), (Payment::new(gross), Payment::new(gross)));
            assert!(lease.invariant().is_ok() && job.invariant().is_ok());
        }
    }
}

#[test]
fn what_is_not_settled_returns() {
    for cap in 1..16 {
        for paid in payments() {
            let (job, provider, lease) = leased(cap);
            let settled = lease.settle(&job, paid, Units::ZERO).ok();
            let (job, lease) = settled.map_or((job, lease), |settled| (settled.job, settled.lease));
            let released = lease.release(&job, lease.settle_until).unwrap();
            assert_eq!(released.returned.get(), cap - paid.get().min(cap));
            assert_eq!((released.job.committed, released.job.open_leases), (Payment::ZERO, 0));
            let end = released.lease.end(&provider, released.lease.dispute_until).unwrap();
            assert!(end.exposure.is_zero() && end.invariant().is_ok());
            let refund = released.job.begin_close(NOW).unwrap().close(NOW + 10).unwrap();
            assert_eq!(refund.amount.get(), 15 - paid.get().min(cap));
        }
    }
}

#[test]
fn an_end_only_comes_forward() {
    let (_, _, lease) = leased(5);
    let closers = [Closer::Provider, Closer::Requester];
    for (first, second) in closers.into_iter().flat_map(|a| closers.into_iter().map(move |b| (a, b))) {
        for (early, late) in (0..90).flat_map(|early| (early..90).map(move |late| (NOW + early, NOW + late))) {
            let mut ends = Vec::from([lease]);
            for (closer, at) in [(first, early), (second, late)] {
                let last = *ends.last().unwrap();
                match last.close(closer, at) {
                    Ok(closed) => {
                        assert!(closed.settle_until < last.settle_until && closed.settle_until >= at);
                        assert!(closed.invariant().is_ok());
                        ends.push(closed);
                    }
                    Err(error) => assert_eq!(error, Error::LeaseAlreadyClosed),
                }
            }
        }
    }
}

#[test]
fn a_job_closes_exactly_when_it_is_due() {
    for closing in (0..600).step_by(7).map(Some).chain([None]) {
        let job = funded(15);
        let job = closing.map_or(job, |at| job.begin_close(NOW + at).unwrap());
        for at in 0..600 {
            let due = at >= 10 && (job.status == JobStatus::Closing || at >= 520);
            match job.close(NOW + at) {
                Ok(refund) => assert!(due && refund.amount == Payment::new(15)),
                Err(error) => assert!(!due && matches!(error, Error::JobTooYoung | Error::JobNotDue)),
            }
        }
    }
}

#[test]
fn a_cap_is_reserved_exactly_when_it_fits() {
    for funds in 1..16 {
        for (first, second) in payments().flat_map(|a| payments().map(move |b| (a, b))) {
            for share in rates().skip(1) {
                let job = Job { max_share: share, ..funded(funds) };
                let largest = funds * u64::from(share.get()) / 10_000;
                let fits = |cap: Payment, free: u64| !cap.is_zero() && cap.get() <= largest.min(free);
                let Ok(once) = job.reserve(first) else {
                    assert!(!fits(first, funds));
                    continue;
                };
                assert!(fits(first, funds) && once.invariant().is_ok());
                let twice = once.reserve(second);
                assert_eq!(twice.is_ok(), fits(second, funds - first.get()));
                assert_eq!(
                    twice.map_or(0, |job| job.committed.get() - first.get()),
                    if twice.is_ok() { second.get() } else { 0 }
                );
            }
        }
    }
}

#[test]
fn an_extension_is_taken_exactly_when_it_is_later_and_not_too_far() {
    let params = local_params();
    let job = funded(15);
    for (now, deadline) in (0..1_100).step_by(50).flat_map(|now| (0..2_200).map(move |deadline| (now, deadline))) {
        let later = deadline > 500 && deadline > now && deadline <= now + 1_000;
        match job.extend(NOW + deadline, NOW + now, &params) {
            Ok(after) => {
                assert!(later && after.invariant().is_ok());
                assert_eq!((after.deadline, after.due_at), (NOW + deadline, NOW + deadline + 20));
            }
            Err(error) => {
                let named = [Error::DeadlineNotLater, Error::DeadlineInPast, Error::DeadlineTooFar];
                assert!(!later && named.contains(&error));
            }
        }
    }
}
