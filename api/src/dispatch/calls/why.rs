//! Why a job has the leases it has.

use mira_core::{Hash, Key};
use mira_dispatch::Engine;
use mira_dispatch::explain;

use crate::dispatch::error::Error;
use crate::dispatch::handle::Handle;

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
        self.read(move |engine| Why::of(engine, &job)).await
    }
}
