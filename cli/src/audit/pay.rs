//! Who is paid for an audit, and how the rest of the escrow comes back.
//!
//! Who gets what somebody got before is paid at once. Who gets something else is paid when the audit is decided,
//! unless the others show that it is wrong: a wrong answer costs the auditor nothing.

use mira_core::Key;
use mira_indexer::audit::Run;
use mira_requester::{CloseOptions, Error as Refused};
use mira_store::model::{JobFilter, JobState, Order, PageRequest};
use mira_wire::clock;
use solana_sdk::pubkey::Pubkey;
use tokio_util::sync::CancellationToken;

use super::{Auditor, stored};
use crate::error::Error;

/// Jobs read at a time.
const PAGE: u32 = 500;

/// What came back of the audit jobs' escrow.
#[derive(Default)]
pub(super) struct Returned {
    /// Jobs that are closed now.
    pub closed: u64,
    /// Base units.
    pub refunded: u64,
    /// Jobs whose deadlines are later.
    pub waiting: u64,
}

/// A run of a decided audit whose job is not closed.
struct Answered {
    run: Run,
    wrong: bool,
}

impl Answered {
    fn job(&self) -> Pubkey {
        Pubkey::new_from_array(self.run.audit_job)
    }
}

impl Auditor<'_> {
    /// Pays for what this wallet's audit jobs gave and closes them, once their audits are decided. All are told to
    /// end before the first is waited for. What fails is tried again by the next run.
    pub(super) async fn close(&self) -> Result<Returned, Error> {
        let jobs = self.answered().await?;
        for answered in &jobs {
            if let Err(error) = self.end(answered).await {
                self.output.note(&format!("audit job {} cannot be ended now: {error}", answered.job()));
            }
        }
        let begun = clock::monotonic();
        let mut returned = Returned::default();
        for job in jobs.iter().map(Answered::job) {
            let timeout = self.options.closing.saturating_sub(begun.elapsed());
            let options = CloseOptions { settle_for_providers: true, timeout };
            match self.requester.close(job, &options, &CancellationToken::new(), &mut |_| ()).await {
                Ok(closed) => {
                    returned.closed = returned.closed.saturating_add(1);
                    returned.refunded = returned.refunded.saturating_add(closed.refunded);
                }
                Err(Refused::NoJob(_)) => {}
                Err(error) => {
                    returned.waiting = returned.waiting.saturating_add(1);
                    self.output.note(&format!("audit job {job} is not closed yet: {error}"));
                }
            }
        }
        Ok(returned)
    }

    /// Pays for an answer that is not wrong, and lets its job take no more leases.
    async fn end(&self, answered: &Answered) -> Result<(), Error> {
        let (job, never) = (answered.job(), CancellationToken::new());
        if !answered.wrong {
            let paying = tokio::time::timeout(self.options.patience, self.requester.pay_answer(job, &never));
            paying.await.map_err(|_| Error::failed("paying for an audit", "its provider does not report"))??;
        }
        match self.requester.cancel(job).await {
            Ok(_) | Err(Refused::NoJob(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// What this wallet's open jobs answered for audits that are decided.
    async fn answered(&self) -> Result<Vec<Answered>, Error> {
        let filter = JobFilter { requester: Some(self.requester.address().to_bytes()), ..JobFilter::default() };
        let (mut after, mut answered) = (None, Vec::new());
        loop {
            let request = PageRequest { order: Order::Key { after }, limit: PAGE };
            let page = self.store.jobs(&filter, request).await.map_err(stored)?;
            after = page.rows.last().map(|row| row.job);
            let open = page.rows.iter().filter(|row| row.status != JobState::Closed);
            let open: Vec<Key> = open.map(|row| row.job).collect();
            for run in self.store.audit_runs_by(&open).await.map_err(stored)? {
                let audit = self.store.audit(&run.job, run.shard).await.map_err(stored)?;
                if let Some(audit) = audit.filter(|audit| audit.state.is_decided()) {
                    answered.push(Answered { wrong: audit.wrong_lease == Some(run.lease), run });
                }
            }
            if !page.more {
                return Ok(answered);
            }
        }
    }
}
