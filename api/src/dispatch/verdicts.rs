//! What audits showed of providers, as the engine's inputs.
//!
//! A wrong result is told at once. One that held is told when its lease can settle no more, because it counts by the
//! fees that were paid for it. The engine knows each verdict by name, so that reading one again, after a restart or
//! because clocks of auditors differ, changes nothing.

use std::collections::BTreeMap;

use mira_core::Key;
use mira_core::amount::{Bps, Payment};
use mira_core::params::RewardParams;
use mira_dispatch::reputation::Audited;
use mira_store::Store;
use mira_store::model::{AuditFilter, AuditRow, AuditState, LeaseRow};

use super::error::Error;

/// Rows read at a time.
const PAGE: u32 = 500;

/// How often new verdicts are looked for. Milliseconds.
const PERIOD_MS: u64 = 60_000;

/// How far back of the newest one that was read, as auditors' clocks and transactions differ. Milliseconds.
const OVERLAP_MS: i64 = 600_000;

/// Verdicts that were read, and those of them that wait for their lease.
#[derive(Debug, Default)]
pub(super) struct Verdicts {
    /// Up to where all that was read was told.
    told: Reach,
    /// Up to where it was read.
    read: Reach,
    /// Results that held, by job and shard, until their leases are settled.
    waiting: BTreeMap<(Key, u32), AuditRow>,
}

/// How far the verdicts were read.
#[derive(Clone, Copy, Debug, Default)]
struct Reach {
    /// When they were looked for.
    at_ms: Option<u64>,
    /// The newest, by its auditor's clock.
    newest_ms: Option<i64>,
}

impl Verdicts {
    /// What is to be told now: new verdicts, and those that waited for one of these leases, which have changed.
    pub(super) async fn read(
        &mut self,
        store: &dyn Store,
        changed: &[LeaseRow],
        reward: &RewardParams,
        now_ms: u64,
    ) -> Result<Vec<Audited>, Error> {
        let mut told = Vec::new();
        for row in self.waiting.values() {
            let lease = changed.iter().find(|lease| lease.lease == row.lease);
            told.extend(lease.and_then(|lease| held(row, lease, reward.share_bps)));
        }
        self.read = self.told;
        if self.told.at_ms.is_some_and(|at_ms| now_ms.saturating_sub(at_ms) < PERIOD_MS) {
            return Ok(told);
        }
        let since_ms = self.told.newest_ms.map_or(0, |newest_ms| newest_ms.saturating_sub(OVERLAP_MS));
        for row in decided(store, since_ms).await? {
            self.read.newest_ms = self.read.newest_ms.max(row.decided_ms);
            told.extend(wrong(&row));
            if matches!(row.state, AuditState::Passed | AuditState::Cleared) {
                let lease = store.lease(&row.lease).await?;
                told.extend(lease.and_then(|lease| held(&row, &lease, reward.share_bps)));
                self.waiting.insert((row.job, row.shard), row);
            }
        }
        self.read.at_ms = Some(now_ms);
        Ok(told)
    }

    /// All that was read last was told: these.
    pub(super) fn fed(&mut self, told: &[Audited]) {
        self.told = self.read;
        for audited in told.iter().filter(|audited| audited.passed) {
            self.waiting.remove(&(audited.job, audited.shard));
        }
    }
}

/// All audits that were decided since then.
async fn decided(store: &dyn Store, since_ms: i64) -> Result<Vec<AuditRow>, Error> {
    let filter = AuditFilter { decided_since_ms: Some(since_ms), ..AuditFilter::default() };
    let (mut rows, mut after): (Vec<AuditRow>, _) = (Vec::new(), None);
    loop {
        let page = store.audits(&filter, after, PAGE).await?;
        after = page.rows.last().map(|row| (row.job, row.shard));
        rows.extend(page.rows);
        if !page.more {
            return Ok(rows);
        }
    }
}

fn verdict(row: &AuditRow, provider: Key, passed: bool, net_fee: Payment) -> Option<Audited> {
    let decided_ms = u64::try_from(row.decided_ms?).ok()?;
    Some(Audited { job: row.job, shard: row.shard, provider, passed, net_fee, decided_ms })
}

/// The wrong result that an audit found: the audited one, or that of who ran it again.
pub(super) fn wrong(row: &AuditRow) -> Option<Audited> {
    verdict(row, row.wrong_provider?, false, Payment::ZERO)
}

/// The result that held, once its lease is settled.
pub(super) fn held(row: &AuditRow, lease: &LeaseRow, reward_share: Bps) -> Option<Audited> {
    lease.released.then_some(())?;
    verdict(row, row.provider, true, net_fee(row, lease, reward_share))
}

/// A result's part of its lease's fees, by units, less the most that can come back of it as rewards.
fn net_fee(row: &AuditRow, lease: &LeaseRow, reward_share: Bps) -> Payment {
    let kept = u128::from(Bps::DENOMINATOR.saturating_sub(reward_share.get()));
    let units = u128::from(row.units.min(lease.units).get());
    // Of a u64 at most the whole: two u64 and ten thousand fit a u128 each with the next division.
    let part = (u128::from(lease.fee_paid.get()) * units).checked_div(u128::from(lease.units.get())).unwrap_or(0);
    Payment::new(u64::try_from(part * kept / u128::from(Bps::DENOMINATOR)).unwrap_or(0))
}
