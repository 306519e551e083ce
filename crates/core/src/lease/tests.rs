//! Each rule of a lease's life, at its edge.

use super::*;
use crate::position::Position;
use crate::provider::ProviderStatus;
use crate::testing::{job_terms, local_params};

const NOW: i64 = 1_000_000;

fn fixtures() -> (Job, Provider, LeaseTerms) {
    let job = Job::create(&job_terms(NOW), NOW, &local_params()).unwrap();
    let job = job.fund(Payment::new(10_000)).unwrap();
    let staked = Provider::default().stake(&Position::default(), Stake::new(5_000), true).unwrap();
    let terms = LeaseTerms { unit_price: UnitPrice::new(50), cap: Payment::new(4_000), expires_at: NOW + 60 };
    (job, staked.provider, terms)
}

fn opened() -> Opened {
    let (job, provider, terms) = fixtures();
    Lease::open(&job, &provider, &terms, NOW, &local_params()).unwrap()
}

#[test]
fn opening_reserves_both_sides() {
    let open = opened();
    assert_eq!(open.job.committed, Payment::new(4_000));
    assert_eq!(open.provider.exposure, Stake::new(2_000));
    assert_eq!(open.lease.settle_until, NOW + 80);
    assert_eq!(open.lease.dispute_until, NOW + 110);
    assert_eq!(open.lease.invariant(), Ok(()));
    assert_eq!(open.job.invariant(), Ok(()));
    assert_eq!(open.provider.invariant(), Ok(()));
}

#[test]
fn terms_are_checked() {
    let (job, provider, terms) = fixtures();
    let late = |secs| LeaseTerms { expires_at: NOW + secs, ..terms };
    let open = |terms: LeaseTerms, at: i64| Lease::open(&job, &provider, &terms, at, &local_params()).map(|_| ());
    let free = LeaseTerms { unit_price: UnitPrice::ZERO, ..terms };
    let dear = LeaseTerms { unit_price: UnitPrice::new(101), ..terms };
    assert_eq!(open(free, NOW), Err(Error::PriceZero));
    assert_eq!(open(dear, NOW), Err(Error::PriceAboveMaximum));
    assert_eq!(open(late(0), NOW), Err(Error::LeaseExpiryInPast));
    assert_eq!(open(late(101), NOW), Err(Error::LeaseTooLong));
    assert_eq!(open(late(100), NOW), Ok(()));
    assert_eq!(open(late(501), NOW + 450), Err(Error::LeaseExpiryPastDeadline));
    assert_eq!(open(late(500), NOW + 450), Ok(()));
}

#[test]
fn the_provider_is_checked() {
    let (job, provider, terms) = fixtures();
    let open = |job: &Job, provider: &Provider| Lease::open(job, provider, &terms, NOW, &local_params()).map(|_| ());
    let asks = |stake| Job { min_provider_stake: Stake::new(stake), ..job };
    assert_eq!(open(&asks(5_001), &provider), Err(Error::ProviderStakeTooLow));
    assert_eq!(open(&asks(5_000), &provider), Ok(()));
    let jailed = Provider { status: ProviderStatus::Jailed, ..provider };
    assert_eq!(open(&job, &jailed), Err(Error::ProviderNotActive));
    let exposed = Provider { exposure: Stake::new(3_001), open_leases: 1, ..provider };
    assert_eq!(open(&job, &exposed), Err(Error::ExposureExceedsStake));
}

#[test]
fn vouchers_pay_the_difference_up_to_the_cap() {
    let Opened { job, lease, .. } = opened();
    let first = lease.settle(&job, Payment::new(1_001), Units::new(7)).unwrap();
    assert_eq!(first.settlement.gross, Payment::new(1_001));
    assert_eq!(first.settlement.fee, Payment::new(11));
    let again = first.lease.settle(&first.job, Payment::new(1_001), Units::new(9));
    assert_eq!(again, Err(Error::NothingToSettle));
    let over = first.lease.settle(&first.job, Payment::MAX, Units::new(3)).unwrap();
    assert_eq!(over.settlement.gross, Payment::new(2_999));
    assert_eq!(over.lease.settled, lease.cap);
    assert_eq!(over.lease.units, Units::new(7));
    assert_eq!(over.job.committed, Payment::ZERO);
    let beyond = over.lease.settle(&over.job, Payment::MAX, Units::MAX);
    assert_eq!(beyond, Err(Error::NothingToSettle));
}

#[test]
fn closing_only_comes_forward() {
    let lease = opened().lease;
    let by_requester = lease.close(Closer::Requester, NOW + 5).unwrap();
    assert_eq!((by_requester.settle_until, by_requester.dispute_until), (NOW + 25, NOW + 55));
    let twice = by_requester.close(Closer::Requester, NOW + 5);
    assert_eq!(twice, Err(Error::LeaseAlreadyClosed));
    let by_provider = by_requester.close(Closer::Provider, NOW + 6).unwrap();
    assert_eq!(by_provider.settle_until, NOW + 6);
    assert_eq!(by_provider.close(Closer::Provider, NOW + 6), Err(Error::LeaseAlreadyClosed));
    assert_eq!(lease.close(Closer::Requester, NOW + 60), Err(Error::LeaseAlreadyClosed));
    assert_eq!(by_provider.invariant(), Ok(()));
}

#[test]
fn release_then_end_when_due() {
    let Opened { job, provider, lease } = opened();
    let paid = lease.settle(&job, Payment::new(100), Units::new(1)).unwrap();
    assert_eq!(paid.lease.release(&paid.job, NOW + 79), Err(Error::LeaseNotDue));
    assert_eq!(paid.lease.end(&provider, NOW + 500), Err(Error::LeaseNotReleased));
    let out = paid.lease.release(&paid.job, NOW + 80).unwrap();
    assert_eq!(out.returned, Payment::new(3_900));
    assert_eq!(out.job.committed, Payment::ZERO);
    assert_eq!(out.lease.release(&out.job, NOW + 81), Err(Error::LeaseAlreadyReleased));
    assert_eq!(out.lease.close(Closer::Provider, NOW), Err(Error::LeaseAlreadyReleased));
    let late = out.lease.settle(&out.job, Payment::MAX, Units::MAX);
    assert_eq!(late, Err(Error::LeaseAlreadyReleased));
    assert_eq!(out.lease.end(&provider, NOW + 109), Err(Error::DisputeWindowOpen));
    let disputed = Lease { disputed: true, ..out.lease };
    assert_eq!(disputed.end(&provider, NOW + 110), Err(Error::LeaseDisputed));
    let freed = out.lease.end(&provider, NOW + 110).unwrap();
    assert_eq!((freed.exposure, freed.open_leases), (Stake::ZERO, 0));
}

#[test]
fn a_closing_job_brings_release_forward() {
    let Opened { job, lease, .. } = opened();
    let closing = job.begin_close(NOW + 10).unwrap();
    assert_eq!(lease.settle_until(&closing), Ok(NOW + 30));
    assert_eq!(lease.release(&closing, NOW + 29), Err(Error::LeaseNotDue));
    let out = lease.release(&closing, NOW + 35).unwrap();
    assert_eq!((out.lease.settle_until, out.lease.dispute_until), (NOW + 30, NOW + 60));
    let late = job.begin_close(NOW + 75).unwrap();
    assert_eq!(lease.settle_until(&late), Ok(NOW + 80));
}

#[test]
fn the_invariant_sees_broken_books() {
    let lease = opened().lease;
    let broken = [
        Lease { settled: Payment::new(4_001), ..lease },
        Lease { exposure: Stake::ZERO, ..lease },
        Lease { fee: Bps::ZERO, ..lease },
        Lease { expires_at: NOW, ..lease },
        Lease { settle_until: NOW + 81, dispute_until: NOW + 111, ..lease },
        Lease { dispute_until: NOW + 111, ..lease },
        Lease { unit_price: UnitPrice::ZERO, ..lease },
        Lease { cap: Payment::ZERO, ..lease },
        Lease { disputed: true, ..lease },
        Lease { exposure: Stake::ZERO, challenged: true, disputed: true, ..lease },
    ];
    for books in broken {
        assert_eq!(books.invariant(), Err(Error::InvariantBroken));
    }
    // After a lost dispute, and only then, it holds no exposure.
    assert_eq!(Lease { exposure: Stake::ZERO, challenged: true, ..lease }.invariant(), Ok(()));
}

#[test]
fn terms_are_fixed_at_the_opening() {
    let (job, provider, terms) = fixtures();
    let lease = Lease::open(&job, &provider, &terms, NOW, &local_params()).unwrap().lease;
    assert_eq!((lease.stake_per_million.get(), lease.fee.get()), (500_000, 100));
    assert_eq!((lease.grace_secs, lease.dispute_window_secs), (20, 30));
    assert!(!lease.released && !lease.disputed && !lease.challenged);
    // Longer times for later leases do not hold this one longer.
    let longer = Params { grace_secs: 2_000, dispute_window_secs: 3_000, ..local_params() };
    let later = Lease::open(&job, &provider, &terms, NOW, &longer).unwrap().lease;
    assert_eq!((later.settle_until, later.dispute_until), (NOW + 2_060, NOW + 5_060));
    assert_eq!(lease.close(Closer::Requester, NOW).unwrap().settle_until, NOW + 20);
}

#[test]
fn a_lost_dispute_ends_with_the_lease() {
    let open = opened();
    let lost = Lease { exposure: Stake::ZERO, challenged: true, ..open.lease };
    let provider = Provider { exposure: Stake::ZERO, ..open.provider };
    let released = lost.release(&open.job, NOW + 80).unwrap();
    assert_eq!(released.returned, lost.cap);
    assert_eq!(released.lease.end(&provider, NOW + 109), Err(Error::DisputeWindowOpen));
    assert_eq!(released.lease.end(&provider, NOW + 110).unwrap().open_leases, 0);
}
