//! Audits in the store: drawn, moved on by what others got, decided once.

use std::collections::HashMap;

use mira_core::Key;
use mira_core::amount::Bps;
use mira_store::model::{AuditFilter, AuditRow, AuditRun, AuditState};
use mira_store::{Error, Result, Store};

use super::sample::{Record, rate_ceil, takes};
use super::verdict::{Ran, excluded, standing};

/// An accepted result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Its job.
    pub job: Key,
    /// Its shard.
    pub shard: u32,
    /// Who computed it, and what came out.
    pub ran: Ran,
}

/// The audits of one store, drawn with one seed. Records are those of when it was opened, so that which results
/// it draws does not depend on what comes of the first of them.
pub struct Book<'a> {
    store: &'a dyn Store,
    seed: u64,
    records: HashMap<Key, Record>,
}

impl<'a> Book<'a> {
    /// Reads all records. `seed`: at most `i64::MAX`, which is what a column holds.
    ///
    /// # Errors
    /// The store's.
    pub async fn open(store: &'a dyn Store, seed: u64) -> Result<Self> {
        let counts = store.audit_counts(i64::MIN, i64::MAX).await?;
        let records = counts.iter().map(|count| (count.provider, Record::from(count))).collect();
        Ok(Self { store, seed, records })
    }

    /// The part of a provider's results that is audited.
    pub fn rate(&self, provider: &Key) -> Bps {
        rate_ceil(self.records.get(provider).copied().unwrap_or_default())
    }

    /// Whether a result is drawn.
    pub fn takes(&self, job: &Key, shard: u32, provider: &Key) -> bool {
        takes(self.seed, job, shard, self.rate(provider))
    }

    /// Notes that a result is audited; `None` if it was noted before.
    ///
    /// # Errors
    /// The store's.
    pub async fn sample(&self, accepted: &Accepted, now_ms: i64) -> Result<Option<AuditRow>> {
        let Ran { lease, provider, owner, operator, output, units } = accepted.ran;
        let row = AuditRow {
            job: accepted.job,
            shard: accepted.shard,
            lease,
            provider,
            owner,
            operator,
            output,
            units,
            seed: self.seed,
            rate: self.rate(&provider),
            sampled_ms: now_ms,
            state: AuditState::Sampled,
            asked: None,
            decided_ms: None,
            wrong_lease: None,
            wrong_provider: None,
        };
        Ok(self.store.put_audit(row.clone()).await?.then_some(row))
    }

    /// Every audit that waits for somebody's run, by job and shard.
    ///
    /// # Errors
    /// The store's.
    pub async fn open_audits(&self) -> Result<Vec<AuditRow>> {
        let mut open = Vec::new();
        for state in [AuditState::Sampled, AuditState::Mismatch] {
            let (filter, mut after) = (AuditFilter { state: Some(state), ..AuditFilter::default() }, None);
            loop {
                let page = self.store.audits(&filter, after, mira_store::model::MAX_PAGE).await?;
                after = page.rows.last().map(|row| (row.job, row.shard));
                open.extend(page.rows);
                if !page.more {
                    break;
                }
            }
        }
        open.sort_by_key(|row| (row.job, row.shard));
        Ok(open)
    }

    /// Whom the next run of an audit must not come from.
    ///
    /// # Errors
    /// The store's.
    pub async fn excluded(&self, audit: &AuditRow) -> Result<Vec<Key>> {
        Ok(excluded(&Ran::first(audit), &self.later(audit).await?))
    }

    /// Notes which job is to give the next run, or that it gave none and another has to be asked.
    ///
    /// # Errors
    /// The store's.
    pub async fn ask(&self, audit: &AuditRow, asked: Option<Key>) -> Result<AuditRow> {
        let audit = AuditRow { asked, ..audit.clone() };
        self.store.move_audit(audit.clone(), None).await?;
        Ok(audit)
    }

    /// Takes in what the job that was asked gave, and judges.
    ///
    /// # Errors
    /// `Invalid` if no job was asked, or if the audit is decided; the store's.
    pub async fn take(&self, audit: &AuditRow, ran: &Ran, now_ms: i64) -> Result<AuditRow> {
        let asked = audit.asked.ok_or_else(|| Error::Invalid("a result that no audit job was asked for".to_owned()))?;
        let mut later = self.later(audit).await?;
        later.push(*ran);
        let (first, found) = (Ran::first(audit), standing(&Ran::first(audit), &later));
        let (state, wrong) = (found.state(later.len()), found.wrong(&first, &later));
        let run = AuditRun {
            job: audit.job,
            shard: audit.shard,
            // The sampled result is the first.
            run: u8::try_from(later.len()).unwrap_or(u8::MAX).saturating_add(1),
            audit_job: asked,
            lease: ran.lease,
            provider: ran.provider,
            owner: ran.owner,
            operator: ran.operator,
            output: ran.output,
            units: ran.units,
            at_ms: now_ms,
        };
        let audit = AuditRow {
            state,
            asked: None,
            decided_ms: state.is_decided().then_some(now_ms),
            wrong_lease: wrong.map(|ran| ran.lease),
            wrong_provider: wrong.map(|ran| ran.provider),
            ..audit.clone()
        };
        self.store.move_audit(audit.clone(), Some(run)).await?;
        Ok(audit)
    }

    /// Ends an audit that others found impossible to run: that shows nothing about anybody.
    ///
    /// # Errors
    /// The store's.
    pub async fn give_up(&self, audit: &AuditRow, now_ms: i64) -> Result<AuditRow> {
        let state = AuditState::Inconclusive;
        let audit = AuditRow { state, asked: None, decided_ms: Some(now_ms), ..audit.clone() };
        self.store.move_audit(audit.clone(), None).await?;
        Ok(audit)
    }

    async fn later(&self, audit: &AuditRow) -> Result<Vec<Ran>> {
        Ok(self.store.audit_runs(&audit.job, audit.shard).await?.iter().map(Ran::later).collect())
    }
}

#[cfg(test)]
mod tests;
