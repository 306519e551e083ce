//! Each rule of a job's life, at its edge.

use super::*;
use crate::testing::{job_terms, local_params};

const NOW: i64 = 1_000_000;

fn open_job(funds: u64) -> Job {
    let job = Job::create(&job_terms(NOW), NOW, &local_params()).unwrap();
    job.fund(Payment::new(funds)).unwrap()
}

fn create_with(change: impl FnOnce(&mut JobTerms)) -> Result<Job> {
    let mut terms = job_terms(NOW);
    change(&mut terms);
    Job::create(&terms, NOW, &local_params())
}

#[test]
fn ids_bind_the_time() {
    let made = |secs: i64| create_with(|terms| terms.job_id = job_id(NOW + secs, 9).unwrap());
    assert!(made(0).is_ok());
    assert!(made(-5).is_ok());
    assert_eq!(made(-6), Err(Error::JobIdOutOfWindow));
    assert_eq!(made(1), Err(Error::JobIdOutOfWindow));
    assert_eq!(job_id(-1, 0), Err(Error::JobIdOutOfWindow));
    assert_eq!(job_id(1 << 40, 0), Err(Error::JobIdOutOfWindow));
    assert_eq!(job_id(1, u32::MAX), Ok((2 << 24) - 1));
}

#[test]
fn terms_are_checked() {
    let far = NOW + i64::from(local_params().max_job_secs);
    assert_eq!(create_with(|t| t.spec_hash = [0; 32]), Err(Error::InvalidSpec));
    assert_eq!(create_with(|t| t.voucher_signer = [0; 32]), Err(Error::InvalidSpec));
    assert_eq!(create_with(|t| t.max_unit_price = UnitPrice::ZERO), Err(Error::PriceZero));
    assert_eq!(create_with(|t| t.max_share = Bps::ZERO), Err(Error::ShareOutOfRange));
    assert_eq!(create_with(|t| t.max_leases = 0), Err(Error::LeaseLimitReached));
    assert_eq!(create_with(|t| t.deadline = NOW), Err(Error::DeadlineInPast));
    assert_eq!(create_with(|t| t.deadline = far + 1), Err(Error::DeadlineTooFar));
    assert!(create_with(|t| t.deadline = far).is_ok());
}

#[test]
fn funds_only_while_open() {
    let job = open_job(10);
    assert_eq!(job.fund(Payment::ZERO), Err(Error::AmountZero));
    assert_eq!(job.fund(Payment::MAX), Err(Error::MathOverflow));
    let closing = job.begin_close(NOW + 1).unwrap();
    assert_eq!(closing.fund(Payment::new(1)), Err(Error::JobNotOpen));
    assert_eq!(closing.begin_close(NOW + 2), Err(Error::JobAlreadyClosing));
    assert_eq!(closing.reserve(Payment::new(1)), Err(Error::JobNotOpen));
    assert_eq!(closing.invariant(), Ok(()));
}

#[test]
fn a_cap_stays_within_share_and_escrow() {
    let job = open_job(1_000);
    assert_eq!(job.reserve(Payment::ZERO), Err(Error::CapZero));
    assert_eq!(job.reserve(Payment::new(601)), Err(Error::CapAboveShare));
    let job = job.reserve(Payment::new(600)).unwrap();
    assert_eq!(job.reserve(Payment::new(401)), Err(Error::EscrowInsufficient));
    let job = job.reserve(Payment::new(400)).unwrap();
    assert_eq!(job.reserve(Payment::new(1)), Err(Error::LeaseLimitReached));
    assert_eq!((job.open_leases, job.leases_total), (2, 2));
    let job = job.pay(Payment::new(100)).unwrap().release(Payment::new(500)).unwrap();
    assert_eq!(job.free_escrow(), Ok(Payment::new(500)));
    assert_eq!(job.invariant(), Ok(()));
}

#[test]
fn closing_returns_the_rest_when_due() {
    let params = local_params();
    let job = open_job(1_000);
    let due = job.deadline + i64::from(params.grace_secs);
    assert_eq!(job.close(NOW + 9), Err(Error::JobTooYoung));
    assert_eq!(job.close(due - 1), Err(Error::JobNotDue));
    assert_eq!(job.close(due).unwrap().amount, Payment::new(1_000));
    let closing = job.begin_close(NOW).unwrap();
    assert_eq!(closing.close(NOW + 9), Err(Error::JobTooYoung));
    assert_eq!(closing.close(NOW + 10).unwrap().amount, Payment::new(1_000));
    let leased = job.reserve(Payment::new(1)).unwrap().begin_close(NOW).unwrap();
    assert_eq!(leased.close(NOW + 10), Err(Error::JobHasLeases));
    let closed = closing.close(NOW + 10).unwrap().job;
    assert_eq!(closed.escrow(), Ok(Payment::ZERO));
}

#[test]
fn an_extension_moves_the_deadline_and_nothing_else() {
    let params = local_params();
    let job = open_job(1_000);
    let far = NOW + i64::from(params.max_job_secs);
    assert_eq!(job.extend(job.deadline, NOW, &params), Err(Error::DeadlineNotLater));
    assert_eq!(job.extend(far + 1, NOW, &params), Err(Error::DeadlineTooFar));
    let late = job.deadline + 5;
    assert_eq!(job.extend(late, late, &params), Err(Error::DeadlineInPast));
    let extended = job.extend(far, NOW, &params).unwrap();
    assert_eq!(extended, Job { deadline: far, due_at: far + i64::from(params.grace_secs), ..job });
    assert_eq!(job.begin_close(NOW).unwrap().extend(far, NOW, &params), Err(Error::JobNotOpen));
}

#[test]
fn other_parameters_do_not_touch_a_job_that_exists() {
    let job = open_job(1_000);
    let longer = Params { grace_secs: 500, job_id_window_secs: 300, ..local_params() };
    let extended = job.extend(job.deadline + 1, NOW, &longer).unwrap();
    assert_eq!((extended.young_until, extended.due_at), (job.young_until, job.deadline + 501));
    assert_eq!(job.due_at, job.deadline + i64::from(local_params().grace_secs));
}

#[test]
fn other_keys_hold_for_the_leases_to_come() {
    let job = open_job(1);
    let updated = job.update([8; 32], None).unwrap();
    assert_eq!((updated.voucher_signer, updated.dispatcher), ([8; 32], None));
    assert_eq!(updated.update([8; 32], None), Err(Error::NothingChanges));
    assert_eq!(job.update([0; 32], None), Err(Error::InvalidSpec));
    assert_eq!(job.begin_close(NOW).unwrap().update([8; 32], None), Err(Error::JobNotOpen));
}

#[test]
fn only_requester_and_dispatcher_match() {
    let job = open_job(1);
    assert_eq!(job.require_matcher(&job.requester), Ok(()));
    assert_eq!(job.require_matcher(&job.dispatcher.unwrap()), Ok(()));
    assert_eq!(job.require_matcher(&job.voucher_signer), Err(Error::WrongSigner));
    let alone = Job { dispatcher: None, ..job };
    assert_eq!(alone.require_matcher(&job.dispatcher.unwrap()), Err(Error::WrongSigner));
}

#[test]
fn the_invariant_sees_broken_books() {
    let job = open_job(10);
    let broken = [
        Job { paid: Payment::new(11), ..job },
        Job { committed: Payment::new(1), ..job },
        Job { open_leases: 1, ..job },
        Job { open_leases: 3, leases_total: 3, ..job },
        Job { closing_at: 1, ..job },
        Job { status: JobStatus::Closing, ..job },
        Job { deadline: job.created_at, ..job },
        Job { due_at: job.deadline, ..job },
        Job { young_until: job.created_at, ..job },
    ];
    for books in broken {
        assert_eq!(books.invariant(), Err(Error::InvariantBroken));
    }
    for status in [JobStatus::Open, JobStatus::Closing] {
        assert_eq!(JobStatus::try_from(status.as_u8()), Ok(status));
    }
    assert_eq!(JobStatus::try_from(2), Err(Error::InvariantBroken));
    assert_eq!(Job { open_leases: 0, ..job }.release(Payment::ZERO), Err(Error::InvariantBroken));
}
