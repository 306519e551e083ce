//! Disputes.

use super::count;
use crate::dispute::{Dispute, DisputeKind};
use crate::error::{Error, Result};
use crate::ledger::{LeaseEntry, Ledger, ProviderEntry};
use crate::{Hash, Key};

pub(super) fn open_dispute(
    ledger: &mut Ledger,
    lease: Key,
    actor: Key,
    kind: DisputeKind,
    evidence: Hash,
) -> Result<()> {
    let entry = ledger.leases.get_mut(&lease).ok_or(Error::WrongAccount)?;
    if actor != entry.requester && actor != entry.voucher_signer {
        return Err(Error::WrongSigner);
    }
    let out = Dispute::open(&entry.books, actor, kind, evidence, ledger.now, &ledger.network.params)?;
    entry.books = out.lease;
    ledger.disputes.insert(lease, out.dispute);
    ledger.stake_vault = ledger.stake_vault.checked_add(out.dispute.bond)?;
    count(&mut ledger.flows.stake_in, out.dispute.bond.get())
}

pub(super) fn respond_dispute(ledger: &mut Ledger, lease: Key, actor: Key, answer: Option<Hash>) -> Result<()> {
    let (_, provider) = parties(ledger, lease)?;
    let dispute = ledger.disputes.get_mut(&lease).ok_or(Error::WrongAccount)?;
    if actor != provider.owner {
        return Err(Error::WrongSigner);
    }
    *dispute = dispute.respond(answer, ledger.network.verifier_set, ledger.now)?;
    Ok(())
}

pub(super) fn vote_dispute(ledger: &mut Ledger, lease: Key, actor: Key, uphold: bool) -> Result<()> {
    let (entry, provider) = parties(ledger, lease)?;
    let parties = [entry.requester, entry.voucher_signer, entry.operator, provider.operator, provider.owner];
    let dispute = ledger.disputes.get_mut(&lease).ok_or(Error::WrongAccount)?;
    *dispute = dispute.vote(&ledger.network, &actor, &parties, uphold, ledger.now)?;
    Ok(())
}

pub(super) fn resolve_dispute(ledger: &mut Ledger, lease: Key) -> Result<()> {
    let dispute = ledger.disputes.remove(&lease).ok_or(Error::WrongAccount)?;
    let entry = ledger.leases.get_mut(&lease).ok_or(Error::WrongAccount)?;
    let provider = ledger.providers.get_mut(&entry.provider).ok_or(Error::WrongAccount)?;
    let at = (entry.provider, provider.owner);
    let owner = ledger.positions.get(&at).cloned().unwrap_or_default();
    let out = dispute.resolve(&ledger.network, &entry.books, &provider.books, &owner, ledger.now)?;
    entry.books = out.lease;
    provider.books = out.provider;
    if let Some(slashed) = out.slashed
        && let Some(position) = ledger.positions.get_mut(&at)
    {
        *position = slashed.owner;
    }
    // The bond goes to the challenger or the owner, the compensation to the requester.
    let paid = dispute.bond.checked_add(out.compensation)?;
    ledger.stake_vault = ledger.stake_vault.checked_sub(paid)?.checked_sub(out.burned)?;
    count(&mut ledger.flows.stake_burned, out.burned.get())?;
    count(&mut ledger.flows.stake_out, paid.get())
}

/// The disputed lease and its provider.
fn parties(ledger: &Ledger, lease: Key) -> Result<(LeaseEntry, ProviderEntry)> {
    let entry = ledger.leases.get(&lease).ok_or(Error::WrongAccount)?;
    let provider = ledger.providers.get(&entry.provider).ok_or(Error::WrongAccount)?;
    Ok((entry.clone(), provider.clone()))
}
