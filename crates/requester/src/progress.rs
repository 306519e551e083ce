//! How far a job is, all pages in one.

use mira_wire::{PageQuery, job::Shards};
use solana_sdk::pubkey::Pubkey;

use crate::{Error, Requester};

/// How far a job is, for whoever watches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Shards with an accepted result.
    pub done: u32,
    /// All shards.
    pub total: u32,
    /// Results that the requester refused.
    pub refused: u32,
    /// Payment base units vouchered so far.
    pub vouchered: u64,
}

impl Requester {
    /// The dispatcher's view of a job's shards and leases.
    ///
    /// # Errors
    /// The API's.
    pub async fn progress(&self, job: Pubkey) -> Result<Shards, Error> {
        let mut query = PageQuery { limit: Some(100), cursor: None };
        let mut all = self.api.job_shards(job.to_bytes().into(), &query).await?.data;
        while let Some(cursor) = all.next_cursor.take() {
            query.cursor = Some(cursor);
            let page = self.api.job_shards(job.to_bytes().into(), &query).await?.data;
            all.shards.extend(page.shards);
            all.next_cursor = page.next_cursor;
        }
        Ok(all)
    }
}
