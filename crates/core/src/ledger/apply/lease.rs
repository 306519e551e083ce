//! Leases.

use super::count;
use crate::Key;
use crate::amount::{Payment, Units};
use crate::error::{Error, Result};
use crate::fee_shard::shard_of;
use crate::lease::{Closer, Lease, LeaseTerms};
use crate::ledger::{LeaseEntry, Ledger};

pub(super) fn open_lease(
    ledger: &mut Ledger,
    lease: Key,
    (job_key, provider_key): (Key, Key),
    (operator, matcher): (Key, Key),
    terms: &LeaseTerms,
) -> Result<()> {
    let job = ledger.jobs.get_mut(&job_key).ok_or(Error::WrongAccount)?;
    let provider = ledger.providers.get_mut(&provider_key).ok_or(Error::WrongAccount)?;
    if ledger.leases.contains_key(&lease) {
        return Err(Error::WrongAccount);
    }
    if provider.operator != operator {
        return Err(Error::WrongSigner);
    }
    ledger.network.require_running()?;
    job.books.require_matcher(&matcher)?;
    let out = Lease::open(&job.books, &provider.books, terms, ledger.now, &ledger.network.params)?;
    // The nonce promises that this never happens.
    if ledger.retired.contains(&lease) {
        return Err(Error::InvariantBroken);
    }
    let entry = LeaseEntry {
        job: job_key,
        provider: provider_key,
        nonce: job.books.leases_total,
        requester: job.books.requester,
        voucher_signer: job.books.voucher_signer,
        operator,
        books: out.lease,
    };
    job.books = out.job;
    provider.books = out.provider;
    ledger.leases.insert(lease, entry);
    Ok(())
}

pub(super) fn settle(
    ledger: &mut Ledger,
    lease: Key,
    signer: Key,
    cumulative_amount: Payment,
    cumulative_units: Units,
) -> Result<()> {
    let entry = ledger.leases.get(&lease).ok_or(Error::WrongAccount)?;
    if entry.voucher_signer != signer {
        return Err(Error::VoucherWrongKey);
    }
    pay(ledger, lease, cumulative_amount, cumulative_units)
}

pub(super) fn settle_direct(
    ledger: &mut Ledger,
    lease: Key,
    actor: Key,
    cumulative_amount: Payment,
    cumulative_units: Units,
) -> Result<()> {
    let entry = ledger.leases.get(&lease).ok_or(Error::WrongAccount)?;
    if entry.requester != actor {
        return Err(Error::WrongSigner);
    }
    pay(ledger, lease, cumulative_amount, cumulative_units)
}

fn pay(ledger: &mut Ledger, lease: Key, cumulative_amount: Payment, cumulative_units: Units) -> Result<()> {
    let entry = ledger.leases.get_mut(&lease).ok_or(Error::WrongAccount)?;
    if entry.books.released {
        return Err(Error::LeaseAlreadyReleased);
    }
    let job = ledger.jobs.get_mut(&entry.job).ok_or(Error::WrongAccount)?;
    let shard = ledger.shards.get_mut(&shard_of(&lease)).ok_or(Error::WrongAccount)?;
    let out = entry.books.settle(&job.books, cumulative_amount, cumulative_units)?;
    entry.books = out.lease;
    job.books = out.job;
    job.vault = job.vault.checked_sub(out.settlement.gross)?;
    shard.books = shard.books.collect(out.settlement.fee)?;
    shard.vault = shard.vault.checked_add(out.settlement.fee)?;
    count(&mut ledger.flows.fees, out.settlement.fee.get())?;
    count(&mut ledger.flows.payment_out, out.settlement.net.get())
}

pub(super) fn close_lease(ledger: &mut Ledger, lease: Key, actor: Key) -> Result<()> {
    let entry = ledger.leases.get_mut(&lease).ok_or(Error::WrongAccount)?;
    let provider = ledger.providers.get(&entry.provider).ok_or(Error::WrongAccount)?;
    // The present operator, not the one of the opening: a key that was replaced ends nothing any more.
    let by = if actor == provider.operator || actor == provider.owner {
        Closer::Provider
    } else if actor == entry.requester {
        Closer::Requester
    } else {
        return Err(Error::WrongSigner);
    };
    entry.books = entry.books.close(by, ledger.now)?;
    Ok(())
}

pub(super) fn release_lease(ledger: &mut Ledger, lease: Key) -> Result<()> {
    let entry = ledger.leases.get_mut(&lease).ok_or(Error::WrongAccount)?;
    if entry.books.released {
        return Err(Error::LeaseAlreadyReleased);
    }
    let job = ledger.jobs.get_mut(&entry.job).ok_or(Error::WrongAccount)?;
    let out = entry.books.release(&job.books, ledger.now)?;
    entry.books = out.lease;
    job.books = out.job;
    Ok(())
}

pub(super) fn end_lease(ledger: &mut Ledger, lease: Key) -> Result<()> {
    let entry = ledger.leases.get(&lease).ok_or(Error::WrongAccount)?;
    let provider = ledger.providers.get_mut(&entry.provider).ok_or(Error::WrongAccount)?;
    provider.books = entry.books.end(&provider.books, ledger.now)?;
    ledger.leases.remove(&lease);
    ledger.retired.insert(lease);
    Ok(())
}
