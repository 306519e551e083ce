//! Finalized rows as the engine's facts.

use mira_core::Key;
use mira_core::amount::{Payment, Stake};
use mira_core::stake_pool::Pool;
use mira_dispatch::input::{JobFacts, LeaseFacts, ProviderFacts};
use mira_store::model::{JobRow, JobState, LeaseRow, NetworkRow, ProviderRow, ProviderStatus};

use super::error::Error;

/// A provider, and whether the program would let it open a lease.
pub(super) fn provider(row: &ProviderRow, min_stake: Stake) -> Result<ProviderFacts, Error> {
    let pool =
        Pool { total_stake: row.total_stake, total_shares: row.total_shares, unbonding_shares: row.unbonding_shares };
    let broken = |error: mira_core::Error| Error::Internal(format!("a provider's pool is broken: {error}"));
    let own = pool.value_floor(row.own_shares).map_err(broken)?;
    Ok(ProviderFacts {
        provider: row.provider,
        owner: row.owner,
        operator: row.operator,
        active: row.status == ProviderStatus::Active && own >= min_stake,
        stake: pool.active_value().map_err(broken)?,
        exposure: row.exposure,
    })
}

/// What no lease of a job holds: `funded − paid − refunded − committed`.
pub(super) fn free_escrow(row: &JobRow) -> Result<Payment, Error> {
    let free = row.funded.checked_sub(row.paid).and_then(|left| left.checked_sub(row.refunded));
    let free = free.and_then(|left| left.checked_sub(row.committed));
    free.map_err(|error| Error::Internal(format!("a job's books are broken: {error}")))
}

/// A job and all its leases, on a network as it is now, for the dispatcher of this key.
pub(super) fn job(
    row: &JobRow,
    leases: &[LeaseRow],
    network: &NetworkRow,
    dispatcher: &Key,
) -> Result<JobFacts, Error> {
    Ok(JobFacts {
        job: row.job,
        funded: row.funded,
        free: free_escrow(row)?,
        open: row.status == JobState::Open,
        leasable: !network.paused && row.dispatcher.as_ref() == Some(dispatcher),
        deadline: row.deadline,
        stake_per_million: network.params.stake_per_million,
        max_lease_secs: network.params.max_lease_secs,
        open_leases: row.open_leases,
        leases: leases.iter().map(lease).collect(),
    })
}

fn lease(row: &LeaseRow) -> LeaseFacts {
    LeaseFacts {
        lease: row.lease,
        provider: row.provider,
        unit_price: row.unit_price,
        cap: row.cap,
        expires_at: row.expires_at,
        open: is_open(row),
    }
}

/// Whether work may run under a lease: not released, ended, or closed before its time.
fn is_open(row: &LeaseRow) -> bool {
    let uncut = row.expires_at.checked_add(i64::from(row.grace_secs));
    !row.released && !row.ended && uncut == Some(row.settle_until)
}

/// Whether a job and its leases were read at the same moment: the index may have moved in between.
pub(super) fn agree(row: &JobRow, leases: &[LeaseRow]) -> bool {
    let open = leases.iter().filter(|lease| !lease.released).count();
    usize::from(row.open_leases) == open && usize::try_from(row.leases_total).ok() == Some(leases.len())
}
