//! Why a job has the leases it has.

use mira_core::{Hash, Key};
use mira_dispatch::Engine;
use mira_dispatch::explain;
use mira_store::model::{JobRow, JobState};

use crate::dispatch::actor::PLACEMENT;
use crate::dispatch::error::Error;
use crate::dispatch::handle::Handle;

/// Decisions named of a job that is over.
const RECORDS: u32 = 256;

/// Where a job stands and what it waits for.
#[derive(Clone, Debug)]
pub struct Why {
    /// Its state's name.
    pub status: &'static str,
    /// One sentence for a person.
    pub message: String,
    /// Owners that its `max_share` asks for.
    pub owners_needed: u32,
    /// Leases that work may run under.
    pub live_leases: u32,
    /// Which limit rejected how many, if it has no candidate for a lease that it wants.
    pub rejects: Vec<(&'static str, u32)>,
    /// The names of its placement decisions, oldest first.
    pub decisions: Vec<Hash>,
}

impl Why {
    pub(super) fn of(engine: &Engine, job: &Key) -> Option<Self> {
        let why = explain::why(engine, job)?;
        Some(Why {
            status: why.status,
            message: why.message,
            owners_needed: why.owners_needed,
            live_leases: why.live_leases,
            rejects: why.rejects.into_iter().map(|(limit, count)| (limit.as_str(), count)).collect(),
            decisions: why.decisions,
        })
    }
}

impl Handle {
    /// Why a job has the leases it has; nothing if it was never placed here.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn why(&self, job: Key) -> Result<Option<Why>, Error> {
        match self.read(move |engine| Why::of(engine, &job)).await? {
            Some(why) => Ok(Some(why)),
            None => self.on_record(job).await,
        }
    }

    /// What is on record of a job that is over and that the engine does not know any more.
    async fn on_record(&self, job: Key) -> Result<Option<Why>, Error> {
        let store = &self.shared.store;
        let now = i64::try_from(self.now_ms() / 1_000).unwrap_or(i64::MAX);
        let is_over = |row: &JobRow| row.status != JobState::Open || row.deadline <= now;
        let Some(row) = store.job(&job).await?.filter(is_over) else { return Ok(None) };
        let records = store.dispatch_records_of(&row.spec_hash, RECORDS).await?;
        let decisions: Vec<Hash> = records.iter().rev().filter(|row| row.kind == PLACEMENT).map(|row| row.id).collect();
        let message =
            "the job is over, and the dispatcher has forgotten it; of its specification these decisions are on record";
        Ok((!decisions.is_empty()).then(|| Why {
            status: "ended",
            message: message.to_owned(),
            owners_needed: 0,
            live_leases: 0,
            rejects: Vec::new(),
            decisions,
        }))
    }
}
