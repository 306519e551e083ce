//! One action after the other: who may, then the books, then the vaults, as the program does it.

use super::{Action, JobEntry, LeaseEntry, Ledger, ProviderEntry, ShardEntry, Vault};
use crate::Key;
use crate::amount::{Payment, Shares, Stake, Units};
use crate::error::{Error, Result};
use crate::fee_shard::{FEE_SHARDS, shard_of};
use crate::job::{Job, JobTerms, after};
use crate::lease::{Closer, Lease, LeaseTerms};
use crate::position::Position;
use crate::provider::Provider;

/// Applies `action`; after an error the ledger is to be thrown away.
pub(super) fn apply(ledger: &mut Ledger, action: &Action) -> Result<()> {
    match *action {
        Action::Advance { secs } => {
            ledger.now = after(ledger.now, secs)?;
            Ok(())
        }
        Action::Donate { vault, amount } => donate(ledger, vault, amount),
        Action::InitFeeShard { shard } => init_fee_shard(ledger, shard),
        Action::RegisterProvider { provider, owner, operator } => register_provider(ledger, provider, owner, operator),
        Action::Stake { provider, staker, amount } => stake(ledger, provider, staker, amount),
        Action::RequestUnstake { provider, staker, shares } => request_unstake(ledger, provider, staker, shares),
        Action::WithdrawStake { provider, staker, ticket } => withdraw_stake(ledger, provider, staker, ticket),
        Action::CreateJob { job, ref terms } => create_job(ledger, job, terms),
        Action::FundJob { job, amount } => fund_job(ledger, job, amount),
        Action::OpenLease { lease, job, provider, operator, matcher, ref terms } => {
            open_lease(ledger, lease, (job, provider), (operator, matcher), terms)
        }
        Action::Settle { lease, signer, cumulative_amount, cumulative_units } => {
            settle(ledger, lease, signer, cumulative_amount, cumulative_units)
        }
        Action::CloseLease { lease, actor } => close_lease(ledger, lease, actor),
        Action::ReleaseLease { lease } => release_lease(ledger, lease),
        Action::EndLease { lease } => end_lease(ledger, lease),
        Action::BeginCloseJob { job, actor } => begin_close_job(ledger, job, actor),
        Action::CloseJob { job } => close_job(ledger, job),
        Action::SweepFees { shard } => sweep_fees(ledger, shard),
    }
}

fn donate(ledger: &mut Ledger, vault: Vault, amount: u64) -> Result<()> {
    let payment = Payment::new(amount);
    let (held, foreign) = match vault {
        Vault::Stake => {
            ledger.stake_vault = ledger.stake_vault.checked_add(Stake::new(amount))?;
            ledger.stake_foreign = ledger.stake_foreign.checked_add(Stake::new(amount))?;
            return count(&mut ledger.flows.stake_in, amount);
        }
        Vault::Job(job) => {
            let job = ledger.jobs.get_mut(&job).ok_or(Error::WrongAccount)?;
            (&mut job.vault, &mut job.foreign)
        }
        Vault::Shard(shard) => {
            let shard = ledger.shards.get_mut(&shard).ok_or(Error::WrongAccount)?;
            (&mut shard.vault, &mut shard.foreign)
        }
        Vault::Rewards => (&mut ledger.rewards.vault, &mut ledger.rewards.foreign),
    };
    *held = held.checked_add(payment)?;
    *foreign = foreign.checked_add(payment)?;
    count(&mut ledger.flows.payment_in, amount)
}

fn init_fee_shard(ledger: &mut Ledger, shard: u8) -> Result<()> {
    if shard >= FEE_SHARDS || ledger.shards.contains_key(&shard) {
        return Err(Error::WrongAccount);
    }
    ledger.shards.insert(shard, ShardEntry::default());
    Ok(())
}

fn register_provider(ledger: &mut Ledger, provider: Key, owner: Key, operator: Key) -> Result<()> {
    if ledger.providers.contains_key(&provider) {
        return Err(Error::WrongAccount);
    }
    ledger.providers.insert(provider, ProviderEntry { owner, operator, books: Provider::default() });
    Ok(())
}

fn stake(ledger: &mut Ledger, provider: Key, staker: Key, amount: Stake) -> Result<()> {
    let entry = ledger.providers.get_mut(&provider).ok_or(Error::WrongAccount)?;
    let position = ledger.positions.entry((provider, staker)).or_default();
    let out = entry.books.stake(position, amount, staker == entry.owner)?;
    entry.books = out.provider;
    *position = out.position;
    ledger.stake_vault = ledger.stake_vault.checked_add(amount)?;
    count(&mut ledger.flows.stake_in, amount.get())
}

fn request_unstake(ledger: &mut Ledger, provider: Key, staker: Key, shares: Shares) -> Result<()> {
    let entry = ledger.providers.get_mut(&provider).ok_or(Error::WrongAccount)?;
    let position = position_mut(&mut ledger.positions, provider, staker)?;
    let by_owner = staker == entry.owner;
    let out = entry.books.request_unstake(position, shares, by_owner, ledger.now, &ledger.params)?;
    entry.books = out.provider;
    *position = out.position;
    Ok(())
}

fn withdraw_stake(ledger: &mut Ledger, provider: Key, staker: Key, ticket: u8) -> Result<()> {
    let entry = ledger.providers.get_mut(&provider).ok_or(Error::WrongAccount)?;
    let position = position_mut(&mut ledger.positions, provider, staker)?;
    let out = entry.books.withdraw_stake(position, ticket, ledger.now)?;
    entry.books = out.provider;
    *position = out.position;
    if position.is_empty() {
        ledger.positions.remove(&(provider, staker));
    }
    ledger.stake_vault = ledger.stake_vault.checked_sub(out.amount)?;
    count(&mut ledger.flows.stake_out, out.amount.get())
}

fn create_job(ledger: &mut Ledger, job: Key, terms: &JobTerms) -> Result<()> {
    if ledger.jobs.contains_key(&job) {
        return Err(Error::WrongAccount);
    }
    let books = Job::create(terms, ledger.now, &ledger.params)?;
    // The rules of the job id promise that this never happens.
    if ledger.retired.contains(&job) {
        return Err(Error::InvariantBroken);
    }
    ledger.jobs.insert(job, JobEntry { books, vault: Payment::ZERO, foreign: Payment::ZERO });
    Ok(())
}

fn fund_job(ledger: &mut Ledger, job: Key, amount: Payment) -> Result<()> {
    let entry = ledger.jobs.get_mut(&job).ok_or(Error::WrongAccount)?;
    entry.books = entry.books.fund(amount)?;
    entry.vault = entry.vault.checked_add(amount)?;
    count(&mut ledger.flows.payment_in, amount.get())
}

fn open_lease(
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
    job.books.require_matcher(&matcher)?;
    let out = Lease::open(&job.books, &provider.books, terms, ledger.now, &ledger.params)?;
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

fn settle(
    ledger: &mut Ledger,
    lease: Key,
    signer: Key,
    cumulative_amount: Payment,
    cumulative_units: Units,
) -> Result<()> {
    let entry = ledger.leases.get_mut(&lease).ok_or(Error::WrongAccount)?;
    if entry.voucher_signer != signer {
        return Err(Error::VoucherWrongKey);
    }
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

fn close_lease(ledger: &mut Ledger, lease: Key, actor: Key) -> Result<()> {
    let entry = ledger.leases.get_mut(&lease).ok_or(Error::WrongAccount)?;
    let owner = ledger.providers.get(&entry.provider).ok_or(Error::WrongAccount)?.owner;
    let by = if actor == entry.operator || actor == owner {
        Closer::Provider
    } else if actor == entry.requester {
        Closer::Requester
    } else {
        return Err(Error::WrongSigner);
    };
    entry.books = entry.books.close(by, ledger.now)?;
    Ok(())
}

fn release_lease(ledger: &mut Ledger, lease: Key) -> Result<()> {
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

fn end_lease(ledger: &mut Ledger, lease: Key) -> Result<()> {
    let entry = ledger.leases.get(&lease).ok_or(Error::WrongAccount)?;
    let provider = ledger.providers.get_mut(&entry.provider).ok_or(Error::WrongAccount)?;
    provider.books = entry.books.end(&provider.books, ledger.now)?;
    ledger.leases.remove(&lease);
    ledger.retired.insert(lease);
    Ok(())
}

fn begin_close_job(ledger: &mut Ledger, job: Key, actor: Key) -> Result<()> {
    let entry = ledger.jobs.get_mut(&job).ok_or(Error::WrongAccount)?;
    if entry.books.requester != actor {
        return Err(Error::WrongSigner);
    }
    entry.books = entry.books.begin_close(ledger.now)?;
    Ok(())
}

fn close_job(ledger: &mut Ledger, job: Key) -> Result<()> {
    let entry = ledger.jobs.get(&job).ok_or(Error::WrongAccount)?;
    let refund = entry.books.close(ledger.now, &ledger.params)?;
    let paid = refund.amount.checked_add(entry.foreign)?;
    // What the vault holds goes along whatever the books say; they must agree.
    if paid != entry.vault {
        return Err(Error::InvariantBroken);
    }
    ledger.jobs.remove(&job);
    ledger.retired.insert(job);
    count(&mut ledger.flows.payment_out, paid.get())
}

fn sweep_fees(ledger: &mut Ledger, shard: u8) -> Result<()> {
    let entry = ledger.shards.get_mut(&shard).ok_or(Error::WrongAccount)?;
    let out = entry.books.sweep(&ledger.rewards.books)?;
    entry.books = out.shard;
    entry.vault = entry.vault.checked_sub(out.amount)?;
    ledger.rewards.books = out.rewards;
    ledger.rewards.vault = ledger.rewards.vault.checked_add(out.amount)?;
    Ok(())
}

type Positions = alloc::collections::BTreeMap<(Key, Key), Position>;

fn position_mut(positions: &mut Positions, provider: Key, staker: Key) -> Result<&mut Position> {
    positions.get_mut(&(provider, staker)).ok_or(Error::WrongAccount)
}

fn count(flow: &mut u128, amount: u64) -> Result<()> {
    *flow = flow.checked_add(u128::from(amount)).ok_or(Error::MathOverflow)?;
    Ok(())
}
