//! One audit, taken as far as it goes now.

use mira_core::amount::Units;
use mira_indexer::audit::{Ran, Row};
use mira_requester::{Again, Answer, Error as Refused};
use mira_wire::KeyStr;
use solana_sdk::pubkey::Pubkey;
use tokio_util::sync::CancellationToken;

use super::{Audited, Auditor, now_ms, stored};
use crate::error::Error;

/// What a step came to.
enum Step {
    /// The audit moved on.
    Moved(Box<Row>),
    /// It cannot now, because of this.
    Waits(String),
}

impl Auditor<'_> {
    /// Has a shard run until its audit is decided, or waits for something. What fails for one audit does not stop
    /// the others; what fails in the database does.
    pub(super) async fn settle(&self, mut row: Row) -> Result<Audited, Error> {
        while !row.state.is_decided() {
            let step = match row.asked {
                None => self.ask(&row).await,
                Some(job) => self.take(&row, Pubkey::new_from_array(job)).await,
            };
            match step {
                Ok(Step::Moved(moved)) => row = *moved,
                Ok(Step::Waits(reason)) => return Ok(Audited { row, waits: Some(reason) }),
                Err(error @ Error::Failed { .. }) => return Err(error),
                Err(error) => return Ok(Audited { row, waits: Some(error.to_string()) }),
            }
        }
        let (job, shard, state) = (KeyStr(row.job), row.shard, row.state.as_str());
        self.output.note(&format!("shard {shard} of job {job}: {state}"));
        Ok(Audited { row, waits: None })
    }

    /// Asks others for the next run.
    async fn ask(&self, row: &Row) -> Result<Step, Error> {
        let exclude = self.book.excluded(row).await.map_err(stored)?;
        let again = Again {
            job: self.requester.api().job(row.job.into()).await?.data,
            shard: row.shard,
            exclude: exclude.into_iter().map(Pubkey::new_from_array).collect(),
            deadline_secs: self.options.deadline_secs.min(self.requester.network().config.params.max_job_secs),
        };
        let submission = match self.requester.again(&again).await? {
            Ok(submission) => submission,
            Err(reason) => return Ok(Step::Waits(format!("nobody else can run it now: {reason}"))),
        };
        let job = self.requester.ask_again(&submission).await?;
        Ok(Step::Moved(Box::new(self.book.ask(row, Some(job.to_bytes())).await.map_err(stored)?)))
    }

    /// Takes the answer of the job that was asked.
    async fn take(&self, row: &Row, job: Pubkey) -> Result<Step, Error> {
        let known = self.outputs(row).await?;
        let never = CancellationToken::new();
        let answer = tokio::time::timeout(self.options.patience, self.requester.answer(job, known, &never)).await;
        match answer.unwrap_or(Ok(Answer::Waiting)) {
            Ok(Answer::Output { lease, provider, output, units }) => {
                let (lease, provider) = (lease.to_bytes(), provider.to_bytes());
                let Some((owner, operator)) = self.party(job.to_bytes(), lease, provider).await? else {
                    return Ok(Step::Waits(format!("the index does not show lease {} yet", KeyStr(lease))));
                };
                let ran = Ran { lease, provider, owner, operator, output, units: Units::new(units) };
                Ok(Step::Moved(Box::new(self.book.take(row, &ran, now_ms()).await.map_err(stored)?)))
            }
            Ok(Answer::Nothing) => {
                self.requester.cancel(job).await?;
                self.output.note(&format!("audit job {job} gave nothing; mira job close {job} takes its escrow back"));
                Ok(Step::Moved(Box::new(self.book.give_up(row, now_ms()).await.map_err(stored)?)))
            }
            Ok(Answer::Waiting) => Ok(Step::Waits(format!("audit job {job} has no result yet"))),
            // Somebody closed it before its result was known here: the next run asks anew.
            Err(Refused::NoJob(_)) => {
                self.book.ask(row, None).await.map_err(stored)?;
                Ok(Step::Waits(format!("audit job {job} was closed before its result was known")))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The outputs that there are of a shard.
    async fn outputs(&self, row: &Row) -> Result<Vec<[u8; 32]>, Error> {
        let later = self.store.audit_runs(&row.job, row.shard).await.map_err(stored)?;
        Ok([row.output].into_iter().chain(later.iter().map(|run| run.output)).collect())
    }
}
