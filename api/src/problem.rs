//! Failures as problems: what each one of the layers below means to a client.
//!
//! What a client did wrong is told in full. What failed inside is logged in full and told as one of
//! a few kinds without internals.

use std::io;

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use mira_wire::{Kind, Problem};

use crate::dispatch;

/// The error of every handler.
#[derive(Debug)]
pub struct ApiProblem(pub Problem);

/// The result of every handler.
pub type Result<T, E = ApiProblem> = std::result::Result<T, E>;

impl ApiProblem {
    /// A problem of a kind with this time's detail.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self(Problem::new(kind, detail))
    }

    /// A failure inside: the cause is logged, not told.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "request failed");
        Self::new(Kind::Internal, "the log has the cause under this request's id")
    }
}

/// What a client is told when the disk is full.
const FULL: &str = "nothing of this request was kept: send it again, in half a minute or later";

/// When a problem of this kind may have passed, seconds. A full disk waits for a person.
const fn retry_after_secs(kind: Option<Kind>) -> Option<&'static str> {
    match kind {
        Some(Kind::StoreFull) => Some("30"),
        Some(Kind::StoreUnavailable | Kind::BlobStoreUnavailable | Kind::DispatcherUnavailable) => Some("1"),
        _ => None,
    }
}

/// Whether the cause of an error is that a disk is full.
fn is_full(error: &(dyn std::error::Error + 'static)) -> bool {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let kinds = causes.filter_map(|error| error.downcast_ref::<io::Error>()).map(io::Error::kind);
    kinds.into_iter().any(|kind| matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded))
}

/// Shorthand for `Err(ApiProblem::new(..))`.
pub fn refuse<T>(kind: Kind, detail: impl Into<String>) -> Result<T> {
    Err(ApiProblem::new(kind, detail))
}

impl IntoResponse for ApiProblem {
    /// Only marks the response: `layer::problems` writes the document, with the request's id.
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        if let Some(secs) = retry_after_secs(self.0.kind()) {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(secs));
        }
        response.extensions_mut().insert(self.0);
        response
    }
}

impl From<mira_store::Error> for ApiProblem {
    fn from(error: mira_store::Error) -> Self {
        match error {
            mira_store::Error::Database { .. } | mira_store::Error::Open { .. } => {
                tracing::error!(%error, "the database failed");
                Self::new(Kind::StoreUnavailable, "try again in a moment")
            }
            mira_store::Error::Full { .. } => {
                tracing::error!(%error, "the database's disk is full");
                Self::new(Kind::StoreFull, FULL)
            }
            other => Self::internal(other),
        }
    }
}

impl From<crate::blobs::BlobError> for ApiProblem {
    fn from(error: crate::blobs::BlobError) -> Self {
        use crate::blobs::BlobError;
        match &error {
            BlobError::Mismatch { .. } => Self::new(Kind::HashMismatch, error.to_string()),
            BlobError::TooLarge { .. } => Self::new(Kind::BodyTooLarge, error.to_string()),
            BlobError::Body { .. } => Self::new(Kind::MalformedRequest, error.to_string()),
            BlobError::Corrupt { .. } => Self::internal(error),
            BlobError::Store { source, .. } if is_full(source) => {
                tracing::error!(%error, "the blob store's disk is full");
                Self::new(Kind::StoreFull, FULL)
            }
            BlobError::Store { .. } => {
                tracing::error!(%error, "the blob store failed");
                Self::new(Kind::BlobStoreUnavailable, "try again in a moment")
            }
        }
    }
}

impl From<dispatch::Error> for ApiProblem {
    fn from(error: dispatch::Error) -> Self {
        use dispatch::Error;
        let kind = match &error {
            Error::UnknownProvider => Kind::ProviderNotFound,
            Error::UnknownJob => Kind::JobNotFound,
            Error::NotOurJob => Kind::WrongDispatcher,
            Error::BadSpec { .. } => Kind::SpecInvalid,
            Error::SpecMismatch => Kind::SpecMismatch,
            Error::JobNotOpen => Kind::JobNotOpen,
            Error::NetworkPaused => Kind::NetworkPaused,
            Error::NoCandidate { .. } => Kind::NoCandidate,
            Error::NoOffer => Kind::NoOffer,
            Error::BadOffer { .. } => Kind::InvalidBody,
            Error::NoRoute { .. } => Kind::NoRoute,
            Error::UnknownRoute => Kind::RouteNotFound,
            Error::HedgeRefused { .. } => Kind::HedgeRefused,
            Error::Unavailable { .. } | Error::Replaced { .. } | Error::StandingBy { .. } => {
                Kind::DispatcherUnavailable
            }
            Error::Internal(_) => return Self::internal(error),
        };
        Self::new(kind, error.to_string())
    }
}
