//! Requesters and their jobs.

use super::Script;
use crate::Key;
use crate::amount::{Bps, Payment, Stake, UnitPrice};
use crate::job::{JobStatus, JobTerms, job_id};
use crate::ledger::tests::cast::{
    self, REQUESTERS, amount, dispatcher, mostly, paid_in, pick, pick_where, requester, signer,
};
use crate::ledger::{Action, JobEntry, Ledger};
use crate::testing::{Dice, job_terms};

/// The job's requester most of the time.
fn asker(ledger: &Ledger, job: &Key, dice: &mut Dice) -> Key {
    let right = ledger.jobs.get(job).map_or(requester(0), |entry| entry.books.requester);
    mostly(dice, right)
}

fn open(entry: &JobEntry) -> bool {
    entry.books.status == JobStatus::Open
}

pub fn create_job(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let params = &ledger.network.params;
    let index = dice.below(REQUESTERS);
    // Few ids, so that one which was used before comes often, to try whether an address can return.
    let age = dice.below(u64::from(params.job_id_window_secs) + 2).cast_signed();
    let id = match dice.below(16) {
        0 => dice.any(),
        1 => job_id(ledger.now + 1, 0).unwrap(),
        _ => job_id(ledger.now - age, u32::try_from(dice.below(3)).unwrap()).unwrap(),
    };
    let deadline = match dice.below(12) {
        0 => dice.of(&[i64::MAX, i64::MIN, ledger.now, ledger.now + i64::from(params.max_job_secs) + 1]),
        1 => ledger.now + 1 + dice.amount(6).cast_signed(),
        _ => ledger.now + i64::from(params.max_job_secs) - dice.below((params.max_job_secs / 2).into()).cast_signed(),
    };
    let terms = JobTerms {
        requester: requester(index),
        job_id: id,
        voucher_signer: dice.of(&[requester(index), signer(index), signer(index)]),
        dispatcher: dice.of(&[None, Some(dispatcher())]),
        max_unit_price: UnitPrice::new(if dice.one_in(20) { 0 } else { 1 + dice.amount(8) }),
        min_provider_stake: Stake::new(if dice.one_in(9) { dice.amount(64) } else { 0 }),
        max_share: Bps::new(dice.of(&[0, 1, 2_500, 6_000, 9_999, 9_999, 10_000, 10_000])).unwrap(),
        max_leases: dice.of(&[0, 1, 2, 2, 3, 3, 4, 4, 4, 4, 4]),
        deadline,
        ..job_terms(ledger.now)
    };
    Action::CreateJob { job: cast::job(&terms.requester, id), terms }
}

/// A job that takes leases, and its funds.
pub fn sensible(ledger: &Ledger, index: u64, dice: &mut Dice) -> [Action; 2] {
    let terms = JobTerms {
        requester: requester(index),
        job_id: job_id(ledger.now, 9).unwrap(),
        voucher_signer: signer(index),
        dispatcher: Some(dispatcher()),
        min_provider_stake: Stake::new(1),
        max_share: Bps::new(5_000).unwrap(),
        max_leases: 5,
        deadline: ledger.now + i64::from(ledger.network.params.max_job_secs),
        ..job_terms(ledger.now)
    };
    let job = cast::job(&terms.requester, terms.job_id);
    [Action::CreateJob { job, terms }, Action::FundJob { job, amount: Payment::new((1 << 20) + dice.amount(22)) }]
}

pub fn fund_job(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let job = pick_where(&ledger.jobs, dice, open);
    Action::FundJob { job, amount: Payment::new(amount(dice, 20, paid_in(ledger))) }
}

pub fn extend_job(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let job = pick_where(&ledger.jobs, dice, open);
    let far = ledger.now + i64::from(ledger.network.params.max_job_secs);
    let now = ledger.jobs.get(&job).map_or(ledger.now, |entry| entry.books.deadline);
    let deadline = match dice.below(4) {
        0 => dice.of(&[i64::MAX, i64::MIN, now, now - 1, far, far + 1]),
        _ => now.max(ledger.now) + 1 + dice.below((far - now.max(ledger.now)).max(1).cast_unsigned()).cast_signed(),
    };
    Action::ExtendJob { job, actor: asker(ledger, &job, dice), deadline }
}

pub fn update_job(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let job = pick_where(&ledger.jobs, dice, open);
    let voucher_signer = match dice.below(10) {
        0 => [0; 32],
        _ => dice.of(&[signer(0), signer(1), requester(0)]),
    };
    let dispatcher = dice.of(&[None, Some(dispatcher()), Some(requester(1))]);
    Action::UpdateJob { job, actor: asker(ledger, &job, dice), voucher_signer, dispatcher }
}

pub fn begin_close_job(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let job = pick(&ledger.jobs, dice);
    Action::BeginCloseJob { job, actor: asker(ledger, &job, dice) }
}

pub fn close_job(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let due = |entry: &JobEntry| entry.books.open_leases == 0 && entry.books.close(ledger.now).is_ok();
    Action::CloseJob { job: pick_where(&ledger.jobs, dice, due) }
}
