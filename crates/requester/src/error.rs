//! Why a requester's call failed, with a stable kind for programs and a sentence for people.

use mira_chain::{account::AccountError, rpc::RpcError, send::SendError, token::TokenError};
use mira_wire::{client::ApiError, spec::SpecError};

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The API refused or could not be reached.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The cluster could not be read.
    #[error(transparent)]
    Rpc(#[from] RpcError),
    /// The chain refused a transaction, or it did not land.
    #[error("{what}: {reason}")]
    Send {
        /// What the transaction was for.
        what: &'static str,
        /// Why.
        reason: SendError,
    },
    /// An account is not what it should be.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// A token account is not what it should be.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The job's specification is not valid.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// RPC, network record and API do not belong together.
    #[error("{0}")]
    WrongNetwork(String),
    /// A submission that would be refused; nothing was sent.
    #[error("{message}")]
    Invalid {
        /// Which rule, kebab-case; it does not change.
        kind: &'static str,
        /// What is wrong and what to give instead.
        message: String,
    },
    /// There is no such job, or it is closed.
    #[error("there is no open job at {0}; check the address")]
    NoJob(String),
    /// What the chain holds breaks a rule of the protocol.
    #[error("{0}: do not go on; report this")]
    Corrupt(String),
    /// Something that should have happened did not, in the time given.
    #[error("{0}")]
    Timeout(String),
}

impl Error {
    /// A stable name of the kind of failure.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Api(error) => error.kind().map_or("api", |kind| kind.slug()),
            Self::Rpc(_) => "rpc",
            Self::Send { reason, .. } => reason.refusal().map_or("send", |refusal| refusal.name()),
            Self::Account(_) | Self::Token(_) => "account",
            Self::Spec(_) => "bad-spec",
            Self::WrongNetwork(_) => "wrong-network",
            Self::Invalid { kind, .. } => kind,
            Self::NoJob(_) => "no-job",
            Self::Corrupt(_) => "corrupt",
            Self::Timeout(_) => "timeout",
        }
    }

    pub(crate) fn invalid(kind: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { kind, message: message.into() }
    }

    pub(crate) fn corrupt(error: impl std::fmt::Display) -> Self {
        Self::Corrupt(error.to_string())
    }
}
