//! Every case of small widths: what the property tests sample, this leaves no room in. Amounts run
//! over four bits, times over every second that could matter.

use crate::amount::{Bps, Payment, Shares, Stake, UnitPrice, Units};
use crate::error::Error;
use crate::fee::{fee_ceil, settlement, share_floor};
use crate::job::{Job, JobStatus};
use crate::lease::{Closer, Lease, LeaseTerms};
use crate::position::Position;
use crate::provider::Provider;
use crate::stake_pool::Pool;
use crate::testing::{job_terms, local_params};
use std::vec::Vec;

const NOW: i64 = 1_000_000;
const RATES: [u16; 7] = [0, 1, 2_500, 3_333, 5_000, 9_999, 10_000];

fn payments() -> impl Iterator<Item = Payment> {
    (0..16).map(Payment::new)
}

fn rates() -> impl Iterator<Item = Bps> {
    RATES.into_iter().map(|rate| Bps::new(rate).unwrap())
}

fn pools() -> impl Iterator<Item = Pool> {
    let all = (0..16u64)
        .flat_map(|stake| (0..16u128).flat_map(move |shares| (0..16u128).map(move |out| (stake, shares, out))));
    let pool = |(stake, shares, out)| Pool {
        total_stake: Stake::new(stake),
        total_shares: Shares::new(shares),
        unbonding_shares: Shares::new(out),
    };
    all.map(pool).filter(|pool| pool.invariant().is_ok())
}

fn funded(amount: u64) -> Job {
    let mut terms = job_terms(NOW);
    terms.max_share = Bps::ONE;
    Job::create(&terms, NOW, &local_params()).unwrap().fund(Payment::new(amount)).unwrap()
}

fn provider() -> Provider {
    Provider::default().stake(&Position::default(), Stake::new(5_000), true).unwrap().provider
}

/// A job of 15 with a lease of `cap`.
fn leased(cap: u64) -> (Job, Provider, Lease) {
    let terms = LeaseTerms { unit_price: UnitPrice::new(1), cap: Payment::new(cap), expires_at: NOW + 60 };
    let opened = Lease::open(&funded(15), &provider(), &terms, NOW, &local_params()).unwrap();
    (opened.job, opened.provider, opened.lease)
}

#[test]
fn a_fee_is_the_least_that_covers_its_rate() {
    for (amount, rate) in payments().flat_map(|amount| rates().map(move |rate| (amount, rate))) {
        let (fee, share) = (fee_ceil(amount, rate).unwrap(), share_floor(amount, rate).unwrap());
        let exact = amount.get() * u64::from(rate.get());
        assert!(fee.get() * 10_000 >= exact && (fee.is_zero() || (fee.get() - 1) * 10_000 < exact));
        assert!(share.get() * 10_000 <= exact && (share.get() + 1) * 10_000 > exact);
        assert!(share <= fee && fee <= amount);
    }
}

#[test]
fn a_settlement_in_two_steps_is_one() {
    for rate in rates() {
        for (a, b, c) in payments().flat_map(|a| payments().flat_map(move |b| payments().map(move |c| (a, b, c)))) {
            if a >= b || b >= c {
                continue;
            }
            let (first, second) = (settlement(a, b, rate).unwrap(), settlement(b, c, rate).unwrap());
            let whole = settlement(a, c, rate).unwrap();
            assert_eq!(whole.fee, first.fee.checked_add(second.fee).unwrap());
            assert_eq!(whole.net, first.net.checked_add(second.net).unwrap());
            assert_eq!(whole.gross, whole.fee.checked_add(whole.net).unwrap());
        }
    }
}

#[test]
fn in_and_out_never_gains() {
    for pool in pools() {
        for amount in (0..16).map(Stake::new) {
            let Ok(deposit) = pool.deposit(amount) else {
                let broken = pool.total_stake.is_zero() && !pool.total_shares.is_zero();
                let nothing = amount.get() * u64::try_from(pool.total_shares.get()).unwrap() < pool.total_stake.get();
                assert!(amount.is_zero() || broken || nothing, "{pool:?} {amount}");
                continue;
            };
            deposit.pool.invariant().unwrap();
            let leaving = deposit.pool.request_unstake(deposit.shares).unwrap();
            let out = leaving.withdraw(deposit.shares).unwrap();
            assert!(out.amount <= amount && out.pool.total_stake >= pool.total_stake);
        }
    }
}

#[test]
fn parts_of_a_pool_never_exceed_it() {
    for pool in pools() {
        let total = pool.total_shares.get();
        for part in 0..=total {
            let value = |shares| pool.value_floor(Shares::new(shares)).unwrap().get();
            assert!(value(part) + value(total - part) <= pool.total_stake.get());
        }
        assert_eq!(pool.value_floor(Shares::new(total + 1)), Err(Error::InsufficientShares));
        assert!(pool.active_value().unwrap() <= pool.total_stake);
    }
}

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
            let refund = released.job.begin_close(NOW).unwrap().close(NOW + 10, &local_params()).unwrap();
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
    let params = local_params();
    for closing in (0..600).step_by(7).map(Some).chain([None]) {
        let job = funded(15);
        let job = closing.map_or(job, |at| job.begin_close(NOW + at).unwrap());
        for at in 0..600 {
            let due = at >= 10 && (job.status == JobStatus::Closing || at >= 520);
            match job.close(NOW + at, &params) {
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
