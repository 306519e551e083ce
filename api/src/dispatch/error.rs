//! Why a call to the dispatcher failed.

use mira_dispatch::effect::Refusal;

use super::calls::why::Why;
use super::standing::RETRY_MS;

/// Every failure of a call.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The provider is not in the index.
    #[error("the provider is not known: register it, and wait until that is final")]
    UnknownProvider,
    /// The job is not in the index.
    #[error("the job is not known: create it, and wait until that is final")]
    UnknownJob,
    /// The job names another dispatcher, or none.
    #[error("the job does not name this dispatcher: create it with this dispatcher's key")]
    NotOurJob,
    /// The specification or the job's terms cannot be placed, whoever offers what.
    #[error("the job cannot be placed: {what}")]
    BadSpec {
        /// Why.
        what: String,
    },
    /// The specification is not the one that the job on chain stands for.
    #[error("the specification's tier or unit is not the one of the job on chain")]
    SpecMismatch,
    /// The job takes no new leases.
    #[error("the job is not open: it is closing or closed")]
    JobNotOpen,
    /// Nothing new may begin.
    #[error("the network is paused: no lease can be opened before the admin resumes it; place the job then")]
    NetworkPaused,
    /// Nobody may serve the job now. It stays queued and is placed when somebody may.
    #[error("nobody may serve the job now, it waits: {}", why.message)]
    NoCandidate {
        /// Which limit rejected how many.
        why: Why,
    },
    /// The provider has not said what it offers.
    #[error("the provider has no offer here: send its offer first")]
    NoOffer,
    /// An offer that cannot be taken.
    #[error("the offer cannot be taken: {what}")]
    BadOffer {
        /// Why.
        what: String,
    },
    /// No lease of the job can take the request.
    #[error("the request cannot be routed now: {reason}")]
    NoRoute {
        /// Why.
        reason: String,
    },
    /// The request is over, or is none of this job's.
    #[error("there is no such request of this job that is being served: it has ended, or timed out")]
    UnknownRoute,
    /// The request may not be sent a second time now.
    #[error("not a second time now: {reason}")]
    HedgeRefused {
        /// Why.
        reason: String,
    },
    /// The dispatcher is starting, stopping, or cannot write its log.
    #[error("the dispatcher is not available now: try again in {retry_after_ms} ms")]
    Unavailable {
        /// When to try again.
        retry_after_ms: u64,
    },
    /// Another dispatcher has taken the log over.
    #[error("another dispatcher took over: nothing of this was kept, send it again in {retry_after_ms} ms")]
    Replaced {
        /// When to try again.
        retry_after_ms: u64,
    },
    /// Another dispatcher works, this one waits for its end.
    #[error("this replica stands by for {holder}: ask that one, or try again in {retry_after_ms} ms")]
    StandingBy {
        /// Where the other one is.
        holder: String,
        /// When to try again.
        retry_after_ms: u64,
    },
    /// Something that cannot happen did.
    #[error("the dispatcher failed: {0}")]
    Internal(String),
}

impl Error {
    /// Not now; soon.
    pub(super) fn soon() -> Self {
        Error::Unavailable { retry_after_ms: RETRY_MS }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::UnknownProvider => Error::NoOffer,
            Refusal::FreeOffer => Error::BadOffer { what: refusal.to_string() },
            Refusal::BadTerms(what) => Error::BadSpec { what },
        }
    }
}

impl From<mira_store::Error> for Error {
    fn from(error: mira_store::Error) -> Self {
        match error {
            mira_store::Error::Database { .. } | mira_store::Error::Open { .. } | mira_store::Error::Full { .. } => {
                tracing::warn!(%error, "the database failed the dispatcher");
                Error::soon()
            }
            mira_store::Error::StaleDispatcher { .. } => Error::Replaced { retry_after_ms: RETRY_MS },
            other => Error::Internal(other.to_string()),
        }
    }
}
