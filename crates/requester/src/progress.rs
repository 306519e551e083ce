//! How far a job is, all pages in one.

use mira_wire::{PageQuery, client::ApiClient, job::Shards};
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

/// The dispatcher's view of a job's shards and leases.
///
/// # Errors
/// The API's.
pub async fn progress(api: &ApiClient, job: Pubkey) -> Result<Shards, Error> {
    let mut query = PageQuery { limit: Some(100), cursor: None };
    let mut all = api.job_shards(job.to_bytes().into(), &query).await?.data;
    while let Some(cursor) = all.next_cursor.take() {
        query.cursor = Some(cursor);
        let page = api.job_shards(job.to_bytes().into(), &query).await?.data;
        all.shards.extend(page.shards);
        // A shard of this page may be done under a lease that the first page did not have yet.
        all.leases = page.leases;
        all.next_cursor = page.next_cursor;
    }
    Ok(all)
}

impl Requester {
    /// [`progress`] at this requester's API.
    ///
    /// # Errors
    /// The API's.
    pub async fn progress(&self, job: Pubkey) -> Result<Shards, Error> {
        progress(&self.api, job).await
    }
}
