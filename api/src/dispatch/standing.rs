//! What a dispatcher does now.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

/// How long a caller waits before it asks a replica again that stands by.
pub(super) const RETRY_MS: u64 = 1_000;

/// What a dispatcher does now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It reads its log, or the database does not take its writes, or it has ended.
    Restoring,
    /// It holds the log and takes calls.
    Works,
    /// Another one holds the log, which this one follows: it answers reads, and takes over when that one is silent.
    StandsBy {
        /// Where the other one is.
        holder: String,
        /// By which fence that one holds the log.
        fence: u64,
    },
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Standing::Restoring => f.write_str("restoring, or the database refuses its writes"),
            Standing::Works => f.write_str("accepts work"),
            Standing::StandsBy { holder, fence } => {
                write!(f, "stands by for {holder}, which holds the log by fence {fence}: work goes there")
            }
        }
    }
}

/// Where a dispatcher's standing is kept and changed.
#[derive(Debug)]
pub(super) struct Post {
    standing: RwLock<Standing>,
    /// How often it took the log.
    terms: AtomicU64,
}

impl Post {
    pub(super) fn new() -> Self {
        Post { standing: RwLock::new(Standing::Restoring), terms: AtomicU64::new(0) }
    }

    pub(super) fn get(&self) -> Standing {
        self.standing.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How often it took the log: what was fed in another term was fed by others, too.
    pub(super) fn term(&self) -> u64 {
        self.terms.load(Ordering::Acquire)
    }

    /// It has taken the log.
    pub(super) fn begin_term(&self) {
        self.terms.fetch_add(1, Ordering::AcqRel);
    }

    pub(super) fn set(&self, standing: Standing) {
        let mut current = self.standing.write().unwrap_or_else(PoisonError::into_inner);
        if *current == standing {
            return;
        }
        match &standing {
            Standing::Restoring => {}
            Standing::Works => tracing::info!("the dispatcher holds its log and works"),
            Standing::StandsBy { holder, fence } => tracing::warn!(holder, fence, "the dispatcher stands by"),
        }
        let stands_by = matches!(standing, Standing::StandsBy { .. });
        metrics::gauge!("mira_dispatch_standby").set(if stands_by { 1.0 } else { 0.0 });
        *current = standing;
    }
}
