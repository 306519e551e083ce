//! An epoch's inputs, read from an index: what the chain said up to a slot, and what providers had
//! reported and audits had decided until that slot's time. All of it stays, so the same slot gives the same inputs later.

use std::collections::{BTreeMap, HashMap};

use mira_chain::pda;
use mira_core::Key;
use mira_core::amount::Payment;
use mira_core::epoch::Epoch;
use mira_store::model::{LeaseRow, NetworkRow, Projection, RewardsRow, UsageReport};
use mira_store::{Error as StoreError, Store};

use super::bundle::Bundle;
use super::fold::{FoldError, Header, Inputs, LeaseInput, ProviderInput, fold};
use super::quality::Rate;
use super::verify::{Difference, VerifyError, alone};
use crate::reconcile::{self, Audit, Books, audits_until};
use crate::replay::{Replay, ReplayError, Target};
use crate::shell::STREAM;

/// Leases whose reports are read at once, and reports of one lease read at once.
const PAGE: usize = 1_000;
/// How far back audits count for a provider's quality, seconds: thirty days. One epoch has too few of a good
/// provider's for a rate that means something, and what is older says little about now.
const AUDITS_SECS: i64 = 30 * 24 * 3_600;

/// Why an index cannot say what an epoch is folded from.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ledger does not fold.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// Nothing, or not so far.
    #[error("slot {slot} is not indexed; the index ends at {}", .cursor.map_or("nothing".to_owned(), |slot| slot.to_string()))]
    NotIndexed {
        /// The slot asked for.
        slot: u64,
        /// The last one there is.
        cursor: Option<u64>,
    },
    /// No block until then says when it was made.
    #[error(
        "no slot up to {0} has a block with a time: index the cluster from a slot that has one, or restore a backup from before these slots were compacted"
    )]
    NoTime(u64),
    /// The network is younger.
    #[error("there is no network at slot {0}: give a later one with --slot")]
    NoNetwork(u64),
}

/// Why an epoch cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The index.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Amounts that no network can have.
    #[error(transparent)]
    Fold(#[from] FoldError),
    /// The bundle before cannot be read.
    #[error("the previous bundle: {0}")]
    Verify(#[from] VerifyError),
    /// The bundle before is wrong.
    #[error("the previous bundle does not verify: {0}")]
    Wrong(Difference),
    /// There is none before, and one was given.
    #[error("no epoch is final yet: leave --previous out")]
    First,
    /// There is one before, and it was not given.
    #[error("the last final epoch is {index}: give its bundle, whose report hash is {}, with --previous", hex::encode(.report_hash))]
    Previous {
        /// Its number.
        index: u64,
        /// Which one it is.
        report_hash: mira_core::Hash,
    },
}

/// Builds the epoch that follows the last final one, as of a slot; as of the last one indexed if none is
/// named. May run beside an indexer.
///
/// # Errors
/// [`BuildError`]; in particular `previous` must be the last final epoch's bundle, and absent before the
/// first.
pub async fn build(store: &dyn Store, slot: Option<u64>, previous: Option<&Bundle>) -> Result<Bundle, BuildError> {
    if let Some(previous) = previous
        && let Some(difference) = alone(previous)?.into_iter().next()
    {
        return Err(BuildError::Wrong(difference));
    }
    let inputs = read(store, slot, previous.map(Bundle::carried).unwrap_or_default()).await?;
    let last = inputs.header.previous;
    if previous.map(Bundle::epoch).unwrap_or_default() != last {
        return Err(match last.index {
            0 => BuildError::First,
            index => BuildError::Previous { index, report_hash: last.report_hash },
        });
    }
    Ok(Bundle::from(&fold(&inputs)?))
}

/// Reads what an epoch is folded from, as of the newest block at or before a slot. `carried`: what epochs
/// have counted so far.
///
/// # Errors
/// [`ReadError`].
pub async fn read(
    store: &dyn Store,
    slot: Option<u64>,
    carried: BTreeMap<Key, ProviderInput>,
) -> Result<Inputs, ReadError> {
    let cursor = store.cursor(STREAM).await?.and_then(|cursor| cursor.slot);
    let wanted = slot.or(cursor).unwrap_or(0);
    if cursor.is_none_or(|cursor| cursor < wanted) {
        return Err(ReadError::NotIndexed { slot: wanted, cursor });
    }
    let (slot, time) = dated(store, wanted).await?;
    let mut replay = Replay::new(store, Target::Memory);
    replay.advance(slot).await?;
    let (mut network, mut rewards, mut leases) = (None, None, Vec::new());
    for row in replay.rows() {
        match row {
            Projection::Network(row) => network = Some(row),
            Projection::Rewards(row) => rewards = Some(row),
            Projection::Lease(row) if !row.settled.is_zero() => leases.push(row),
            _ => {}
        }
    }
    let network = network.ok_or(ReadError::NoNetwork(slot))?;
    let leases = lease_inputs(store, &leases, time).await?;
    let providers = observe(store, carried, time).await?;
    Ok(Inputs { header: header(network, rewards, slot, time), leases, providers })
}

/// Adds what audits of the time before say of each provider.
async fn observe(
    store: &dyn Store,
    mut providers: BTreeMap<Key, ProviderInput>,
    time: i64,
) -> Result<BTreeMap<Key, ProviderInput>, ReadError> {
    let until_ms = end_ms(time);
    let from_ms = until_ms.saturating_sub(AUDITS_SECS.saturating_mul(1_000));
    for count in store.audit_counts(from_ms, until_ms).await? {
        let rate = Rate { good: count.passed, of: count.passed.saturating_add(count.failed) };
        providers.entry(count.provider).or_default().observed.audits = Some(rate);
    }
    Ok(providers)
}

/// What is of a second, or before it, came before this, unix milliseconds.
fn end_ms(time: i64) -> i64 {
    time.saturating_add(1).saturating_mul(1_000)
}

/// The newest slot up to one that has a block with a time, and that time.
async fn dated(store: &dyn Store, wanted: u64) -> Result<(u64, i64), ReadError> {
    let mut at = Some(wanted);
    while let Some(slot) = at {
        match store.chain_slot(slot).await? {
            Some(found) if found.block_time.is_some() => return Ok((slot, found.block_time.unwrap_or(0))),
            Some(_) => at = slot.checked_sub(1),
            None => break,
        }
    }
    Err(ReadError::NoTime(wanted))
}

fn header(network: &NetworkRow, rewards: Option<&RewardsRow>, slot: u64, time: i64) -> Header {
    let previous = rewards.map_or_else(Epoch::default, |row| Epoch {
        index: row.epoch,
        root: row.root,
        cumulative_fees: row.cumulative_fees,
        cumulative_total: row.cumulative_total,
        report_hash: row.report_hash,
    });
    Header {
        program: pda::PROGRAM_ID.to_bytes(),
        network: network.config,
        cluster: network.cluster_id,
        slot,
        time,
        share: network.params.reward.share_bps,
        swept: rewards.map_or(Payment::ZERO, |row| row.swept),
        previous,
    }
}

async fn lease_inputs(
    store: &dyn Store,
    leases: &[&LeaseRow],
    time: i64,
) -> Result<BTreeMap<Key, LeaseInput>, ReadError> {
    let until_ms = end_ms(time);
    let mut inputs = BTreeMap::new();
    for leases in leases.chunks(PAGE) {
        let keys: Vec<Key> = leases.iter().map(|row| row.lease).collect();
        let newest = store.newest_usage(&keys).await?;
        let mut reports: HashMap<Key, UsageReport> = HashMap::new();
        for report in newest {
            let report =
                if report.received_ms < until_ms { Some(report) } else { earlier(store, report, until_ms).await? };
            reports.extend(report.map(|report| (report.lease, report)));
        }
        let audits = audits_until(store, &keys, until_ms).await?;
        let input = |row: &LeaseRow| {
            let audit = audits.get(&row.lease).copied().unwrap_or_default();
            lease_input(row, reports.get(&row.lease), audit)
        };
        inputs.extend(leases.iter().map(|row| (row.lease, input(row))));
    }
    Ok(inputs)
}

/// The newest of a lease's reports that came before a time.
async fn earlier(store: &dyn Store, newest: UsageReport, until_ms: i64) -> Result<Option<UsageReport>, StoreError> {
    let (mut found, mut after) = (None, 0);
    while after < newest.seq {
        let page = store.usage(&newest.lease, after, u32::try_from(PAGE).unwrap_or(u32::MAX)).await?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        found = page.into_iter().rfind(|report| report.received_ms < until_ms).or(found);
    }
    Ok(found)
}

/// What counts of a lease. Vouchers are left out: one that was settled was signed, and one that was not
/// adds nothing to what all three books agree on.
fn lease_input(row: &LeaseRow, report: Option<&UsageReport>, audit: Audit) -> LeaseInput {
    let reconciled = reconcile::lease(&Books { audit, ..Books::of(row, report, None) });
    LeaseInput {
        provider: row.provider,
        settled: row.settled,
        fee_paid: row.fee_paid,
        matched: reconciled.matched,
        eligible: reconciled.eligible.amount,
    }
}

#[cfg(test)]
mod tests;
