//! Jobs and leases.

use super::books::{backed, job, part64, provider};
use super::{any_time, exit, params, sound, time};
use crate::amount::{Bps, Payment, Stake, StakePerMillion, UnitPrice, Units};
use crate::job::{Job, JobStatus, JobTerms};
use crate::lease::{Closer, Lease, LeaseTerms};
use crate::params::Params;
use crate::provider::{Provider, ProviderStatus};
use crate::testing::{Dice, job_terms, proptest_config};
use proptest::prelude::*;

proptest! {
    #![proptest_config(proptest_config(3_000))]

    #[test]
    fn whatever_is_asked_of_a_job_is_done_or_refused(seed: u64) {
        let dice = &mut Dice::new(seed);
        let (params, (job, _)) = (params(dice), job(dice));
        prop_assert_eq!(job.invariant(), Ok(()));
        let now = any_time(dice);
        let terms = JobTerms {
            job_id: if dice.one_in(2) { dice.any() } else { now.cast_unsigned() << 24 },
            max_unit_price: UnitPrice::new(dice.amount(64)),
            min_provider_stake: Stake::new(dice.amount(64)),
            max_share: Bps::new(u16::try_from(dice.below(10_001)).unwrap()).unwrap(),
            deadline: if dice.one_in(2) { any_time(dice) } else { now.saturating_add(1) },
            ..job_terms(1)
        };
        sound(Job::create(&terms, now, &params), Job::invariant)?;
        sound(job.fund(Payment::new(dice.amount(64))), Job::invariant)?;
        sound(job.extend(any_time(dice), now, &params), Job::invariant)?;
        sound(job.extend(job.deadline + 1, job.deadline, &params), Job::invariant)?;
        sound(job.update([7; 32], None), Job::invariant)?;
        sound(job.reserve(Payment::new(dice.amount(64))), Job::invariant)?;
        let empty = Job { committed: Payment::ZERO, open_leases: 0, ..job };
        prop_assert_eq!(empty.invariant(), Ok(()));
        for (job, now) in [(job, now), (empty, now), (empty, job.due_at)] {
            exit(job.close(now), |out| out.job.invariant())?;
        }
        exit(job.begin_close(job.created_at + time(dice)), Job::invariant)?;
    }

    #[test]
    fn whatever_is_asked_of_a_lease_is_done_or_refused(seed: u64) {
        let dice = &mut Dice::new(seed);
        let (params, (job, lease), provider) = (params(dice), job(dice), provider(dice));
        prop_assert_eq!(lease.invariant(), Ok(()));
        let open = LeaseTerms {
            unit_price: UnitPrice::new(dice.amount(64)),
            cap: Payment::new(dice.amount(64)),
            expires_at: any_time(dice),
        };
        let cap = Payment::new(part64(dice, job.free_escrow().unwrap().get()));
        let near = LeaseTerms { unit_price: UnitPrice::new(1), cap, expires_at: job.deadline };
        // A job and a provider that take most leases.
        let wide = Job {
            status: JobStatus::Open,
            closing_at: 0,
            max_share: Bps::ONE,
            max_leases: u16::MAX,
            min_provider_stake: Stake::ZERO,
            ..job
        };
        let ready = Provider { status: ProviderStatus::Active, ..provider };
        let cheap = Params { min_stake: Stake::new(1), stake_per_million: StakePerMillion::new(1), ..params };
        let (any, late) = (any_time(dice), job.deadline - 1);
        let cases = [(&job, &provider, open, any, &params), (&wide, &ready, near, late, &params), (&wide, &ready, near, late, &cheap)];
        for (job, provider, terms, now, params) in cases {
            sound(Lease::open(job, provider, &terms, now, params), |out| {
                out.job.invariant().and(out.provider.invariant()).and(out.lease.invariant())
            })?;
        }
        let closer = dice.of(&[Closer::Provider, Closer::Requester]);
        let before = part64(dice, (lease.settle_until - lease.opened_at).cast_unsigned()).cast_signed();
        sound(lease.close(closer, lease.opened_at + before), Lease::invariant)?;
        sound(lease.close(closer, i64::MAX), Lease::invariant)?;
    }

    /// Each way out of an escrow.
    #[test]
    fn nothing_traps_an_escrow(seed: u64) {
        let dice = &mut Dice::new(seed);
        let (job, lease) = job(dice);
        let amount = if dice.one_in(2) { Payment::new(dice.amount(64)) } else { lease.cap };
        exit(lease.settle(&job, amount, Units::new(dice.amount(64))), |out| {
            adds_up(out.settlement.gross, out.settlement.fee, out.settlement.net);
            out.job.invariant().and(out.lease.invariant())
        })?;
        let late = lease.settle_until.max(job.closing_at + (1 << 40));
        for now in [time(dice), lease.settle_until, late] {
            exit(lease.release(&job, now), |out| out.job.invariant().and(out.lease.invariant()))?;
        }
        let released = lease.release(&job, late).map_err(|error| TestCaseError::fail(error.name()))?;
        let (provider, _, lease) = backed(dice, &released.lease);
        for now in [time(dice), lease.dispute_until - 1, lease.dispute_until] {
            let out = lease.end(&provider, now);
            prop_assert_eq!(out.is_ok(), now >= lease.dispute_until);
            exit(out, |out| out.invariant())?;
        }
    }
}

/// Nothing is lost between a payment and its two parts.
fn adds_up(gross: Payment, fee: Payment, net: Payment) {
    assert_eq!(fee.checked_add(net), Ok(gross));
}
