//! What can go wrong with a request.

use crate::problem::Kind;
use crate::{HashHex, Problem};

/// A request that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The server's address is not a URL.
    #[error("{base:?} is not the address of an API: {reason}")]
    Base {
        /// What was given.
        base: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The server was not reached, or the connection broke.
    #[error("{path}: no answer from the API, check that it runs and that its address is right: {source}")]
    Transport {
        /// Which request.
        path: String,
        /// What happened.
        source: Box<reqwest::Error>,
    },
    /// The server answered with a problem.
    #[error("{path}: {problem}")]
    Problem {
        /// Which request.
        path: String,
        /// The problem.
        problem: Box<Problem>,
    },
    /// The server answered with a failure that is not a problem document.
    #[error("{path}: status {status} without a problem document: is this a Mira API?")]
    Status {
        /// Which request.
        path: String,
        /// The HTTP status.
        status: u16,
    },
    /// The answer has another shape than this version knows.
    #[error("{path}: the answer is not as documented, are both sides of the same version? {reason}")]
    Decode {
        /// Which request.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The request could not be written as JSON.
    #[error("{path}: the request cannot be written: {reason}")]
    Encode {
        /// Which request.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The answer is longer than allowed.
    #[error("{path}: the answer is longer than {limit} bytes")]
    TooLarge {
        /// Which request.
        path: String,
        /// The most bytes.
        limit: usize,
    },
    /// The blob's bytes do not have the hash asked for.
    #[error("the blob {wanted} came with the hash {got}: do not use it, and report this server")]
    HashMismatch {
        /// The hash asked for.
        wanted: HashHex,
        /// The hash of what came.
        got: HashHex,
    },
    /// The machine gave no randomness.
    #[error("no random numbers from the system: {reason}")]
    Random {
        /// What happened.
        reason: String,
    },
}

impl ApiError {
    pub(super) fn transport(path: &str, source: reqwest::Error) -> Self {
        Self::Transport { path: path.to_owned(), source: Box::new(source) }
    }

    /// The problem's kind, if the server answered with one that this version knows.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Self::Problem { problem, .. } => problem.kind(),
            _ => None,
        }
    }

    /// The HTTP status, if the server answered.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Problem { problem, .. } => Some(problem.status),
            Self::Status { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Whether the same request may succeed later without any change.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Transport { .. } => true,
            _ => self.status().is_some_and(|status| matches!(status, 408 | 429 | 500..=599)),
        }
    }
}
