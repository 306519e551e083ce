//! Which accepted results are audited.

use std::collections::HashMap;

use mira_core::{Key, amount::Units, tier::Tier};
use mira_indexer::audit::{Accepted, Ran, Row, draw};
use mira_store::model::{JobFilter, JobRow, Order, PageRequest};
use mira_wire::{Kind, job::Shard};
use solana_sdk::pubkey::Pubkey;

use super::{Auditor, now_ms, stored};
use crate::error::Error;

/// Jobs read at a time.
const PAGE: u32 = 500;

/// What the seed drew.
pub(super) struct Drawn {
    /// Accepted results that there are.
    pub results: u64,
    /// Those that are drawn, whether or not they were audited before.
    pub taken: u64,
    /// New ones, at most the limit, now noted in the database.
    pub sampled: Vec<Row>,
}

impl Auditor<'_> {
    /// Draws from every accepted result that the dispatcher knows. The auditor's own jobs are left out: those of
    /// audits are compared already, and of any other it is the requester, who checks what it likes.
    pub(super) async fn draw(&self) -> Result<Drawn, Error> {
        let (mut results, mut taken) = (0u64, Vec::new());
        let filter = JobFilter {
            dispatcher: Some(self.requester.network().dispatcher.to_bytes()),
            tier: Some(Tier::Batch),
            ..JobFilter::default()
        };
        let mut after = None;
        loop {
            let request = PageRequest { order: Order::Key { after }, limit: PAGE };
            let page = self.store.jobs(&filter, request).await.map_err(stored)?;
            after = page.rows.last().map(|row| row.job);
            for job in page.rows.iter().filter(|job| job.requester != self.requester.address().to_bytes()) {
                let done = self.accepted(job).await?;
                results = results.saturating_add(u64::try_from(done.len()).unwrap_or(u64::MAX));
                taken.extend(done.into_iter().filter(|one| self.book.takes(&one.job, one.shard, &one.ran.provider)));
            }
            if !page.more {
                break;
            }
        }
        let count = u64::try_from(taken.len()).unwrap_or(u64::MAX);
        Ok(Drawn { results, taken: count, sampled: self.sample(taken).await? })
    }

    /// Notes the new ones. If there are more than the limit, the lowest draws come first: no job's address and no
    /// provider's is preferred.
    async fn sample(&self, mut taken: Vec<Accepted>) -> Result<Vec<Row>, Error> {
        taken.sort_by_key(|one| (draw(self.options.seed, &one.job, one.shard), one.job, one.shard));
        let mut sampled = Vec::new();
        for accepted in &taken {
            if sampled.len() >= self.options.limit {
                break;
            }
            sampled.extend(self.book.sample(accepted, now_ms()).await.map_err(stored)?);
        }
        Ok(sampled)
    }

    /// A job's accepted results, with who gave them.
    async fn accepted(&self, job: &JobRow) -> Result<Vec<Accepted>, Error> {
        let shards = match self.requester.progress(Pubkey::new_from_array(job.job)).await {
            Ok(shards) => shards.shards,
            // On chain, and nobody has asked the dispatcher to place it; or the API's index is behind ours.
            Err(mira_requester::Error::Api(error))
                if matches!(error.kind(), Some(Kind::JobNotPlaced | Kind::JobNotFound)) =>
            {
                return Ok(Vec::new());
            }
            Err(error) => return Err(error.into()),
        };
        let mut parties = HashMap::new();
        let mut accepted = Vec::new();
        for shard in &shards {
            let Some((lease, provider, ran)) = result(shard) else { continue };
            let party = match parties.get(&lease) {
                Some(known) => *known,
                None => self.party(job.job, lease, provider).await?,
            };
            parties.insert(lease, party);
            // A lease that is not indexed here yet: its results are drawn from by a later run.
            let Some((owner, operator)) = party else { continue };
            accepted.push(Accepted { job: job.job, shard: shard.shard, ran: Ran { owner, operator, ..ran } });
        }
        Ok(accepted)
    }

    /// Owner and operator behind a lease, as the chain has them; `None` if it is not indexed yet.
    pub(super) async fn party(&self, job: Key, lease: Key, provider: Key) -> Result<Option<(Key, Key)>, Error> {
        let found = self.store.lease(&lease).await.map_err(stored)?;
        let Some(found) = found else { return Ok(None) };
        if (found.job, found.provider) != (job, provider) {
            let message = "the API names a lease that is another job's or another provider's: do not go on with it";
            return Err(Error::failed("auditing", message));
        }
        let owner = self.store.provider(&provider).await.map_err(stored)?.map(|row| row.owner);
        Ok(owner.map(|owner| (owner, found.operator)))
    }
}

/// What a shard that is done says, owner and operator left open.
fn result(shard: &Shard) -> Option<(Key, Key, Ran)> {
    let (lease, provider) = (shard.lease?.get(), shard.provider?.get());
    let (output, units) = (shard.output?.get(), Units::new(shard.units?.get()));
    let ran = Ran { lease, provider, owner: Key::default(), operator: Key::default(), output, units };
    (shard.state == "done").then_some((lease, provider, ran))
}
