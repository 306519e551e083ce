//! Every case of small widths: what the property tests sample, this leaves no room in. Amounts run
//! over four bits, times over every second that could matter. One theme a file.

mod amounts;
mod epoch;
mod escrow;
mod pool;
mod reward;
mod slash;
mod votes;

use crate::amount::{Bps, Payment, Shares, Stake, UnitPrice};
use crate::job::Job;
use crate::lease::{Lease, LeaseTerms};
use crate::position::Position;
use crate::provider::Provider;
use crate::stake_pool::Pool;
use crate::testing::{job_terms, local_params};

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
