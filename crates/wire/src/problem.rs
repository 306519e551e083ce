//! Errors as RFC 9457 problem details with stable types.
//!
//! A client branches on `type`, never on the text: types are added, never changed. Each kind fixes
//! its status and title; `detail` says what was wrong this time and what to do.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The media type of a problem.
pub const CONTENT_TYPE: &str = "application/problem+json";
/// What every `type` starts with. A URN, so that it can stay the same wherever the API is served.
pub const TYPE_PREFIX: &str = "urn:mira:problem:";

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $slug:literal, $status:literal, $title:literal;)*) => {
        /// Every problem the API can answer with.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Kind {
            $($(#[$doc])* $name,)*
        }

        impl Kind {
            /// All kinds, for documentation and tests.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The last part of `type`.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// A short sentence, the same every time.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

kinds! {
    // The request itself.
    /// A body that is not JSON, or a header or a query that cannot be read.
    MalformedRequest = "malformed-request", 400, "The request cannot be read";
    /// JSON of another shape than documented.
    InvalidBody = "invalid-body", 422, "The body does not have the documented shape";
    /// A path or query parameter that is not what it should be.
    InvalidParameter = "invalid-parameter", 400, "A parameter is not valid";
    /// A cursor that this endpoint did not hand out.
    InvalidCursor = "invalid-cursor", 400, "The cursor is not one of this endpoint's";
    /// A page of none or of more than 100.
    InvalidLimit = "invalid-limit", 400, "The limit must be from 1 to 100";
    /// No route here.
    NotFound = "not-found", 404, "There is nothing at this path";
    /// A known path, another method.
    MethodNotAllowed = "method-not-allowed", 405, "This path does not take that method";
    /// The body came too slowly, or the server took too long.
    Timeout = "timeout", 408, "The request took too long";
    /// More bytes than allowed.
    BodyTooLarge = "body-too-large", 413, "The body is too large";
    /// A body that is not `application/json`.
    UnsupportedMediaType = "unsupported-media-type", 415, "The body must be application/json";

    // Signed requests.
    /// One of the four signing headers is missing or malformed.
    SignatureMissing = "signature-missing", 401, "The request must be signed";
    /// The signature does not fit the request.
    SignatureInvalid = "signature-invalid", 401, "The request's signature does not verify";
    /// More than 60 s from the server's clock.
    TimestampOutOfWindow = "timestamp-out-of-window", 401, "The request's time is too far from the server's";
    /// The nonce was used before.
    NonceReplayed = "nonce-replayed", 401, "The request's nonce was used before";
    /// The key is not the operator of the provider or lease named.
    WrongOperator = "wrong-operator", 403, "The signing key is not the operator";

    /// No token, none of this server's, or one that has expired.
    SessionInvalid = "session-invalid", 401, "The session's token is not good";
    /// The key is neither the requester nor the voucher signer of the job named.
    WrongRequester = "wrong-requester", 403, "The signing key is not the requester's";

    // Things named that are not there.
    /// The network was never initialized, or the index has not seen it yet.
    NetworkNotFound = "network-not-found", 404, "The network is not initialized as far as the index has seen";
    /// No such provider.
    ProviderNotFound = "provider-not-found", 404, "There is no such provider as far as the index has seen";
    /// No such job.
    JobNotFound = "job-not-found", 404, "There is no such job as far as the index has seen";
    /// No such lease.
    LeaseNotFound = "lease-not-found", 404, "There is no such lease as far as the index has seen";
    /// No such dispute.
    DisputeNotFound = "dispute-not-found", 404, "There is no such dispute as far as the index has seen";
    /// Nobody approved anything under that number.
    EpochNotFound = "epoch-not-found", 404, "There is no such reward epoch as far as the index has seen";
    /// The lease has no voucher yet.
    VoucherNotFound = "voucher-not-found", 404, "There is no voucher for this lease";
    /// No such blob.
    BlobNotFound = "blob-not-found", 404, "There is no such blob";
    /// A result whose output was not uploaded.
    OutputMissing = "output-missing", 409, "The result's output was not uploaded";
    /// No such decision.
    DecisionNotFound = "decision-not-found", 404, "There is no such decision";
    /// No such closed dispatch epoch.
    DispatchEpochNotFound = "dispatch-epoch-not-found", 404, "There is no such closed dispatch epoch";
    /// The job was never placed here.
    JobNotPlaced = "job-not-placed", 404, "The job was not placed by this dispatcher";

    // Blobs, specs, modules.
    /// The bytes do not hash to the name.
    HashMismatch = "hash-mismatch", 422, "The bytes do not have the hash that was named";
    /// The blob that the job's `spec_hash` names is not here.
    SpecMissing = "spec-missing", 409, "The job's specification was not uploaded";
    /// The specification breaks a rule.
    SpecInvalid = "spec-invalid", 422, "The job's specification is not valid";
    /// The specification differs from the job on chain.
    SpecMismatch = "spec-mismatch", 422, "The job's specification does not fit the job on chain";
    /// The module is not here.
    ModuleMissing = "module-missing", 409, "The job's module was not uploaded";
    /// The module is not WebAssembly.
    ModuleMalformed = "module-malformed", 422, "The job's module is not WebAssembly";
    /// A shard's input is not here.
    InputMissing = "input-missing", 409, "A shard's input was not uploaded";

    // Jobs and placement.
    /// A tier that does not exist.
    UnknownTier = "unknown-tier", 422, "There is no such tier";
    /// A unit kind that does not exist.
    UnknownUnitKind = "unknown-unit-kind", 422, "There is no such unit kind";
    /// A resource class or region that is not a label.
    InvalidLabel = "invalid-label", 422, "Not a label: 1 to 16 of a-z, 0-9 and '-'";
    /// The job is closing or closed.
    JobNotOpen = "job-not-open", 409, "The job is not open";
    /// The admin or the guardian paused the network.
    NetworkPaused = "network-paused", 409, "The network is paused";
    /// The job's deadline has passed.
    DeadlinePassed = "deadline-passed", 409, "The job's deadline has passed";
    /// The job names another dispatcher, or none.
    WrongDispatcher = "wrong-dispatcher", 409, "The job does not name this dispatcher";
    /// Nothing left to pay with.
    EscrowInsufficient = "escrow-insufficient", 409, "The job's escrow does not cover the work";
    /// A price of zero.
    PriceZero = "price-zero", 422, "The price must be above zero";
    /// The provider's own stake is below the network's minimum.
    StakeTooLow = "stake-too-low", 409, "The provider's stake is too low";
    /// The provider cannot take work.
    ProviderNotActive = "provider-not-active", 409, "The provider is not active";
    /// The provider has no standing offer.
    NoOffer = "no-offer", 409, "The provider has made no offer to this dispatcher";
    /// A result that this lease was not asked for, or that breaks a limit.
    ResultRejected = "result-rejected", 409, "The result is not one that this lease was asked for";
    /// Nobody can serve the job now.
    NoCandidate = "no-candidate", 409, "No provider can serve the job";
    /// No lease of the job can take the request now.
    NoRoute = "no-route", 409, "No lease of the job can take the request";
    /// No such route of this job that has not ended.
    RouteNotFound = "route-not-found", 404, "There is no such route that has not ended";
    /// A second attempt is not allowed now.
    HedgeRefused = "hedge-refused", 409, "The request may not be sent a second time now";

    // Vouchers and usage.
    /// The lease has been released: nothing can be settled any more.
    LeaseReleased = "lease-released", 409, "The lease is released";
    /// The signature is not the lease's voucher signer's over these values.
    VoucherSignatureInvalid = "voucher-signature-invalid", 422, "The voucher's signature does not verify";
    /// The amount is not above the newest.
    VoucherNotIncreasing = "voucher-not-increasing", 409, "The voucher is not above the newest one";
    /// The amount is above the lease's cap.
    VoucherAboveCap = "voucher-above-cap", 422, "The voucher is above the lease's cap";
    /// More is paid than the units cost at the lease's price, or the reverse.
    VoucherPriceMismatch = "voucher-price-mismatch", 422, "The voucher's amount does not fit its units at the lease's price";
    /// The signature is not the lease's operator's over these values.
    UsageSignatureInvalid = "usage-signature-invalid", 422, "The usage report's signature does not verify";
    /// The number is not the next one.
    UsageOutOfSequence = "usage-out-of-sequence", 409, "The usage report is not the next one";
    /// The cumulative units went down.
    UsageDecreasing = "usage-decreasing", 422, "The usage report counts less than the one before";
    /// The units cost more than the lease's cap.
    UsageAboveCap = "usage-above-cap", 422, "The usage is worth more than the lease's cap";

    // The server.
    /// A bug or a broken row; the log has the request id.
    Internal = "internal", 500, "The server failed";
    /// The database does not answer.
    StoreUnavailable = "store-unavailable", 503, "The database does not answer";
    /// The disk under the database or the blobs is full. Nothing of the request was kept.
    StoreFull = "store-full", 507, "The server's disk is full";
    /// The blob store does not answer.
    BlobStoreUnavailable = "blob-store-unavailable", 503, "The blob store does not answer";
    /// The dispatcher is not running.
    DispatcherUnavailable = "dispatcher-unavailable", 503, "The dispatcher is not running";
    /// The index is behind or has stopped.
    NotReady = "not-ready", 503, "The server is not ready";
}

impl Kind {
    /// The `type` of the problem.
    pub fn type_uri(self) -> String {
        format!("{TYPE_PREFIX}{}", self.slug())
    }

    /// The kind behind a `type`, if this version knows it.
    pub fn from_type_uri(uri: &str) -> Option<Self> {
        let slug = uri.strip_prefix(TYPE_PREFIX)?;
        Self::ALL.iter().copied().find(|kind| kind.slug() == slug)
    }
}

/// RFC 9457 problem details.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// A stable name of the kind of problem: `urn:mira:problem:<slug>`.
    #[serde(rename = "type")]
    #[schema(example = "urn:mira:problem:hash-mismatch")]
    pub type_uri: String,
    /// The kind of problem in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What was wrong this time, and what to do.
    pub detail: String,
    /// The request's id, as in `x-request-id`; quote it when asking about a failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl Problem {
    /// A problem of a kind with this time's detail.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self {
            type_uri: kind.type_uri(),
            title: kind.title().to_owned(),
            status: kind.status(),
            detail: detail.into(),
            request_id: None,
        }
    }

    /// The kind, if this version knows it.
    pub fn kind(&self) -> Option<Kind> {
        Kind::from_type_uri(&self.type_uri)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.title, self.detail)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn types_are_unique_and_found_again() {
        let mut seen = HashSet::new();
        for kind in Kind::ALL {
            assert!(seen.insert(kind.slug()), "{} twice", kind.slug());
            assert_eq!(Kind::from_type_uri(&kind.type_uri()), Some(*kind));
            assert!((400..=599).contains(&kind.status()));
        }
        assert_eq!(Kind::from_type_uri("about:blank"), None);
    }

    #[test]
    fn the_document_has_the_members_of_the_rfc() {
        let problem = Problem::new(Kind::HashMismatch, "got another");
        let json = serde_json::to_value(&problem).unwrap();
        assert_eq!(json["type"], "urn:mira:problem:hash-mismatch");
        assert_eq!(json["status"], 422);
        assert_eq!(serde_json::from_value::<Problem>(json).unwrap(), problem);
    }
}
