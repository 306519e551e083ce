//! Stopping a job early.

use mira_chain::{account, ix};
use mira_core::job::JobStatus;
use solana_sdk::pubkey::Pubkey;

use crate::{Error, Requester, Sent};

impl Requester {
    /// Stops a job: it takes no more leases, and those it has end after the grace time, in which
    /// providers cash what was vouched. The escrow comes back with [`Requester::close`].
    ///
    /// # Errors
    /// [`Error::NoJob`]; the chain's.
    pub async fn cancel(&self, job: Pubkey) -> Result<Vec<Sent>, Error> {
        let account: Option<account::Job> = self.account(&job).await?;
        let account = account.ok_or_else(|| Error::NoJob(job.to_string()))?;
        self.require_own(&job, &account)?;
        if account.status != JobStatus::Open.as_u8() {
            return Ok(Vec::new());
        }
        Ok(vec![self.send("cancelling the job", &[ix::begin_close_job(&self.address(), &job)]).await?])
    }

    /// Only the owner stops a job; the chain says so too, but after the transaction.
    pub(crate) fn require_own(&self, job: &Pubkey, account: &account::Job) -> Result<(), Error> {
        if account.requester == self.address() {
            return Ok(());
        }
        Err(Error::invalid("wrong-signer", format!("job {job} belongs to {}", account.requester)))
    }
}
