//! Jobs.

use super::count;
use crate::Key;
use crate::amount::Payment;
use crate::error::{Error, Result};
use crate::job::{Job, JobTerms};
use crate::ledger::{JobEntry, Ledger};

pub(super) fn create_job(ledger: &mut Ledger, job: Key, terms: &JobTerms) -> Result<()> {
    ledger.network.require_running()?;
    if ledger.jobs.contains_key(&job) {
        return Err(Error::WrongAccount);
    }
    let books = Job::create(terms, ledger.now, &ledger.network.params)?;
    // The rules of the job id promise that this never happens.
    if ledger.retired.contains(&job) {
        return Err(Error::InvariantBroken);
    }
    ledger.jobs.insert(job, JobEntry { books, vault: Payment::ZERO, foreign: Payment::ZERO });
    Ok(())
}

pub(super) fn fund_job(ledger: &mut Ledger, job: Key, amount: Payment) -> Result<()> {
    ledger.network.require_running()?;
    let entry = ledger.jobs.get_mut(&job).ok_or(Error::WrongAccount)?;
    entry.books = entry.books.fund(amount)?;
    entry.vault = entry.vault.checked_add(amount)?;
    count(&mut ledger.flows.payment_in, amount.get())
}

pub(super) fn extend_job(ledger: &mut Ledger, job: Key, actor: Key, deadline: i64) -> Result<()> {
    let entry = ledger.jobs.get_mut(&job).ok_or(Error::WrongAccount)?;
    require_requester(&entry.books, actor)?;
    ledger.network.require_running()?;
    entry.books = entry.books.extend(deadline, ledger.now, &ledger.network.params)?;
    Ok(())
}

pub(super) fn update_job(
    ledger: &mut Ledger,
    job: Key,
    actor: Key,
    voucher_signer: Key,
    dispatcher: Option<Key>,
) -> Result<()> {
    let entry = ledger.jobs.get_mut(&job).ok_or(Error::WrongAccount)?;
    require_requester(&entry.books, actor)?;
    entry.books = entry.books.update(voucher_signer, dispatcher)?;
    Ok(())
}

pub(super) fn begin_close_job(ledger: &mut Ledger, job: Key, actor: Key) -> Result<()> {
    let entry = ledger.jobs.get_mut(&job).ok_or(Error::WrongAccount)?;
    require_requester(&entry.books, actor)?;
    entry.books = entry.books.begin_close(ledger.now)?;
    Ok(())
}

pub(super) fn close_job(ledger: &mut Ledger, job: Key) -> Result<()> {
    let entry = ledger.jobs.get(&job).ok_or(Error::WrongAccount)?;
    let refund = entry.books.close(ledger.now)?;
    let paid = refund.amount.checked_add(entry.foreign)?;
    // What the vault holds goes along whatever the books say; they must agree.
    if paid != entry.vault {
        return Err(Error::InvariantBroken);
    }
    ledger.jobs.remove(&job);
    ledger.retired.insert(job);
    count(&mut ledger.flows.payment_out, paid.get())
}

fn require_requester(job: &Job, actor: Key) -> Result<()> {
    if job.requester == actor { Ok(()) } else { Err(Error::WrongSigner) }
}
